import { type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { datasetError } from './files.ts';
import { sharedBytes, sharedIndices, sharedLabels } from './shared.ts';
import type { FilePart } from './types.ts';

/** Compact listing of image folders: a million names cost about 40 MB, in one block shared with the loader threads. */

const IMAGE = /\.(jpe?g|png)$/i;

async function entries(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (thrown) {
    throw datasetError(thrown, folder);
  }
}

async function isFolder(parent: string, entry: Dirent): Promise<boolean> {
  // Volumes are often made of links.
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return (await stat(join(parent, entry.name)).catch(() => undefined))?.isDirectory() ?? false;
}

/** Names of the sub-folders in code unit order, hidden ones left out. @throws DistillError DISTILL_E_DATASET_MISSING */
export async function listFolders(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await entries(folder)) {
    if (!entry.name.startsWith('.') && (await isFolder(folder, entry))) names.push(entry.name);
  }
  return names.sort();
}

/** Names of the JPEG and PNG files in code unit order. @throws DistillError DISTILL_E_DATASET_MISSING */
export async function listImages(folder: string): Promise<string[]> {
  const found = await entries(folder);
  return found
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.') && IMAGE.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}

/** The first of these names that is a folder in `parent`. */
export async function firstFolder(parent: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const found = await stat(join(parent, name)).catch(() => undefined);
    if (found?.isDirectory()) return name;
  }
  return undefined;
}

/** Images of one class, or of none: paths are `prefix` + name. */
export interface ImageGroup {
  readonly prefix: string;
  readonly names: readonly string[];
  readonly label: number;
}

/**
 * Packs groups into a part. Samples take turns among the groups (first of each, second of each, ...), so that the first n of a
 * limit hold all classes alike.
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
  const names = sharedBytes(paths.reduce((sum, path) => sum + Buffer.byteLength(path), 0));
  const block = Buffer.from(names.buffer);
  const offsets = sharedIndices({ length: paths.length + 1 });
  let at = 0;
  paths.forEach((path, index) => {
    offsets[index] = at;
    at += block.write(path, at);
  });
  offsets[paths.length] = at;
  return { kind: 'files', root, names, offsets, ...(labelled ? { labels: sharedLabels(labels) } : {}) };
}

/** Path of a sample relative to the part's root. */
export function fileName(part: FilePart, position: number): string {
  const { names, offsets } = part;
  return Buffer.from(
    names.buffer,
    offsets[position],
    (offsets[position + 1] ?? 0) - (offsets[position] ?? 0),
  ).toString();
}

/** All paths of the parts in their order, without holding them. */
export function* fileNames(parts: readonly (FilePart | undefined)[]): Generator<string> {
  for (const part of parts) {
    if (part === undefined) continue;
    for (let position = 0; position + 1 < part.offsets.length; position++) yield fileName(part, position);
  }
}
