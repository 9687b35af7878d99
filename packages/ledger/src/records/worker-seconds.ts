import type { EpochRecord } from '@distillation/api/ledger';
import type { WorkerSeconds } from '@distillation/api/progress';
import { blockState } from './block-state.ts';

/**
 * What the workers' time was spent on, from the sorted records of each block: `useful` for the block itself, `redone` for a failed
 * attempt. Epochs that were lost before they were recorded are unknown to the ledger.
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
