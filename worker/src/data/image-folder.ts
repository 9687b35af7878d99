import { join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import type { FormatReader } from './format.ts';
import { type ImageGroup, fileNames, firstFolder, listFolders, listImages, packListing } from './listing.ts';
import type { FilePart } from './types.ts';

/** `train/CLASS/*.jpg|png`, optionally `validation/` (or `val/`) and `test/` with the same classes, as Keras and torchvision read them. */

async function listSplit(folder: string, split: string, classNames: readonly string[]): Promise<ImageGroup[]> {
  const found = await listFolders(join(folder, split));
  const unknown = found.find((name) => !classNames.includes(name));
  if (unknown !== undefined) {
    throw new DistillError('DISTILL_E_DATASET_CLASSES', `${split}/${unknown} is a class that train/ does not have.`, {
      subject: `${split}/${unknown}`,
    });
  }
  const groups: ImageGroup[] = [];
  for (const name of found) {
    const prefix = `${split}/${name}/`;
    const names = await listImages(join(folder, prefix));
    if (names.length === 0 && split === 'train') {
      throw new DistillError('DISTILL_E_DATASET_EMPTY', `Class folder ${prefix} holds no .jpg, .jpeg or .png file.`, {
        subject: prefix,
      });
    }
    groups.push({ prefix, names, label: classNames.indexOf(name) });
  }
  return groups;
}

export const readImageFolder: FormatReader = async (folder, { labelled }) => {
  const classNames = await listFolders(join(folder, 'train'));
  const pack = async (split: string | undefined): Promise<FilePart | undefined> =>
    split === undefined ? undefined : packListing(folder, await listSplit(folder, split, classNames), labelled);
  const train = packListing(folder, await listSplit(folder, 'train', classNames), labelled);
  const validation = await pack(await firstFolder(folder, ['validation', 'val']));
  const test = await pack(await firstFolder(folder, ['test']));
  return {
    train,
    ...(validation === undefined ? {} : { validation }),
    ...(test === undefined ? {} : { test }),
    classNames: labelled ? classNames : [],
    files: { [Symbol.iterator]: () => fileNames([train, validation, test]) },
    cut: 'EveryNth',
  };
};
