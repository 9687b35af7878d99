import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { LAYOUT } from '@distillation/api/layout';
import { count, object, type Of, optional, word } from '@distillation/api/shape';
import { readerOf, valueOf } from '@distillation/api/reading';
import { createExclusive } from '../files/atomic.ts';
import { decodeEnvelope, encodeEnvelope, readBody, sha256 } from '../files/envelope.ts';
import { ensureFolder, type FileLayer, nodeFileLayer, withVolumeErrors } from '../files/file-layer.ts';
import { judgeProcess, ownProcess, processIdentity } from './process-identity.ts';

/**
 * Claims on blocks, made of files alone (docs/adr/0003-volume-ledger.md). Claim N of a block is the file N, made by link(2): one
 * maker wins. A higher number takes over. Claims save double work; that results stay right without them, every writer of an
 * epoch writing the same bytes, is what lets a holder be judged dead by mere silence.
 */

/** One life of a worker process. */
export type Holder = Of<typeof holderShape>;
export const holderShape = object({
  bin: count,
  /** Number of this life of the bin: of two the higher is the later. */
  life: count,
  /** Unique to the process. */
  incarnation: word,
  /** Machine or pod, for people. */
  host: word,
  /** For others in the same process table, who need not wait for a lease to know that it is dead. */
  process: optional(processIdentity),
});

const readHolder = readerOf(holderShape);

/** The right to train a block until a higher token is made. */
export interface Claim {
  readonly block: string;
  /** Fencing token: grows with every claim on the block. */
  readonly token: number;
  readonly holder: Holder;
}

export interface ClaimsOptions {
  /** The job's folder, as of the ledger. */
  readonly folder: string;
  readonly bin: number;
  /** Silence after which a holder counts as dead, milliseconds; renew at least five times as often. */
  readonly leaseMs?: number;
  /** Monotonic milliseconds. */
  readonly clock?: () => number;
  readonly layer?: FileLayer;
}

export const DEFAULT_LEASE_MS = 30_000;

const NUMBERED = /^(\d+)\.json$/;

/** The highest number of the files `N.json`, 0 if none. */
function highest(names: readonly string[]): number {
  return names.reduce((top, name) => Math.max(top, Number(NUMBERED.exec(name)?.[1] ?? 0)), 0);
}

/** Begins a life of the bin: takes the next number. */
export async function openClaims(options: ClaimsOptions): Promise<Claims> {
  const { folder, bin, layer = nodeFileLayer } = options;
  const files = withVolumeErrors(layer);
  const incarnation = randomUUID();
  const self = ownProcess();
  for (;;) {
    const lives = await files.readdir(join(folder, LAYOUT.holderFolder(bin)));
    const holder = {
      bin,
      life: highest(lives.map(({ name }) => name)) + 1,
      incarnation,
      host: hostname(),
      ...(self !== undefined && { process: self }),
    };
    const path = join(folder, LAYOUT.holder(bin, holder.life));
    if (await createExclusive(files, path, { bytes: encodeEnvelope(holder), writer: `bin-${bin}` })) {
      return new Claims(holder, files, options);
    }
  }
}

/** The claims of a life that began elsewhere in this process: the same life in another thread. */
export function livesOn(holder: Holder, folder: string): Claims {
  return new Claims(holder, withVolumeErrors(nodeFileLayer), { folder, bin: holder.bin });
}

/** The claims of one worker and its view of those of others. */
export class Claims {
  readonly holder: Holder;
  readonly files: FileLayer;
  readonly folder: string;
  readonly leaseMs: number;
  readonly #clock: () => number;
  /** What was last seen of a holder, by claim, and since when unchanged, by the own clock. */
  readonly #seen = new Map<string, { readonly print: string; readonly since: number }>();
  #beats = 0;

  constructor(holder: Holder, files: FileLayer, { folder, leaseMs = DEFAULT_LEASE_MS, clock }: ClaimsOptions) {
    this.holder = holder;
    this.files = files;
    this.folder = folder;
    this.leaseMs = leaseMs;
    this.#clock = clock ?? (() => performance.now());
  }

  /**
   * Claims the block, or returns the claim already held; undefined when another holds it. Call it again from time to time: a holder is
   * judged dead only after the lease has passed between two looks with no change. Read the block's history after, not before.
   */
  async tryClaim(block: string): Promise<Claim | undefined> {
    const token = await this.#top(block);
    if (token > 0) {
      const holder = await this.#holderOf(block, token);
      const released = (await this.files.stat(this.#path(LAYOUT.claimReleased(block, token)))) !== undefined;
      if (!released && holder?.incarnation === this.holder.incarnation) return { block, token, holder };
      if (!released && !(await this.#isLost({ block, token, holder }))) return undefined;
    }
    return this.#make(block, token + 1);
  }

  /**
   * Takes the block from whoever holds it, dead or alive; undefined when another was quicker. For a holder that the schedule in
   * force does not know: it notices at its next epoch, and what it commits until then are the same bytes.
   */
  async takeOver(block: string): Promise<Claim | undefined> {
    return this.#make(block, (await this.#top(block)) + 1);
  }

  /** Whether the claim still counts: look before each epoch and each commit, and drop the block without harm if not. */
  async stillHeld({ block, token }: Claim): Promise<boolean> {
    if ((await this.#top(block)) !== token) return false;
    if ((await this.files.stat(this.#path(LAYOUT.claimReleased(block, token)))) !== undefined) return false;
    // The folder may have been deleted, and the number given anew.
    return (await this.#holderOf(block, token))?.incarnation === this.holder.incarnation;
  }

  /** Who holds the block, as far as the files tell; undefined when nobody does. */
  async holderOf(block: string): Promise<Holder | undefined> {
    const token = await this.#top(block);
    if (token === 0) return undefined;
    if ((await this.files.stat(this.#path(LAYOUT.claimReleased(block, token)))) !== undefined) return undefined;
    return this.#holderOf(block, token);
  }

  /** Gives the block back; it is anyone's at once. */
  async release({ block, token }: Claim): Promise<void> {
    await this.#mark(LAYOUT.claimReleased(block, token));
  }

  /** Shows all others that this process lives; covers every claim it holds. */
  async renew(): Promise<void> {
    this.#beats += 1;
    const bytes = encodeEnvelope({ ...this.holder, beats: this.#beats });
    const path = this.#path(LAYOUT.holder(this.holder.bin, this.holder.life));
    // Somebody may have taken the folder away: who is silent counts as dead.
    await ensureFolder(this.files, dirname(path));
    await this.files.overwrite(path, bytes);
  }

  /** Ends this life: whatever it still holds is anyone's at once. */
  async leave(): Promise<void> {
    await this.#mark(LAYOUT.holderLeft(this.holder.bin, this.holder.life));
  }

  /** Whether this life of a bin has ended: it left, or a later one has begun. */
  async hasEnded({ bin, life }: Holder): Promise<boolean> {
    const lives = await this.files.readdir(this.#path(LAYOUT.holderFolder(bin)));
    if (highest(lives.map(({ name }) => name)) > life) return true;
    return (await this.files.stat(this.#path(LAYOUT.holderLeft(bin, life)))) !== undefined;
  }

  #path(name: string): string {
    return join(this.folder, name);
  }

  async #mark(name: string): Promise<void> {
    await createExclusive(this.files, this.#path(name), { bytes: new Uint8Array(), writer: `bin-${this.holder.bin}` });
  }

  async #top(block: string): Promise<number> {
    const entries = await this.files.readdir(this.#path(LAYOUT.claimFolder(block)));
    return highest(entries.map(({ name }) => name));
  }

  /** Undefined when the claim's file is cut: its maker died making it on a volume without hard links, or is about to finish it. */
  #holderOf(block: string, token: number): Promise<Holder | undefined> {
    return readBody(this.files, this.#path(LAYOUT.claim(block, token)), readHolder);
  }

  async #make(block: string, token: number): Promise<Claim | undefined> {
    const path = this.#path(LAYOUT.claim(block, token));
    const made = await createExclusive(this.files, path, {
      bytes: encodeEnvelope(this.holder),
      writer: `bin-${this.holder.bin}`,
    });
    return made ? { block, token, holder: this.holder } : undefined;
  }

  /** Whether the claim's holder is gone: known to have ended, or unchanged for the lease as this process has seen it. */
  async #isLost({
    block,
    token,
    holder,
  }: {
    block: string;
    token: number;
    holder: Holder | undefined;
  }): Promise<boolean> {
    if (holder !== undefined && (isDead(holder) || (await this.hasEnded(holder)))) return true;
    const beat = holder && (await this.files.readFile(this.#path(LAYOUT.holder(holder.bin, holder.life))));
    // Only where the holders' folder was deleted between two runs is this the file of another.
    const living = beat && valueOf(readHolder(decodeEnvelope(beat)?.body));
    if (living !== undefined && living.incarnation !== holder?.incarnation) return true;
    const print = beat === undefined ? 'absent' : sha256(beat);
    const key = `${token} ${block}`;
    const now = this.#clock();
    const seen = this.#seen.get(key);
    if (seen?.print !== print) {
      this.#seen.set(key, { print, since: now });
      return false;
    }
    return now - seen.since >= this.leaseMs;
  }
}

/** Whether the holder is known to be dead: a process that this one would see if it were there, and that is not. */
function isDead({ process: holder }: Holder): boolean {
  return holder !== undefined && judgeProcess(holder) === 'Dead';
}
