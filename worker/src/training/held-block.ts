import { isFinished } from '@distillation/api/words';
import type { TrainingSpec } from '@distillation/api/job';
import type { EpochMetrics } from '@distillation/api/ledger';
import type { BlockPlan } from '@distillation/api/plan';
import type { Tf } from '../backend/tf.ts';
import type { BlockStructure } from '../blocks/structure.ts';
import { blockState } from '@distillation/ledger/block-state';
import type { Claim } from '@distillation/ledger/claims';
import type { Ledger } from '@distillation/ledger/ledger';
import type { NamedArray } from '@distillation/ledger/tensors';
import { type BlockTrainer, createBlockTrainer } from './step/block-trainer.ts';

/** A block whose claim this worker holds, ready for its next epoch. */
export interface HeldBlock {
  readonly claim: Claim;
  readonly trainer: BlockTrainer;
  /** Metrics of the attempt's finished epochs; its length is the number of them. */
  readonly metrics: EpochMetrics[];
}

interface ResumeOptions {
  readonly ledger: Ledger;
  readonly claim: Claim;
  readonly block: BlockPlan;
  readonly structure: BlockStructure;
  readonly training: TrainingSpec;
  readonly stepsPerEpoch: number;
  /** Weights to start from, where they are computed. */
  readonly start?: readonly NamedArray[];
}

/** Resumes a claimed block after its last record; returns undefined when it needs no more training. */
export async function resumeBlock(tf: Tf, options: ResumeOptions): Promise<HeldBlock | undefined> {
  const { ledger, claim, block, structure, training } = options;
  const checkpoint = await ledger.latest(block.name);
  const history = await ledger.knownHistory(block.name);
  const { state, attempt, epoch } = blockState(history);
  if (isFinished(state)) return undefined;
  const trainer = createBlockTrainer(tf, {
    block: block.name,
    layer: block.layer.name,
    attempt,
    structure,
    training,
    totalSteps: training.epochs * options.stepsPerEpoch,
    // A new attempt starts from its own initial weights, not from those that failed. A computed start is the same for each.
    ...(options.start !== undefined && { start: options.start }),
    ...(epoch > 0 && checkpoint?.tensors !== undefined && { checkpoint: checkpoint.tensors }),
  });
  const metrics = history.filter((record) => record.attempt === attempt).map((record) => record.metrics);
  return { claim, trainer, metrics };
}
