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
  const { preprocessing, dataset, blocks, training } = trainingSettings(spec);
  return hash({ ...inputs, preprocessing, dataset, block: blocks, training });
}

function trainingSettings(spec: DistillationJobSpec) {
  const { validation, limits, resize, augmentation, batchSize, maxUnreadable } = spec.dataset;
  const { bias, batchNormalization } = spec.blocks;
  const candidates = candidatesOf(spec.blocks);
  return {
    preprocessing: spec.teacher.preprocessing,
    dataset: { validation, limits, resize, augmentation, batchSize, maxUnreadable },
    blocks: { ...(candidates.length === 1 ? candidates[0] : { candidates }), bias, batchNormalization },
    training: spec.training,
  };
}

/** The settings by which the blocks of two jobs are trained otherwise, such as `spec.training.seed is 7 there and 8 here`. */
export function differingSettings(there: DistillationJobSpec, here: DistillationJobSpec): string[] {
  const settings = (spec: DistillationJobSpec): Map<string, string> => {
    const { preprocessing, ...rest } = trainingSettings(spec);
    return new Map(leaves({ teacher: { preprocessing }, ...rest }, 'spec'));
  };
  const [before, now] = [settings(there), settings(here)];
  const names = [...new Set([...before.keys(), ...now.keys()])].filter((name) => before.get(name) !== now.get(name));
  return names.map((name) => `${name} is ${before.get(name) ?? 'absent'} there and ${now.get(name) ?? 'absent'} here`);
}

/** Values by their path; a list is one value. */
function leaves(value: unknown, path: string): [string, string][] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, canonicalJson(value)]];
  return Object.entries(value).flatMap(([name, child]) => leaves(child, `${path}.${name}`));
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
