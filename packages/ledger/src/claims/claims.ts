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
 * Claims on blocks, built on files alone (docs/adr/0003-volume-ledger.md). Claim N of a block is the file N, created by link(2),
 * which only one process can win. A higher number takes over. Claims prevent work from being done twice; results are correct
 * without them, since every writer of an epoch writes the same bytes. That is why silence alone is enough to declare a holder dead.
 */

/** One life of a worker process. */
export type Holder = Of<typeof holderShape>;
export const holderShape = object({
  bin: count,
  /** Number of this life of the bin; the higher of two is the later. */
  life: count,
  /** Unique to the process. */
  incarnation: word,
  /** Name of the machine or pod, for people. */
  host: word,
  /** Lets a process in the same process table see at once that the holder is dead, without waiting for the lease. */
  process: optional(processIdentity),
});

const readHolder = readerOf(holderShape);

/** The right to train a block, until a claim with a higher token exists. */
export interface Claim {
  readonly block: string;
  /** Fencing token: grows with every claim on the block. */
  readonly token: number;
  readonly holder: Holder;
}

interface ClaimsOptions {
  /** The job's folder, the same as the ledger's. */
  readonly folder: string;
  readonly bin: number;
  /** Milliseconds of silence after which a holder counts as dead; renew at least five times as often. */
  readonly leaseMs?: number;
  /** Returns milliseconds of a monotonic clock. */
  readonly clock?: () => number;
  readonly layer?: FileLayer;
}

const DEFAULT_LEASE_MS = 30_000;

const NUMBERED = /^(\d+)\.json$/;

/** The highest N of the files `N.json`; 0 when there is none. */
function highest(names: readonly string[]): number {
  return names.reduce((top, name) => Math.max(top, Number(NUMBERED.exec(name)?.[1] ?? 0)), 0);
}

/** Starts a life of the bin, with the next free number. */
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

/** The claims of a life that was started elsewhere in this process, for use in another thread. */
export function livesOn(holder: Holder, folder: string): Claims {
  return new Claims(holder, withVolumeErrors(nodeFileLayer), { folder, bin: holder.bin });
}

/** The claims of one worker, and what it sees of the claims of others. */
export class Claims {
  readonly holder: Holder;
  readonly files: FileLayer;
  readonly folder: string;
  readonly leaseMs: number;
  readonly #clock: () => number;
  /** What was last seen of each claim's holder, and since when it has not changed, by this process's clock. */
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
   * Claims the block, or returns the claim already held; undefined when another process holds it. Call it again from time to time:
   * a holder is declared dead only when two calls, at least a lease apart, have seen no change. Read the block's history after the
   * claim, not before.
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
   * Takes the block from its holder, dead or alive; undefined when another process was quicker. Meant for a holder that the current
   * schedule does not know: it notices at its next epoch, and what it commits until then are the same bytes.
   */
  async takeOver(block: string): Promise<Claim | undefined> {
    return this.#make(block, (await this.#top(block)) + 1);
  }

  /**
   * Whether the claim is still valid. Check before each epoch and each commit; a block whose claim is lost can be dropped without
   * harm.
   */
  async stillHeld({ block, token }: Claim): Promise<boolean> {
    if ((await this.#top(block)) !== token) return false;
    if ((await this.files.stat(this.#path(LAYOUT.claimReleased(block, token)))) !== undefined) return false;
    // The folder may have been deleted, and the same number given out again.
    return (await this.#holderOf(block, token))?.incarnation === this.holder.incarnation;
  }

  /** Who holds the block, according to the files; undefined when nobody does. */
  async holderOf(block: string): Promise<Holder | undefined> {
    const token = await this.#top(block);
    if (token === 0) return undefined;
    if ((await this.files.stat(this.#path(LAYOUT.claimReleased(block, token)))) !== undefined) return undefined;
    return this.#holderOf(block, token);
  }

  /** Releases the block; any worker may claim it at once. */
  async release({ block, token }: Claim): Promise<void> {
    await this.#mark(LAYOUT.claimReleased(block, token));
  }

  /** Renews every claim that this process holds. */
  async renew(): Promise<void> {
    this.#beats += 1;
    const bytes = encodeEnvelope({ ...this.holder, beats: this.#beats });
    const path = this.#path(LAYOUT.holder(this.holder.bin, this.holder.life));
    // If the folder has been deleted it is made again, since a silent process counts as dead.
    await ensureFolder(this.files, dirname(path));
    await this.files.overwrite(path, bytes);
  }

  /** Ends this life; any worker may claim at once what it still holds. */
  async leave(): Promise<void> {
    await this.#mark(LAYOUT.holderLeft(this.holder.bin, this.holder.life));
  }

  /** Whether this life of a bin has ended: it has left, or a later one has started. */
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

  /**
   * Undefined when the claim's file is incomplete: on a volume without hard links its writer died while writing it, or has not
   * finished yet.
   */
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

  /** Whether the claim's holder is gone: it is known to have ended, or this process has seen no change for a whole lease. */
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
    // The file can belong to another process only if the folder of holders was deleted between two runs.
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

/** Whether the holder is known to be dead: this process could see it if it were alive, and does not. */
function isDead({ process: holder }: Holder): boolean {
  return holder !== undefined && judgeProcess(holder) === 'Dead';
}
