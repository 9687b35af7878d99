import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DistillError, toDistillError } from '@distillation/api/errors';
import { type FileRequest, isAnnouncement, isDigest, isFileRequest } from '@distillation/api/transfer';
import { CutShort } from '@distillation/runtime/chunk-reader';
import { answer, asked, type Exchange } from './exchange.ts';
import { hashOf } from './hash.ts';
import { announce, arrived } from './incoming.ts';
import { placeOf } from './place.ts';

/**
 * `files receive`: writes the files that come, each whole or not at all: beside its place, checked by its hash and then renamed. Until all
 * have come they are named as incoming.
 * @throws DistillError DISTILL_E_DISK_FULL, DISTILL_E_VOLUME_NOT_WRITABLE, DISTILL_E_TRANSFER, DISTILL_E_TRANSFER_INTEGRITY, after the
 * answer `Failed` that names the file
 */
export async function receive(exchange: Exchange): Promise<void> {
  const { root } = exchange;
  const announced = await asked(exchange, isAnnouncement);
  const coming = announced?.coming ?? [];
  await reported(exchange, coming[0] ?? '', () => announce(root, coming));
  for (;;) {
    const file = await asked(exchange, isFileRequest);
    if (file === undefined) break;
    const sha256 = await reported(exchange, file.path, () => write(exchange, file));
    await answer(exchange, { type: 'File', path: file.path, size: file.size ?? 0, sha256 });
  }
  await arrived(root, coming);
}

/** A failure is an answer, too: the command line sees no log. */
async function reported<T>(exchange: Exchange, path: string, doing: () => Promise<T>): Promise<T> {
  try {
    return await doing();
  } catch (thrown) {
    const error = inOurWords(thrown, path);
    await answer(exchange, { type: 'Failed', path, code: error.code, message: error.message });
    throw error;
  }
}

function inOurWords(thrown: unknown, path: string): DistillError {
  if (thrown instanceof CutShort) {
    return new DistillError('DISTILL_E_TRANSFER', `${path} was cut off: ${thrown.message}`, { cause: thrown });
  }
  const error = toDistillError(thrown);
  if (error.code !== 'DISTILL_E_INTERNAL') return error;
  return new DistillError('DISTILL_E_TRANSFER', `${path} cannot be written: ${error.message}`, { cause: thrown });
}

/** @returns the hash of the file as it lies on the disk */
async function write({ root, input }: Exchange, { path, size = 0 }: FileRequest): Promise<string> {
  const place = placeOf(root, path);
  await mkdir(dirname(place), { recursive: true });
  // The same name each time, so that copies that were cut off leave one at most. Hidden: no format of a data set reads it.
  const beside = join(dirname(place), `.${basename(place)}.part`);
  const hash = createHash('sha256');
  try {
    const file = await open(beside, 'w');
    try {
      for await (const piece of input.bytes(size)) {
        hash.update(piece);
        await file.writeFile(piece);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    compare(path, hash.digest('hex'), await input.line());
    const written = await hashOf(beside);
    await rename(beside, place);
    return written;
  } catch (thrown) {
    await rm(beside, { force: true });
    throw thrown;
  }
}

function compare(path: string, found: string, line: string | undefined): void {
  const said: unknown = line === undefined ? undefined : JSON.parse(line);
  if (!isDigest(said)) throw new CutShort('its hash did not come');
  if (said.sha256 === found) return;
  throw new DistillError(
    'DISTILL_E_TRANSFER_INTEGRITY',
    `${path} arrived as something else: SHA-256 ${found}, not ${said.sha256}.`,
    { subject: path },
  );
}
