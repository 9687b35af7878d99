import type { WorkerProgress } from '@distillation/api/ledger';
import type { Claims } from '../volume/claims.ts';
import type { Ledger } from '../volume/ledger.ts';

/** How often a worker says how far it is, and how often it shows that it lives (the lease is six times as long). */
const PROGRESS_MS = 1000;
const HEARTBEAT_MS = 5000;

/** Writes progress and heartbeats beside the training loop. A write that fails is said once and tried again. */
export interface ProgressReporter {
  update(change: Partial<WorkerProgress>): void;
  /** Writes the last state and stops. */
  close(): Promise<void>;
}

export function startProgress(
  start: WorkerProgress,
  { ledger, claims, log }: { ledger: Ledger; claims: Claims; log: (line: string) => void },
): ProgressReporter {
  let progress = start;
  let failed = false;
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
  const progressTimer = setInterval(write, PROGRESS_MS);
  const heartbeatTimer = setInterval(() => {
    writing = writing.then(() => attempt('heartbeat', () => claims.renew()));
  }, HEARTBEAT_MS);
  write();
  return {
    update(change) {
      progress = { ...progress, ...change };
    },
    async close() {
      clearInterval(progressTimer);
      clearInterval(heartbeatTimer);
      write();
      await writing;
    },
  };
}
