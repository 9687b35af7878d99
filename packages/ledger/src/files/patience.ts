import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from './envelope.ts';
import { errnoOf, type FileLayer } from './file-layer.ts';

/**
 * Waiting while a volume fails temporarily. If the process ended at once, the job would be retried a few times within two minutes,
 * but an outage of a storage server or a fail-over lasts longer; while the process waits, what it holds in memory is kept.
 */

const OUTAGE_MS = 10 * 60_000;
/** Space has to be freed by a person; until then the GPU is better given to others. */
const FULL_MS = 30_000;

/**
 * How long an operation that failed for this reason is retried, in milliseconds. All other failures are permanent: names, kinds of
 * files, defects.
 */
const LIMITS: Readonly<Record<string, number>> = {
  // The kernel makes a volume read-only after an error, as does a fail-over; permissions may have expired, or root may be squashed.
  EROFS: OUTAGE_MS,
  EACCES: OUTAGE_MS,
  EPERM: OUTAGE_MS,
  // The storage itself, or the connection to it.
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
  // The folder of the job is gone, for example because the volume was unmounted: see `patientLayer`.
  ENOENT: OUTAGE_MS,
  ENOSPC: FULL_MS,
  EDQUOT: FULL_MS,
};

export interface Patience {
  readonly log: Log;
  /** Called while waiting, to show the watchdog that the process is not hanging. */
  readonly alive?: () => void;
  /** Whether to give up waiting because the process should stop. */
  readonly stopped?: () => boolean;
  /** Whether a failure may be temporary, in addition to what its errno says. */
  readonly passes?: (error: unknown) => boolean;
  /** For tests. */
  readonly time?: { readonly now: () => number; readonly pause: (ms: number) => Promise<void> };
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** Failures that have been waited for already, so that an outer operation does not wait for them again. */
const waitedFor = new WeakSet<Error>();
const isWaitedFor = (error: Error): boolean =>
  waitedFor.has(error) || (error.cause instanceof Error && waitedFor.has(error.cause));

/** How long to retry after a failure, in milliseconds; 0 for a permanent one. */
function limitOf(error: unknown): number {
  return error instanceof Error && !isWaitedFor(error) ? (LIMITS[errnoOf(error) ?? ''] ?? 0) : 0;
}

/** An operation that is retried with growing pauses while its failure may be temporary. Throws the last failure. */
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
 * A layer that waits for a volume that was usable before. Operations that can be repeated are retried on their own. Those that
 * create a file are retried as part of a whole (`attempt`), since after a failure nobody knows what has been written.
 * @param folder the job's folder: when it is gone, the volume is, and no folder may be created at the mount point
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
