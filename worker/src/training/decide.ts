import { readDecimal } from '@distillation/api/decimal';
import type { TrainingSpec } from '@distillation/api/job';
import type { ErrorCode } from '@distillation/api/errors';
import type { EpochMetrics } from '@distillation/api/ledger';
import type { BlockOutcome } from '@distillation/api/words';
import { plural } from '@distillation/api/format';

/** What follows from a block's epochs so far: continue, stop with an outcome, or restart once. */
interface Decision {
  readonly outcome?: BlockOutcome;
  readonly failure?: { readonly code: ErrorCode; readonly message: string };
  readonly restart?: boolean;
}

/** Below this share of the target's variance an output counts as constant. */
const CONSTANT = 1e-6;
/** One start and one restart with a lower learning rate, and with another seed where the start is random. */
const LAST_ATTEMPT = 1;

function collapse(metrics: EpochMetrics, epoch: number, epochs: number): Decision['failure'] {
  const { loss, probeLoss, probeBaseline, probeOutputVariance } = metrics;
  if (!Number.isFinite(probeBaseline)) {
    return {
      code: 'DISTILL_E_LAYER_NOT_FINITE',
      message: `The outputs of the layer itself are not finite numbers: their variance is ${probeBaseline}.`,
    };
  }
  if (!Number.isFinite(loss) || !Number.isFinite(probeLoss)) {
    return {
      code: 'DISTILL_E_NOT_A_NUMBER',
      message: `The loss of epoch ${epoch} is ${loss}, on held-out samples ${probeLoss}.`,
    };
  }
  // A layer whose own output is constant on the probe gives the block nothing to imitate, so the block has not failed.
  if (probeBaseline <= 0) return undefined;
  if (probeOutputVariance < CONSTANT * probeBaseline) {
    return {
      code: 'DISTILL_E_DEAD_BLOCK',
      message: `After epoch ${epoch} the block gives the same output for every image.`,
    };
  }
  // The loss may still be high after the first epoch, but not after half of the epochs.
  if (epoch >= Math.ceil(epochs / 2) && probeLoss >= probeBaseline) {
    return {
      code: 'DISTILL_E_DEAD_BLOCK',
      message: `After ${epoch} of ${plural(epochs, 'epoch')} the held-out loss ${probeLoss.toPrecision(3)} is no better than ${probeBaseline.toPrecision(3)}, that of giving each channel's mean.`,
    };
  }
  return undefined;
}

function plateaued(metrics: readonly EpochMetrics[], stopping: TrainingSpec['earlyStopping']): boolean {
  if (stopping === undefined) return false;
  const least = readDecimal(stopping.minImprovement);
  let best = Number.POSITIVE_INFINITY;
  let since = 0;
  for (const { probeLoss } of metrics) {
    since = probeLoss < best * (1 - least) ? 0 : since + 1;
    best = Math.min(best, probeLoss);
  }
  return since >= stopping.patience;
}

/**
 * Decides what to do after an epoch. It depends on the recorded metrics alone, so that every worker decides alike.
 * @param metrics of this attempt's epochs, in order; the last is the one just finished.
 */
export function decide(
  metrics: readonly EpochMetrics[],
  attempt: number,
  training: Pick<TrainingSpec, 'epochs' | 'earlyStopping'>,
): Decision {
  const epoch = metrics.length;
  const last = metrics.at(-1);
  if (last === undefined) return {};
  const failure = collapse(last, epoch, training.epochs);
  if (failure !== undefined) {
    // Another start helps no block against its layer.
    const isToRestart = attempt < LAST_ATTEMPT && failure.code !== 'DISTILL_E_LAYER_NOT_FINITE';
    return { outcome: 'Failed', failure, ...(isToRestart && { restart: true }) };
  }
  if (epoch >= training.epochs) return { outcome: 'Trained' };
  if (plateaued(metrics, training.earlyStopping)) return { outcome: 'StoppedEarly' };
  return {};
}
