import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { withFile } from '../files.ts';
import { fileName } from '../folders/listing.ts';
import type { FormatData } from '../format.ts';

/** Identity of a data set as versions before the hash of contents defined it; kept so that their jobs can continue. */

const EDGE = 4096;
const IN_FLIGHT = 16;

interface FileEdges {
  readonly name: string;
  readonly size: number;
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

async function readEdges(folder: string, name: string): Promise<FileEdges> {
  return withFile(join(folder, name), async (file) => {
    const { size } = await file.stat();
    const head = new Uint8Array(Math.min(size, EDGE));
    const tail = new Uint8Array(Math.min(size, EDGE));
    await file.read(head, 0, head.length, 0);
    await file.read(tail, 0, tail.length, size - tail.length);
    return { name, size, head, tail };
  });
}

/** All files of the format, in the order of those versions. */
function* allFiles({ train, validation, test, hashes }: FormatData): Generator<string> {
  yield* hashes.keys();
  for (const part of [train, validation, test]) {
    if (part?.kind !== 'files') continue;
    for (let position = 0; position + 1 < part.offsets.length; position++) yield fileName(part, position);
  }
}

/**
 * SHA-256 over the names and sizes of all files and over the first and last 4 KiB of each.
 * @throws DistillError DISTILL_E_DATASET_MISSING for a file that cannot be opened, which no plan of those versions contains.
 */
export async function edgesHash(folder: string, format: FormatData): Promise<string> {
  const hash = createHash('sha256');
  let group: Promise<FileEdges>[] = [];
  const drain = async (): Promise<void> => {
    for (const file of await Promise.all(group)) {
      hash.update(`${file.name}\0${file.size}\0`).update(file.head).update(file.tail);
    }
    group = [];
  };
  for (const name of allFiles(format)) {
    group.push(readEdges(folder, name));
    if (group.length === IN_FLIGHT) await drain();
  }
  await drain();
  return hash.digest('hex');
}
