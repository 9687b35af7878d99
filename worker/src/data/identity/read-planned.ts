import { readFile } from 'node:fs/promises';
import { toDistillError } from '@distillation/api/errors';
import { errno, whyNotOpened } from '../files.ts';
import { fileName } from '../folders/listing.ts';
import { encodeName, shownName } from '../folders/names.ts';
import { unreadable } from '../images/decode.ts';
import type { FilePart } from '../types.ts';
import { changed, NOT_AS_PLANNED } from './changed.ts';
import { digestOf } from './samples.ts';
import { sha256 } from '@distillation/ledger/envelope';

/** Reads one image file and checks that it is the one that was planned. */

async function readWhole(path: Buffer): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (thrown) {
    // NFS reports this for a file that was replaced between being opened and being read.
    if (errno(thrown) === 'ESTALE') return readFile(path);
    throw thrown;
  }
}

/**
 * The bytes of an image file.
 * @throws DistillError DISTILL_E_DATASET_CHANGED when it differs from what was planned, DISTILL_E_DATASET_UNREADABLE_IMAGES when it
 * could not be opened then either (or there is no plan), DISTILL_E_VOLUME_IO
 */
export async function readPlanned(part: FilePart, position: number): Promise<Uint8Array> {
  const path = encodeName(`${part.root}/${fileName(part, position)}`);
  const name = shownName(fileName(part, position));
  const before = digestOf(part, position);
  let bytes: Uint8Array;
  try {
    bytes = await readWhole(path);
  } catch (thrown) {
    const why = await whyNotOpened(thrown, path);
    if (why === undefined) throw toDistillError(thrown);
    if (before !== undefined) throw changed(`${name} was read when the job was planned, but now ${why}.`, name, thrown);
    throw unreadable(name, why, thrown);
  }
  if (part.digests === undefined) return bytes;
  if (before === undefined)
    throw changed(`${name} could not be opened when the job was planned, but now it can.`, name);
  if (sha256(bytes) !== Buffer.from(before).toString('hex')) {
    throw changed(`${name} ${NOT_AS_PLANNED}.`, name);
  }
  return bytes;
}
