import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { knownHashes } from '@distillation/api/layout';
import { toDistillError } from '@distillation/api/errors';
import { writeAtomic } from '@distillation/ledger/atomic';
import type { FileLayer } from '@distillation/ledger/file-layer';
import { decodeName, encodeName } from '../folders/names.ts';
import type { KnownHashes, Stamp } from './hash-file.ts';
import { DIGEST_BYTES } from './samples.ts';
import { sha256 } from '@distillation/ledger/envelope';

/**
 * Hashes of a data folder's files, kept at the root of the volume for the next plan and the next job, so that a large data set is
 * read whole only once. A million files take about 100 MB, on disk and in memory. A damaged store costs only time.
 */

/** Digest, then size, modification time, change time and inode, 64 bits each. */
const ROW = DIGEST_BYTES + 32;
const MAGIC = Buffer.from('distillation hashes 1\n');
/** Length of a name, in 16 bits. */
const LENGTH = 2;

export interface HashStore extends KnownHashes {
  /** Writes new hashes. A volume that refuses them does not fail the plan. */
  save(): Promise<void>;
}

interface HashStoreOptions {
  readonly files: FileLayer;
  /** Root of the volume for working files; the volume of the data may be mounted read-only. */
  readonly volume: string;
  /** The data folder. */
  readonly folder: string;
  readonly log: (line: string) => void;
}

/** Opens the hashes of a data folder; empty when there is no intact file of them. */
export async function openHashStore({ files, volume, folder, log }: HashStoreOptions): Promise<HashStore> {
  const path = join(volume, knownHashes(sha256(encodeName(folder)).slice(0, 32)));
  const table = new HashTable();
  const bytes = await files.readFile(path);
  if (bytes !== undefined && !table.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))) {
    log(`${path} is damaged: the data are read anew to hash them`);
  }
  let saved = table.changes;
  return {
    get: (name, stamp) => table.get(name, stamp),
    put: (name, stamp, digest) => {
      table.put(name, stamp, digest);
    },
    async save() {
      if (table.changes === saved) return;
      saved = table.changes;
      try {
        await writeAtomic(files, path, { bytes: table.bytes(), writer: 'hashes', durable: false });
      } catch (error) {
        log(`the hashes of the data could not be kept for the next plan: ${toDistillError(error).message}`);
      }
    },
  };
}

/** The hashes in memory. */
class HashTable {
  readonly #index = new Map<string, number>();
  #rows: Buffer = Buffer.alloc(ROW * 256);
  #changes = 0;

  get changes(): number {
    return this.#changes;
  }

  get(name: string, stamp: Stamp): Uint8Array | undefined {
    const row = this.#row(name);
    if (row?.subarray(DIGEST_BYTES).equals(stampBytes(stamp)) !== true) return undefined;
    return row.subarray(0, DIGEST_BYTES);
  }

  put(name: string, stamp: Stamp, digest: Uint8Array): void {
    this.#set(name, Buffer.concat([digest, stampBytes(stamp)]));
    this.#changes++;
  }

  #row(name: string): Buffer | undefined {
    const index = this.#index.get(name);
    return index === undefined ? undefined : this.#rows.subarray(index * ROW, (index + 1) * ROW);
  }

  #set(name: string, row: Buffer): void {
    const index = this.#index.get(name) ?? this.#index.size;
    this.#index.set(name, index);
    if ((index + 1) * ROW > this.#rows.length) {
      this.#rows = Buffer.concat([this.#rows, Buffer.alloc(this.#rows.length)]);
    }
    row.copy(this.#rows, index * ROW);
  }

  bytes(): Buffer {
    const parts: Buffer[] = [MAGIC];
    for (const [name, index] of this.#index) {
      const bytes = encodeName(name);
      const length = Buffer.alloc(LENGTH);
      length.writeUInt16LE(bytes.length);
      parts.push(length, bytes, this.#rows.subarray(index * ROW, (index + 1) * ROW));
    }
    const body = Buffer.concat(parts);
    return Buffer.concat([body, createHash('sha256').update(body).digest()]);
  }

  /** Fills the table; returns false when the bytes are incomplete. */
  read(bytes: Buffer): boolean {
    const body = bytes.subarray(0, -DIGEST_BYTES);
    const whole = createHash('sha256').update(body).digest().equals(bytes.subarray(body.length));
    if (!whole || !body.subarray(0, MAGIC.length).equals(MAGIC)) return false;
    for (let at = MAGIC.length; at < body.length;) {
      const end = at + LENGTH + body.readUInt16LE(at);
      this.#set(decodeName(body.subarray(at + LENGTH, end)), body.subarray(end, end + ROW));
      at = end + ROW;
    }
    return true;
  }
}

function stampBytes({ size, modified, changed, inode }: Stamp): Buffer {
  const bytes = Buffer.alloc(ROW - DIGEST_BYTES);
  [size, modified, changed, inode].forEach((value, index) =>
    bytes.writeBigInt64LE(BigInt.asIntN(64, value), index * 8),
  );
  return bytes;
}
