import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { DistillError, toDistillError } from '@distillation/api/errors';
import { encodeName, shownName } from '../folders/names.ts';
import { whyNotOpened } from '../files.ts';
import { notAnImage } from '../images/kinds.ts';

/** Hashes one image file, unless its hash is known and the file unchanged. */

/** Metadata that changes whenever a file's content does; times in nanoseconds since 1970. */
export interface Stamp {
  readonly size: bigint;
  readonly modified: bigint;
  /**
   * The inode's change time: it advances when the content changes, when the modification time is reset, or when another file takes
   * this one's place.
   */
  readonly changed: bigint;
  readonly inode: bigint;
}

/** Known hashes of a data folder's files, by their path in it. */
export interface KnownHashes {
  /** Undefined when the file is not known, or has changed. */
  get(name: string, stamp: Stamp): Uint8Array | undefined;
  put(name: string, stamp: Stamp, digest: Uint8Array): void;
}

export interface HashedFile {
  /** SHA-256 of the content, 32 bytes; undefined when the file could not be opened. */
  readonly digest: Uint8Array | undefined;
  /** Why it counts as unreadable, as a phrase after its name. */
  readonly unreadable?: string;
  /** Bytes of the file; 0 for one that could not be opened. */
  readonly size: number;
}

const CHUNK = 1 << 20;
const HEAD = 4096;
/** How often a file that changes while being read is read. */
const ATTEMPTS = 3;
/** File systems have coarse time stamps: a file changed just now may change again under the same one. */
const SETTLED_MS = 2000;

interface RawStamp {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly ino: bigint;
}

const stampOf = ({ size, mtimeNs, ctimeNs, ino }: RawStamp): Stamp => ({
  size,
  modified: mtimeNs,
  changed: ctimeNs,
  inode: ino,
});

const sameStamp = (a: Stamp, b: Stamp): boolean =>
  a.size === b.size && a.modified === b.modified && a.changed === b.changed && a.inode === b.inode;

function isSettled({ modified, changed }: Stamp): boolean {
  const latest = modified > changed ? modified : changed;
  return Date.now() - Number(latest / 1_000_000n) > SETTLED_MS;
}

interface Content {
  readonly digest: Uint8Array;
  readonly head: Uint8Array;
  readonly stamp: Stamp;
}

/** Reads a file in chunks; undefined when it changed during the read. */
async function readContent(path: Buffer): Promise<Content | undefined> {
  const file = await open(path);
  try {
    const before = stampOf(await file.stat({ bigint: true }));
    const hash = createHash('sha256');
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, Number(before.size) + 1));
    let head: Uint8Array | undefined;
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length);
      head ??= Uint8Array.from(chunk.subarray(0, Math.min(HEAD, bytesRead)));
      if (bytesRead === 0) break;
      hash.update(chunk.subarray(0, bytesRead));
    }
    const after = stampOf(await file.stat({ bigint: true }));
    return sameStamp(before, after) ? { digest: hash.digest(), head, stamp: after } : undefined;
  } finally {
    await file.close();
  }
}

async function hashed(path: Buffer, name: string, known: KnownHashes | undefined): Promise<HashedFile> {
  const status = await stat(path, { bigint: true });
  if (!status.isFile()) return { digest: undefined, unreadable: 'is not a file', size: 0 };
  const size = Number(status.size);
  const digest = known?.get(name, stampOf(status));
  if (digest !== undefined) return { digest, size };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const content = await readContent(path);
    if (content === undefined) continue;
    const unreadable = notAnImage(content.head);
    if (unreadable !== undefined) return { digest: content.digest, unreadable, size };
    // Only images are kept, so a known file need not be checked again.
    if (isSettled(content.stamp)) known?.put(name, content.stamp, content.digest);
    return { digest: content.digest, size };
  }
  const shown = shownName(name);
  throw new DistillError('DISTILL_E_DATASET_CHANGED', `${shown} is being written to while it is read.`, {
    subject: shown,
  });
}

/**
 * The hash of an image file.
 *
 * @param name its path in the data folder `root`
 * @throws DistillError DISTILL_E_DATASET_CHANGED for a file that is written to during the read, DISTILL_E_VOLUME_IO
 */
export async function hashFile(root: string, name: string, known: KnownHashes | undefined): Promise<HashedFile> {
  const path = encodeName(`${root}/${name}`);
  try {
    return await hashed(path, name, known);
  } catch (thrown) {
    const unreadable = await whyNotOpened(thrown, path);
    if (unreadable === undefined) throw toDistillError(thrown);
    return { digest: undefined, unreadable, size: 0 };
  }
}
