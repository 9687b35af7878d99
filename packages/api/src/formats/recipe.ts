import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical.ts';
import type { DistillationJobSpec } from '../job.ts';

/**
 * Hashes that tell whether work on the volume may be used. Neither holds what cannot change a result (scheduling, cluster,
 * paths, loader threads), so a job may be moved, rescheduled or widened and keeps its finished blocks.
 */

interface Inputs {
  readonly teacherSha256: string;
  readonly datasetSha256: string;
}

function hash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** Of all that decides a block's weights. Not which blocks are trained: a block is the same whatever others there are. */
export function trainingRecipe(spec: DistillationJobSpec, inputs: Inputs): string {
  const { preprocessing } = spec.teacher;
  const { validation, limits, resize, augmentation, batchSize, maxUnreadable } = spec.dataset;
  const { architecture, bias, batchNormalization } = spec.blocks;
  return hash({
    ...inputs,
    preprocessing,
    dataset: { validation, limits, resize, augmentation, batchSize, maxUnreadable },
    block: { architecture, bias, batchNormalization },
    training: spec.training,
  });
}

/** Of all that decides the student. A job whose threshold or fine-tuning changed keeps its blocks and is finalized anew. */
export function studentRecipe(spec: DistillationJobSpec, inputs: Inputs): string {
  const { include, exclude, whenNotCheaper } = spec.blocks;
  return hash({
    training: trainingRecipe(spec, inputs),
    outputs: spec.teacher.outputs,
    labels: spec.dataset.labels,
    blocks: { include, exclude, whenNotCheaper },
    selection: spec.selection,
    fineTuning: spec.fineTuning,
  });
}

/** Of all that decides the plan, as far as the manifest tells: a plan of another key is made anew. */
export function planKey({ teacher, dataset, blocks, training, scheduling }: DistillationJobSpec): string {
  return hash({ teacher, dataset, blocks, training, costSource: scheduling.costSource });
}
