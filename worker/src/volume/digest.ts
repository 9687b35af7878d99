import type { BlockDigest, LiveProgress, WorkerSeconds } from '@distillation/api/progress';
import type { EpochRecord } from '@distillation/api/ledger';
import type { BlockView, LedgerView } from './view.ts';

/** The ledger in short: what a pod tells the operator, which does not see the volume. */
export type LedgerDigest = Pick<LiveProgress, 'planKey' | 'blocks' | 'seconds'>;

/** Undefined as long as there is no plan. */
export function digestOf({ plan, blocks }: Pick<LedgerView, 'plan' | 'blocks'>): LedgerDigest | undefined {
  return plan && { planKey: plan.key, blocks: blocks.map(blockDigest), seconds: secondsOf(blocks) };
}

function blockDigest({ name, state, epoch, outcome, history }: BlockView): BlockDigest {
  const last = history.at(-1);
  const loss = last?.metrics.loss;
  const failure = state === 'Failed' ? last?.failure?.code : undefined;
  return {
    name,
    state,
    epoch,
    ...(outcome !== undefined && { outcome }),
    ...(last !== undefined && { bin: last.timing.bin, seconds: shortened(sum(history)) }),
    // Of a block that diverged the last loss is no number.
    ...(loss !== undefined && Number.isFinite(loss) && { loss: shortened(loss) }),
    ...(failure !== undefined && { failure }),
  };
}

/** An attempt that failed was for nothing; of epochs that were lost before they were on record the ledger knows nothing. */
function secondsOf(blocks: readonly BlockView[]): WorkerSeconds {
  let [useful, redone] = [0, 0];
  for (const { attempt, state, history } of blocks) {
    const kept = state === 'Failed' ? [] : history.filter((record) => record.attempt === attempt);
    useful += sum(kept);
    redone += sum(history) - sum(kept);
  }
  return { useful: shortened(useful), redone: shortened(redone) };
}

const sum = (records: readonly EpochRecord[]): number =>
  records.reduce((seconds, { timing }) => seconds + timing.ownSeconds + timing.prefixSeconds, 0);

/** Six digits, so that many blocks fit into a termination message. */
const shortened = (value: number): number => Number(value.toPrecision(6));
