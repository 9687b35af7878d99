import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical.ts';
import { candidatesOf, layerKindsOf } from '../candidates.ts';
import type { DistillationJobSpec, FineTuningSpec } from '../job.ts';
import type { Plan } from './plan.ts';

/**
 * Hashes that tell whether work on the volume may be used. They cover nothing that cannot change a result (scheduling, cluster,
 * paths, loader threads), so a job may be moved, rescheduled or given more workers and keeps its finished blocks.
 */

interface Inputs {
  readonly teacherSha256: string;
  readonly datasetSha256: string;
}

/** What a plan says of teacher and data: of those of an earlier version, the hash under which their work goes on. */
export const plannedInputs = ({ teacher, dataset }: Pick<Plan, 'teacher' | 'dataset'>): Inputs => ({
  teacherSha256: teacher.sha256,
  datasetSha256: dataset.sha256,
});

function hash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** Covers everything that decides a block's weights, but not which blocks are trained: a block does not depend on the others. */
export function trainingRecipe(spec: DistillationJobSpec, inputs: Inputs): string {
  const { preprocessing } = spec.teacher;
  const { validation, limits, resize, augmentation, batchSize, maxUnreadable } = spec.dataset;
  const { bias, batchNormalization } = spec.blocks;
  const candidates = candidatesOf(spec.blocks);
  return hash({
    ...inputs,
    preprocessing,
    dataset: { validation, limits, resize, augmentation, batchSize, maxUnreadable },
    block: { ...(candidates.length === 1 ? candidates[0] : { candidates }), bias, batchNormalization },
    training: spec.training,
  });
}

/**
 * Covers everything that decides the student, and whether there is a control. A job whose threshold or fine-tuning has changed keeps its
 * blocks and is finalized again.
 */
export function studentRecipe(spec: DistillationJobSpec, inputs: Inputs): string {
  const { include, exclude, whenNotCheaper } = spec.blocks;
  const layers = layerKindsOf(spec.blocks);
  return hash({
    training: trainingRecipe(spec, inputs),
    outputs: spec.teacher.outputs,
    labels: spec.dataset.labels,
    // Before there were other kinds, jobs were hashed without theirs.
    blocks: { include, exclude, whenNotCheaper, ...(layers.join() !== 'Convolution' && { layers }) },
    selection: spec.selection,
    fineTuning: askedFineTuning(spec.fineTuning),
  });
}

/** Fine-tuning without what is not asked for and was not always there: jobs from before keep their hashes. */
export function askedFineTuning({ control, batchNormalization, ...rest }: FineTuningSpec): object {
  return {
    ...rest,
    ...(control === 'Enabled' && { control }),
    ...(batchNormalization === 'Enabled' && { batchNormalization }),
  };
}

/** Covers everything that decides the fine-tuned student: the student's recipe without the control, which leaves the student as it is. */
export const tuningRecipe = (spec: DistillationJobSpec, inputs: Inputs): string =>
  studentRecipe({ ...spec, fineTuning: { ...spec.fineTuning, control: 'Disabled' } }, inputs);

/** Covers everything that decides the control but the layers that it freezes; the selection does not. */
export function controlRecipe(spec: DistillationJobSpec, inputs: Inputs): string {
  return hash({
    control: trainingRecipe(spec, inputs),
    outputs: spec.teacher.outputs,
    labels: spec.dataset.labels,
    fineTuning: { control: 'Enabled', ...askedFineTuning(spec.fineTuning) },
  });
}

/**
 * Covers everything in the manifest that decides the plan: a plan with another key is made again. With it what the planner only checks,
 * as `teacher.expectedAccuracy`: set or changed later, it is checked in another plan, and every trained block counts on.
 */
export function planKey({ teacher, dataset, blocks, training, scheduling }: DistillationJobSpec): string {
  return hash({ teacher, dataset, blocks, training, costSource: scheduling.costSource });
}
