import type { WorkerProgress } from '@distillation/api/ledger';
import type { Monitor } from '../serve/monitor.ts';

/** Keeps the worker's own progress, which the monitor's thread writes to the volume. */
export interface ProgressReporter {
  update(change: Partial<WorkerProgress>): void;
}

export function reportProgress(start: WorkerProgress, monitor: Pick<Monitor, 'send'>): ProgressReporter {
  let progress = start;
  const update = (change: Partial<WorkerProgress>): void => {
    progress = { ...progress, ...change };
    monitor.send({ type: 'Training', progress });
  };
  update({});
  return { update };
}
