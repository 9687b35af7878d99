import type { WorkerProgress } from '@distillation/api/ledger';
import type { Monitor } from '../serve/monitor.ts';
import type { Claims } from '../volume/claims.ts';
import type { Ledger } from '../volume/ledger.ts';

/** How often a worker says how far it is, and how often it shows that it lives (the lease is six times as long). */
const PROGRESS_MS = 1000;
const HEARTBEAT_MS = 5000;

/**
 * A trainer that does nothing for this long says nothing any more: its claims fall due a lease later, and others go on with its
 * blocks. No step between two batches takes so long but the first on a new GPU, and then nothing is lost but double work.
 */
const SILENT_AFTER_MS = 120_000;

/** Writes progress and heartbeats beside the training loop, as long as the loop gets on. A write that fails is said once and tried again. */
export interface ProgressReporter {
  update(change: Partial<WorkerProgress>): void;
  /** Writes the last state and stops. */
  close(): Promise<void>;
}

interface ProgressOptions {
  readonly ledger: Pick<Ledger, 'writeProgress'>;
  readonly claims: Pick<Claims, 'renew'>;
  readonly monitor: Pick<Monitor, 'silentMs' | 'tell'>;
  readonly log: (line: string) => void;
}

export function startProgress(
  start: WorkerProgress,
  { ledger, claims, monitor, log }: ProgressOptions,
): ProgressReporter {
  let progress = start;
  let failed = false;
  let silent = false;
  let writing: Promise<void> = Promise.resolve();
  const attempt = async (what: string, write: () => Promise<void>): Promise<void> => {
    try {
      await write();
      failed = false;
    } catch (error) {
      if (!failed) log(`${what} could not be written: ${error instanceof Error ? error.message : String(error)}`);
      failed = true;
    }
  };
  const write = (): void => {
    writing = writing.then(() =>
      attempt('progress', () => ledger.writeProgress({ ...progress, updatedAt: Date.now() })),
    );
  };
  /** Whether the loop gets on; says so when that changes. */
  const getsOn = (): boolean => {
    const silence = monitor.silentMs();
    if (silent !== silence > SILENT_AFTER_MS) {
      silent = !silent;
      log(
        silent
          ? `nothing was done for ${Math.round(silence / 1000)} s: others may take the blocks over`
          : 'the training gets on again',
      );
    }
    return !silent;
  };
  const progressTimer = setInterval(() => {
    if (getsOn()) write();
  }, PROGRESS_MS);
  const heartbeatTimer = setInterval(() => {
    if (getsOn()) writing = writing.then(() => attempt('heartbeat', () => claims.renew()));
  }, HEARTBEAT_MS);
  const tell = (): void => {
    monitor.tell({ type: 'Training', progress });
  };
  write();
  tell();
  return {
    update(change) {
      progress = { ...progress, ...change };
      tell();
    },
    async close() {
      clearInterval(progressTimer);
      clearInterval(heartbeatTimer);
      write();
      await writing;
    },
  };
}
