import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { someOf } from '@distillation/api/format';
import { nearest } from '@distillation/api/suggest';
import { compareNames, shownName } from './folders/names.ts';

/** What may have been meant by a path that leads nowhere. */

/** Most names of files and folders that a message holds. */
export const MAX_NAMES = 6;

/** "In /data there is: a, b, c and 4 more." */
export function listed(folder: string, names: readonly string[]): string {
  if (names.length === 0) return `${folder} is empty.`;
  return `In ${folder} there is: ${someOf(names.toSorted(compareNames).map(shownName), MAX_NAMES)}.`;
}

/** A sentence, with a space before it, about the nearest folder that exists: the path with the name there that is most like the one that is not, or all names. */
export async function nearWords(path: string): Promise<string> {
  let missing = path;
  for (;;) {
    const folder = dirname(missing);
    if (folder === missing) return '';
    const names = await namesIn(folder);
    if (names !== undefined) {
      const meant = nearest(basename(missing), names);
      return ` ${meant === undefined ? listed(folder, names) : `Perhaps ${shownName(join(folder, meant, relative(missing, path)))} is meant.`}`;
    }
    missing = folder;
  }
}

/** Undefined where there is no folder that may be read. */
const namesIn = (folder: string): Promise<string[] | undefined> => readdir(folder).catch(() => undefined);
