import { isImageName } from '../images/kinds.ts';
import type { LeftOutTally } from './left-out.ts';
import { countFiles, listFolder, nameOf, rootPlace } from './walk.ts';

/**
 * Counts what lies in the data folder itself and is not read. The split folders are counted when they are listed.
 *
 * @param used names of files and folders that are read
 */
export async function survey(
  folder: string,
  { used, images }: { readonly used: readonly string[]; readonly images: boolean },
  tally: LeftOutTally,
): Promise<void> {
  const read = new Set(used);
  const { files, folders } = await listFolder(await rootPlace(folder), tally);
  for (const name of files) {
    if (read.has(name)) continue;
    if (images && isImageName(name)) tally.add('Beside', name);
    else tally.addFile(name);
  }
  for (const place of folders) {
    const name = nameOf(place);
    if (read.has(name)) continue;
    tally.add(images ? 'NoSplit' : 'Folder', place.prefix, { what: name, count: await countFiles(place, tally) });
  }
}
