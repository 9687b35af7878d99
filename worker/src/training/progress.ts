import type { WorkerProgress } from '@distillation/api/ledger';
import type { Monitor } from '../serve/monitor.ts';

/** Keeps what the worker says of itself; the monitor's thread writes it down. */
export interface ProgressReporter {
  update(change: Partial<WorkerProgress>): void;
}

export function reportProgress(start: WorkerProgress, monitor: Pick<Monitor, 'tell'>): ProgressReporter {
  let progress = start;
  const update = (change: Partial<WorkerProgress>): void => {
    progress = { ...progress, ...change };
    monitor.tell({ type: 'Training', progress });
  };
  update({});
  return { update };
}
