import type { FinalizerProgress } from '@distillation/api/ledger';
import type { LabelledBatch, OpenBatches } from './measuring/batches.ts';

/** What the finalizer reports while it works; each message is complete in itself. */
export type FinalizeProgress = Omit<FinalizerProgress, 'epochs' | 'updatedAt'>;

/** How often the progress of counted stages is reported, in milliseconds. */
const TELL_MS = 1000;

/** Reports which stage the finalizer is in and, where it processes batches, how far it is and how long that took. */
export interface StageProgress {
  begin(stage: FinalizeProgress['stage'], counts?: Pick<FinalizeProgress, 'steps' | 'epochSeconds'>): void;
  /** A pass whose batches count as steps of the current stage, of which `after` have been done before. */
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
