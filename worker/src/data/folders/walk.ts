import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { datasetError, errno, folderError } from '../files.ts';
import { isHidden, isImageName } from '../images/kinds.ts';
import type { LeftOutTally } from './left-out.ts';
import { compareNames, decodeName, encodeName } from './names.ts';

/** Lists folders: links are followed, since volumes often consist of them, and any name is accepted. */

/** A folder to be listed. */
export interface Place {
  /** For messages: path relative to the data folder, ending in a slash; empty for the data folder itself. */
  readonly prefix: string;
  readonly path: string;
  /** Real paths of this folder and of those that led here: following a link to one of them would never end. */
  readonly realPaths: readonly string[];
}

export interface Contents {
  /** Names of files, and of entries such as links that are not known to be folders; sorted. */
  readonly files: readonly string[];
  /** Sub-folders, sorted by name. */
  readonly folders: readonly Place[];
}

/** The data folder. @throws DistillError DISTILL_E_DATASET_MISSING */
export async function rootPlace(path: string): Promise<Place> {
  try {
    return { prefix: '', path, realPaths: [decodeName(await realpath(encodeName(path), 'buffer'))] };
  } catch (thrown) {
    throw await folderError(thrown, path);
  }
}

export const nameOf = ({ prefix }: Place): string => prefix.slice(prefix.lastIndexOf('/', prefix.length - 2) + 1, -1);

/** Everything in a folder except hidden entries, which are counted. @throws DistillError DISTILL_E_DATASET_MISSING */
export async function listFolder(place: Place, tally: LeftOutTally): Promise<Contents> {
  const files: string[] = [];
  const folders: Place[] = [];
  for (const entry of await entries(place)) {
    const name = decodeName(entry.name);
    const path = place.prefix + name;
    if (isHidden(name)) tally.add('Hidden', path);
    else if (entry.isDirectory()) folders.push(subfolder(place, name));
    else if (entry.isFile()) files.push(name);
    else if (!entry.isSymbolicLink()) tally.add('Special', path);
    // Folders with a million links to images are common, so a link that is named like an image is not resolved.
    else if (isImageName(name)) files.push(name);
    else {
      const target = await linkedFolder(place, name);
      if (target === undefined) files.push(name);
      else if (target === 'Loop') tally.add('LinkLoop', path);
      else folders.push(target);
    }
  }
  folders.sort((a, b) => compareNames(nameOf(a), nameOf(b)));
  return { files: files.sort(compareNames), folders };
}

async function entries({ path }: Place): Promise<Dirent<Buffer>[]> {
  try {
    return await readdir(encodeName(path), { withFileTypes: true, encoding: 'buffer' });
  } catch (thrown) {
    throw datasetError(thrown, path);
  }
}

function subfolder({ prefix, path, realPaths }: Place, name: string): Place {
  const real = `${realPaths.at(-1) ?? ''}/${name}`;
  return { prefix: `${prefix}${name}/`, path: join(path, name), realPaths: [...realPaths, real] };
}

/** The folder that a link points to; undefined when it does not point to one. */
async function linkedFolder(place: Place, name: string): Promise<Place | 'Loop' | undefined> {
  const made = subfolder(place, name);
  const link = encodeName(made.path);
  const status = await stat(link).catch(() => undefined);
  if (status?.isDirectory() !== true) return undefined;
  const real = decodeName(await realpath(link, 'buffer'));
  const inside = real === '/' ? '/' : `${real}/`;
  const loops = place.realPaths.some((at) => at === real || at.startsWith(inside));
  return loops ? 'Loop' : { ...made, realPaths: [...place.realPaths, real] };
}

/** A folder's files, under the names that `listFolder` returns. */
interface FilesOfPlace {
  readonly place: Place;
  readonly files: readonly string[];
}

/** A folder and all folders below it, in the order in which Keras reads them: by path. @throws DistillError DISTILL_E_DATASET_MISSING */
export async function walk(place: Place, tally: LeftOutTally): Promise<FilesOfPlace[]> {
  const found: FilesOfPlace[] = [];
  const visit = async (at: Place): Promise<void> => {
    const { files, folders } = await listFolder(at, tally);
    found.push({ place: at, files });
    for (const folder of folders) await visit(folder);
  };
  await visit(place);
  return found.sort((a, b) => compareNames(a.place.prefix.slice(0, -1), b.place.prefix.slice(0, -1)));
}

/** Counts the files in a folder that is not read and in all below it; folders that cannot be opened are counted separately. */
export async function countFiles(place: Place, tally: LeftOutTally): Promise<number> {
  try {
    const { files, folders } = await listFolder(place, tally);
    let count = files.length;
    for (const folder of folders) count += await countFiles(folder, tally);
    return count;
  } catch (thrown) {
    const code = thrown instanceof Error ? errno(thrown.cause) : undefined;
    if (code !== 'EACCES' && code !== 'EPERM') throw thrown;
    tally.add('Unopened', place.prefix);
    return 0;
  }
}
