import { plural } from '../numbers/format.ts';
import type { DatasetSummary, LeftOut } from './plan.ts';

/** Descriptions of how a data set is read and what in its folder is not; the same in the terminal, the logs and the report. */

function examples({ count: all, examples: named }: LeftOut): string {
  if (named.length === 0) return '';
  return ` (${named.join(', ')}${named.length < all ? ', ...' : ''})`;
}

/** "12 .heic files: ...", a phrase without a full stop. */
export function leftOutText(left: LeftOut): string {
  const { kind, what = '', count: n } = left;
  const ending = what === '' ? 'without an ending' : what;
  const files =
    what === '' ? plural(n, `file ${ending}`, `files ${ending}`) : plural(n, `${what} file`, `${what} files`);
  switch (kind) {
    case 'Format':
      return `${files}: pictures of a format that is not read; convert them to PNG or JPEG${examples(left)}`;
    case 'Archive':
      return `${files}: unpack what is to be read${examples(left)}`;
    case 'OtherFile':
      return `${files}${examples(left)}`;
    case 'NoSplit':
      return `the folder ${what}/ with ${plural(n, 'file', 'files')}: what is read is one each of train/ (or training/), validation/ (or val/, valid/, dev/) and test/ (or testing/)`;
    case 'Folder':
      return `the folder ${what}/ with ${plural(n, 'file', 'files')}`;
    case 'Beside':
      return `${plural(n, 'picture', 'pictures')} beside the folders that are read${examples(left)}`;
    case 'Hidden':
      return `${plural(n, 'hidden or system file', 'hidden or system files')}${examples(left)}`;
    case 'LinkLoop':
      return `${plural(n, 'link', 'links')} back to a folder that holds the link${examples(left)}`;
    case 'Special':
      return `${plural(n, 'socket, pipe or device', 'sockets, pipes or devices')}${examples(left)}`;
    case 'Unopened':
      return `${plural(n, 'folder', 'folders')} that may not be opened${examples(left)}`;
  }
}

/** Where the splits are read from: "training from train/, validation held out of train/". Undefined where file names are fixed. */
export function placesText({ folders, nested = 0, validation: held }: DatasetSummary): string | undefined {
  if (folders === undefined) return undefined;
  const { train, validation, test } = folders;
  return [
    `training from ${train}/`,
    ...(validation === undefined
      ? held === 0
        ? []
        : [`validation held out of ${train}/`]
      : [`validation from ${validation}/`]),
    ...(test === undefined ? [] : [`test from ${test}/`]),
    ...(nested === 0 ? [] : [`${plural(nested, 'image', 'images')} of these in sub-folders`]),
  ].join(', ');
}
