import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from './envelope.ts';
import { errnoOf, type FileLayer } from './file-layer.ts';

/**
 * Waiting for a volume that fails for a while. A job that ended at once would be tried again a few times within two minutes, and an outage
 * of a storage server or a fail-over takes longer; meanwhile what is in memory stays.
 */

const OUTAGE_MS = 10 * 60_000;
/** Somebody has to free space: until then others need the GPU more. */
const FULL_MS = 30_000;

/** For how long an operation that failed for this cause is tried again. All else will not pass: names, kinds of files, defects. */
const LIMITS: Readonly<Record<string, number>> = {
  // Made read-only by the kernel after an error, or by a fail-over; rights that expired or a root that is squashed meanwhile.
  EROFS: OUTAGE_MS,
  EACCES: OUTAGE_MS,
  EPERM: OUTAGE_MS,
  // The storage or the way to it.
  EIO: OUTAGE_MS,
  EREMOTEIO: OUTAGE_MS,
  ESTALE: OUTAGE_MS,
  ETIMEDOUT: OUTAGE_MS,
  ENOTCONN: OUTAGE_MS,
  ECONNREFUSED: OUTAGE_MS,
  ECONNRESET: OUTAGE_MS,
  ECONNABORTED: OUTAGE_MS,
  EHOSTDOWN: OUTAGE_MS,
  EHOSTUNREACH: OUTAGE_MS,
  ENETDOWN: OUTAGE_MS,
  ENETUNREACH: OUTAGE_MS,
  ESHUTDOWN: OUTAGE_MS,
  ENODEV: OUTAGE_MS,
  ENXIO: OUTAGE_MS,
  ENOMEDIUM: OUTAGE_MS,
  ENOLCK: OUTAGE_MS,
  EBUSY: OUTAGE_MS,
  EAGAIN: OUTAGE_MS,
  // The folder of the job is gone, as when the volume is unmounted: see `patientLayer`.
  ENOENT: OUTAGE_MS,
  ENOSPC: FULL_MS,
  EDQUOT: FULL_MS,
};

export interface Patience {
  readonly log: Log;
  /** The process waits and does not hang: called while waiting. */
  readonly alive?: () => void;
  /** Whether to wait no longer: the process is told to stop. */
  readonly stopped?: () => boolean;
  /** Whether a failure is one that may pass, besides what its cause says. */
  readonly passes?: (error: unknown) => boolean;
  /** For tests. */
  readonly time?: { readonly now: () => number; readonly pause: (ms: number) => Promise<void> };
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** Failures that were waited for already: who is about them does not wait once more. */
const waitedFor = new WeakSet<Error>();
const isWaitedFor = (error: Error): boolean =>
  waitedFor.has(error) || (error.cause instanceof Error && waitedFor.has(error.cause));

/** For how long a failure is worth waiting for; 0 for one that will not pass. */
function limitOf(error: unknown): number {
  return error instanceof Error && !isWaitedFor(error) ? (LIMITS[errnoOf(error) ?? ''] ?? 0) : 0;
}

/** An operation, tried again with growing pauses as long as its failure may pass. What it fails with at last is thrown. */
export function patientAttempt(patience: Patience): <T>(operation: () => Promise<T>) => Promise<T> {
  const { log, time = { now: () => performance.now(), pause: delay } } = patience;
  const wait = async (ms: number): Promise<void> => {
    const until = time.now() + ms;
    while (time.now() < until && patience.stopped?.() !== true) {
      patience.alive?.();
      await time.pause(Math.min(FIRST_PAUSE_MS, until - time.now()));
    }
  };
  return async (operation) => {
    const began = time.now();
    let told = false;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        const result = await operation();
        if (told) log('the volume is back: the work goes on');
        return result;
      } catch (error) {
        const limit = patience.passes?.(error) === false ? 0 : limitOf(error);
        if (!(error instanceof Error) || limit === 0 || patience.stopped?.() === true) throw error;
        if (time.now() + pause - began > limit) {
          waitedFor.add(error);
          throw error;
        }
        if (!told) log(`the volume fails, and is tried again for ${Math.round(limit / 1000)} s: ${error.message}`);
        told = true;
        await wait(pause);
      }
    }
  };
}

/**
 * A layer that waits for a volume that was usable before. Operations that may be done twice are done again; those that make a file are
 * parts of a whole that is done again (`attempt`), since what was written before a failure, and whether it was, nobody knows.
 * @param folder the job's folder: when it is gone, the volume is, and no folder may be made where it was mounted
 */
export function patientLayer(layer: FileLayer, folder: string, patience: Patience): FileLayer {
  const attempt = patientAttempt(patience);
  return {
    ...layer,
    attempt,
    overwrite: (path, bytes) => attempt(() => layer.overwrite(path, bytes)),
    readFile: (path) => attempt(() => layer.readFile(path)),
    unlink: (path) => attempt(() => layer.unlink(path)),
    readdir: (path) => attempt(() => layer.readdir(path)),
    stat: (path) => attempt(() => layer.stat(path)),
    mkdir: async (path) => {
      if ((await layer.stat(folder)) !== undefined) return layer.mkdir(path);
      throw Object.assign(new Error(`ENOENT: ${folder} is gone: is the volume still mounted?`), {
        code: 'ENOENT',
        path: folder,
      });
    },
  };
}
