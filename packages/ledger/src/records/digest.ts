import type { BlockDigest, LiveProgress } from '@distillation/api/progress';
import type { BlockView, LedgerView } from './view.ts';
import { secondsOf, workerSeconds } from './worker-seconds.ts';

/** A short form of the ledger, for the operator, which cannot see the volume. */
type LedgerDigest = Pick<LiveProgress, 'planKey' | 'blocks' | 'seconds'>;

/** Undefined as long as there is no plan. */
export function digestOf({ plan, blocks }: Pick<LedgerView, 'plan' | 'blocks'>): LedgerDigest | undefined {
  if (plan === undefined) return undefined;
  const { useful, redone } = workerSeconds(blocks.map(({ history }) => history));
  return {
    planKey: plan.key,
    blocks: blocks.map(blockDigest),
    seconds: { useful: shortened(useful), redone: shortened(redone) },
  };
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
    ...(last !== undefined && { bin: last.timing.bin, seconds: shortened(secondsOf(history)) }),
    // When a block diverged, its last loss is not finite.
    ...(loss !== undefined && Number.isFinite(loss) && { loss: shortened(loss) }),
    ...(failure !== undefined && { failure }),
  };
}

/** Six digits, so that many blocks fit into a termination message. */
const shortened = (value: number): number => Number(value.toPrecision(6));
