import { sharedBytes, sharedIndices, sharedLabels } from '../shared.ts';
import type { FilePart } from '../types.ts';
import { isImageName } from '../images/kinds.ts';
import type { LeftOutTally } from './left-out.ts';
import { decodeName, encodedLength, writeName } from './names.ts';
import { type Place, walk } from './walk.ts';

/** Compact listing of image folders: a million names cost about 40 MB, in one block shared with the loader threads. */

/** Images of one class, or without labels: paths are `prefix` + name. */
export interface ImageGroup {
  readonly prefix: string;
  readonly names: readonly string[];
  /** How many of them lie in sub-folders. */
  readonly nested: number;
  readonly label: number;
}

/**
 * The images of a folder and of all folders below it, in Keras' order; everything else is counted. @throws DistillError
 * DISTILL_E_DATASET_MISSING
 */
export async function listImages(place: Place, label: number, tally: LeftOutTally): Promise<ImageGroup> {
  const names: string[] = [];
  let nested = 0;
  for (const { place: at, files } of await walk(place, tally)) {
    for (const file of files) {
      if (isImageName(file)) names.push(at.prefix.slice(place.prefix.length) + file);
      else tally.addFile(at.prefix + file);
    }
    if (at === place) nested = names.length;
  }
  return { prefix: place.prefix, names, nested: names.length - nested, label };
}

/**
 * Packs groups into a part. Samples alternate between the groups (first of each, second of each, ...), so that the first n, after a
 * limit, contain all classes equally.
 */
export function packListing(root: string, groups: readonly ImageGroup[], labelled: boolean): FilePart {
  const paths: string[] = [];
  const labels: number[] = [];
  const longest = groups.reduce((most, { names }) => Math.max(most, names.length), 0);
  for (let rank = 0; rank < longest; rank++) {
    for (const { prefix, names, label } of groups) {
      const name = names[rank];
      if (name === undefined) continue;
      paths.push(prefix + name);
      labels.push(label);
    }
  }
  const names = sharedBytes(paths.reduce((sum, path) => sum + encodedLength(path), 0));
  const block = Buffer.from(names.buffer);
  const offsets = sharedIndices({ length: paths.length + 1 });
  let at = 0;
  paths.forEach((path, index) => {
    offsets[index] = at;
    at += writeName(block, path, at);
  });
  offsets[paths.length] = at;
  return { kind: 'files', root, names, offsets, ...(labelled ? { labels: sharedLabels(labels) } : {}) };
}

/** Path of a sample relative to the part's root. */
export function fileName(part: FilePart, position: number): string {
  const { names, offsets } = part;
  // The text decoder does not accept shared memory.
  return decodeName(Buffer.from(names.subarray(offsets[position], offsets[position + 1])));
}
