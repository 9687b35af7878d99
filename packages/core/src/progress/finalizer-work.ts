import type { DistillationJobSpec } from '@distillation/api/job';
import type { FinalizerProgress } from '@distillation/api/ledger';
import type { PlanSummary } from '@distillation/api/termination';
import { TRAINING } from '../scheduling/costs.ts';

/**
 * What the finalizer's stages cost, estimated from plan and spec alone, in the unit of the plan's costs: what a worker takes for a pass
 * over the training split. The model knows
 *
 * - the teacher's forward pass: the prefix of the deepest block (what follows that block is little);
 * - a layer's replacement: `own`, which is a training step of it, and a third of that its forward pass;
 * - the student's forward pass: those of all replacements, and of the teacher what no block replaces;
 * - a training step of the student: three forward passes of it, and one of the teacher where its logits are learnt from.
 *
 * and counts passes: measuring runs the teacher once and each replacement with what follows its layer, then scores teacher and
 * assembled student on validation; each epoch of fine-tuning is scored there; the test split scores teacher, assembled and fine-tuned student.
 *
 * It assumes that every block gets into the student and that nothing is frozen, both of which make for more work than there may be,
 * and that a sample costs the same in every split. Starting, loading, timing and writing count for nothing: seconds, whatever the data.
 */

/** Of the spec, what decides how much there is to do. */
export interface FinalizerSpec {
  readonly dataset: Pick<DistillationJobSpec['dataset'], 'labels'>;
  readonly selection: Pick<DistillationJobSpec['selection'], 'split'>;
  readonly fineTuning: Pick<DistillationJobSpec['fineTuning'], 'epochs' | 'teacherLogits'>;
}

/** Of the plan. */
export type FinalizerPlan = Pick<PlanSummary, 'blocks' | 'samples'> & {
  readonly teacher: Pick<PlanSummary['teacher'], 'macs' | 'replacedMacs'>;
};

export interface FinalizerWork {
  readonly measure: number;
  readonly epochs: number;
  /** Of one epoch of fine-tuning: training, and scoring on validation. */
  readonly training: number;
  readonly validation: number;
  readonly evaluate: number;
}

export function finalizerWork({ blocks, samples, teacher }: FinalizerPlan, spec: FinalizerSpec): FinalizerWork {
  const { dataset, selection, fineTuning } = spec;
  const part = (count: number): number => (samples.train > 0 ? count / samples.train : 0);
  // Without labels there is nothing to score by.
  const scored = (count: number): number => (dataset.labels === 'Used' ? part(count) : 0);
  const whole = blocks.reduce((deepest, { cost }) => Math.max(deepest, cost.prefix), 0);
  const replacements = blocks.reduce((sum, { cost }) => sum + cost.own / TRAINING, 0);
  const behind = blocks.reduce((sum, { cost }) => sum + whole - cost.prefix, 0);
  const student = replacements + whole * keptPart(teacher);
  const chosenOn = selection.split === 'Train' ? samples.train : samples.validation;
  return {
    measure: scored(chosenOn) * (whole + replacements + behind) + scored(samples.validation) * (whole + student),
    epochs: fineTuning.epochs,
    training: TRAINING * student + (fineTuning.teacherLogits === undefined ? 0 : whole),
    validation: scored(samples.validation) * student,
    evaluate: scored(samples.test) * (whole + 2 * student),
  };
}

/** Part of the teacher that no block replaces, 0 to 1; 0 for a plan that does not say. */
function keptPart({ macs, replacedMacs }: FinalizerPlan['teacher']): number {
  return replacedMacs === undefined || macs <= 0 ? 0 : Math.max(0, 1 - replacedMacs / macs);
}

/** Of one epoch of fine-tuning. */
export const epochWork = ({ training, validation }: FinalizerWork): number => training + validation;

export const totalWork = (work: FinalizerWork): number => work.measure + work.epochs * epochWork(work) + work.evaluate;

/** What is done, by what the finalizer last said; nothing as long as it said nothing. */
export function workDone(work: FinalizerWork, finalizer: FinalizerProgress | undefined): number {
  switch (finalizer?.stage) {
    case undefined:
      return 0;
    case 'Measure':
      return work.measure * stepsPart(finalizer);
    case 'FineTune': {
      const before = Math.min(work.epochs, (finalizer.epoch ?? 1) - 1);
      const underWay = before < work.epochs ? work.training * stepsPart(finalizer) : 0;
      return work.measure + before * epochWork(work) + underWay;
    }
    case 'Evaluate':
      return totalWork(work) - work.evaluate * (1 - stepsPart(finalizer));
    case 'Export':
      return totalWork(work);
  }
}

/** Part of the stage's, or the epoch's, steps that are done. */
export const stepsPart = ({ step = 0, steps = 0 }: FinalizerProgress): number =>
  steps > 0 ? Math.min(1, step / steps) : 0;
