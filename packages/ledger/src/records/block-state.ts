import type { EpochRecord } from '@distillation/api/ledger';
import type { BlockOutcome, BlockStateName } from '@distillation/api/words';

/** Where a block stands, as its records tell. */
export interface BlockState {
  readonly state: BlockStateName;
  /** The attempt to go on with, or the last one. */
  readonly attempt: number;
  /** Finished epochs of that attempt. */
  readonly epoch: number;
  readonly outcome?: BlockOutcome;
}

/** By attempt, then by epoch. */
export function compareRecords(a: EpochRecord, b: EpochRecord): number {
  return a.attempt - b.attempt || a.epoch - b.epoch;
}

/** The state that sorted records amount to. A failed attempt that is to be restarted is the next attempt at epoch 0. */
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

/** Whether the last attempt of sorted records has one for each epoch. */
export function isGapless(history: readonly EpochRecord[]): boolean {
  const last = history.at(-1);
  return last === undefined || history.filter(({ attempt }) => attempt === last.attempt).length === last.epoch;
}
