import type { EpochRecord } from '@distillation/api/ledger';
import type { WorkerSeconds } from '@distillation/api/progress';
import { blockState } from './block-state.ts';

/**
 * What became of the workers' time, by the sorted records of each block: `useful` made the block, `redone` was an attempt that failed and was
 * for nothing. Of epochs that were lost before they were on record the ledger knows nothing.
 */
export function workerSeconds(histories: readonly (readonly EpochRecord[])[]): WorkerSeconds {
  let [useful, redone] = [0, 0];
  for (const history of histories) {
    const { attempt, state } = blockState(history);
    const kept = state === 'Failed' ? 0 : secondsOf(history.filter((record) => record.attempt === attempt));
    useful += kept;
    redone += secondsOf(history) - kept;
  }
  return { useful, redone };
}

/** Seconds that these epochs took, each with its share of the prefix. */
export const secondsOf = (records: readonly EpochRecord[]): number =>
  records.reduce((seconds, { timing }) => seconds + timing.ownSeconds + timing.prefixSeconds, 0);
