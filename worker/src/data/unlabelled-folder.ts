import { join } from 'node:path';
import type { FormatReader } from './format.ts';
import { fileNames, firstFolder, listImages, packListing } from './listing.ts';
import { type FilePart, UNLABELLED } from './types.ts';

/** `train/*.jpg|png`, optionally `validation/` (or `val/`) and `test/`; no labels. */
export const readUnlabelledFolder: FormatReader = async (folder) => {
  const pack = async (split: string): Promise<FilePart> => {
    const names = await listImages(join(folder, split));
    return packListing(folder, [{ prefix: `${split}/`, names, label: UNLABELLED }], false);
  };
  const train = await pack('train');
  const own = await firstFolder(folder, ['validation', 'val']);
  const validation = own === undefined ? undefined : await pack(own);
  const test = (await firstFolder(folder, ['test'])) === undefined ? undefined : await pack('test');
  return {
    train,
    ...(validation === undefined ? {} : { validation }),
    ...(test === undefined ? {} : { test }),
    classNames: [],
    files: { [Symbol.iterator]: () => fileNames([train, validation, test]) },
    cut: 'EveryNth',
  };
};
