import type { EpochRecord } from '@distillation/api/ledger';
import type { BlockOutcome, BlockStateName } from '@distillation/api/words';

/** The state of a block according to its records. */
export interface BlockState {
  readonly state: BlockStateName;
  /** The attempt to continue, or the last one. */
  readonly attempt: number;
  /** Number of finished epochs of that attempt. */
  readonly epoch: number;
  readonly outcome?: BlockOutcome;
}

/** Compares by attempt, then by epoch. */
export function compareRecords(a: EpochRecord, b: EpochRecord): number {
  return a.attempt - b.attempt || a.epoch - b.epoch;
}

/** The state that follows from sorted records. A failed attempt that is to be restarted counts as the next attempt at epoch 0. */
export function blockState(history: readonly EpochRecord[]): BlockState {
  const last = history.at(-1);
  if (last === undefined) return { state: 'Pending', attempt: 0, epoch: 0 };
  const { attempt, epoch, outcome } = last;
  if (outcome === undefined) return { state: 'Training', attempt, epoch };
  if (outcome !== 'Failed') return { state: 'Done', attempt, epoch, outcome };
  return last.restart === true
    ? { state: 'Training', attempt: attempt + 1, epoch: 0 }
    : { state: 'Failed', attempt, epoch, outcome };
}

/** Whether the last attempt in sorted records has a record for every epoch. */
export function isGapless(history: readonly EpochRecord[]): boolean {
  const last = history.at(-1);
  return last === undefined || history.filter(({ attempt }) => attempt === last.attempt).length === last.epoch;
}
