import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { withFile } from './files.ts';

/** Identity of a data set without reading all of it. */

const EDGE = 4096;
const IN_FLIGHT = 16;

/** A file's size, first and last bytes. */
export interface FileEdges {
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

/**
 * SHA-256 over the names and sizes of all files and over the first and last 4 KiB of each, in the order given.
 *
 * @param inspect called for every file, in order; for checks that come free with the reading
 */
export async function fingerprint(
  folder: string,
  names: Iterable<string>,
  inspect: (file: FileEdges) => void = () => undefined,
): Promise<string> {
  const hash = createHash('sha256');
  let group: Promise<FileEdges>[] = [];
  const drain = async (): Promise<void> => {
    for (const file of await Promise.all(group)) {
      hash.update(`${file.name}\0${file.size}\0`).update(file.head).update(file.tail);
      inspect(file);
    }
    group = [];
  };
  for (const name of names) {
    group.push(readEdges(folder, name));
    if (group.length === IN_FLIGHT) await drain();
  }
  await drain();
  return hash.digest('hex');
}
