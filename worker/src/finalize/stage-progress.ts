import type { FinalizerProgress } from '@distillation/api/ledger';
import type { LabelledBatch, OpenBatches } from './measuring/batches.ts';

/** What the finalizer tells while it works; each is whole in itself. */
export type FinalizeProgress = Omit<FinalizerProgress, 'epochs' | 'updatedAt'>;

/** Counted stages are told of this often. */
const TELL_MS = 1000;

/** Tells which stage the finalizer is in and, where batches go through, how far it is and how long that took. */
export interface StageProgress {
  begin(stage: FinalizeProgress['stage'], counts?: Pick<FinalizeProgress, 'steps' | 'epochSeconds'>): void;
  /** A pass whose batches are steps of the stage under way, after so many that are done. */
  counted(open: OpenBatches, after?: number): AsyncIterable<LabelledBatch>;
}

export function stageProgress(
  tell: (progress: FinalizeProgress) => void,
  now: () => number = () => performance.now(),
): StageProgress {
  let stage: FinalizeProgress = { stage: 'Measure' };
  let begun = now();
  let told = begun;
  return {
    begin(name, counts = {}) {
      begun = told = now();
      stage = { stage: name, ...counts };
      tell({ ...stage, ...(stage.steps !== undefined && { step: 0, seconds: 0 }) });
    },
    async *counted(open, after = 0) {
      let step = after;
      for await (const batch of open()) {
        yield batch;
        step += 1;
        if (now() - told < TELL_MS) continue;
        told = now();
        tell({ ...stage, step, seconds: (told - begun) / 1000 });
      }
    },
  };
}
