import type { DistillationJobSpec } from '@distillation/api/job';
import type { FinalizerProgress } from '@distillation/api/ledger';
import type { PlanSummary } from '@distillation/api/termination';
import { TRAINING } from '../scheduling/costs.ts';

/**
 * Cost of the finalizer's stages, estimated from plan and spec alone, in the unit of the plan's costs, which are for one pass over the
 * training split. The model consists of
 *
 * - the teacher's forward pass: the prefix of the deepest block (the layers after it cost little);
 * - a block: a training step costs `own`, its forward pass a third of that;
 * - the student's forward pass: those of all blocks and of the teacher's kept layers;
 * - a training step of the student: three of its forward passes, plus one of the teacher if fine-tuning uses the teacher's logits.
 *
 * - a training step of the control, where there is one: three forward passes of the teacher, plus one for the logits;
 *
 * and counts passes: measuring runs the teacher once, and each block with the layers that follow it, then scores teacher and assembled
 * student on the validation split; under a budget, some students are measured in between; each epoch of fine-tuning is scored there too; on the test split teacher, assembled student and
 * fine-tuned student are scored.
 *
 * It assumes that every block is selected and that nothing is frozen, both upper bounds, and that a sample costs the same in every split.
 * Starting, loading, timing and writing are neglected: they take seconds, whatever the data.
 */

/** Students that are assembled and measured under a budget: those within it, and one for each different point of the curve, about. */
const STUDENTS = 16;
/** More of them when latency is limited, by whose ladder there is another curve. */
const STUDENTS_BY_LATENCY = 8;

/** The part of the spec that determines the amount of work. */
export interface FinalizerSpec {
  readonly dataset: Pick<DistillationJobSpec['dataset'], 'labels'>;
  readonly selection: Pick<DistillationJobSpec['selection'], 'split' | 'budget'>;
  readonly fineTuning: Pick<DistillationJobSpec['fineTuning'], 'epochs' | 'teacherLogits'> &
    Partial<Pick<DistillationJobSpec['fineTuning'], 'control'>>;
}

/** The part of the plan that determines the amount of work. */
export type FinalizerPlan = Pick<PlanSummary, 'blocks' | 'samples'> & {
  readonly teacher: Pick<PlanSummary['teacher'], 'macs' | 'replacedMacs'>;
};

export interface FinalizerWork {
  readonly measure: number;
  readonly epochs: number;
  /** Training in one epoch of fine-tuning. */
  readonly training: number;
  /** Scoring on the validation split in one epoch of fine-tuning. */
  readonly validation: number;
  /** Training in one epoch of the control; 0 without one. */
  readonly controlTraining: number;
  /** Scoring on the validation split in one epoch of the control. */
  readonly controlValidation: number;
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
  const taught = fineTuning.teacherLogits === undefined ? 0 : whole;
  const controlled = fineTuning.control === 'Enabled' ? 1 : 0;
  const chosenOn = selection.split === 'Train' ? samples.train : samples.validation;
  return {
    measure:
      (selection.budget === undefined ? scored(chosenOn) : part(chosenOn)) * (whole + replacements + behind) +
      part(chosenOn) * studentsOf(selection) * student +
      scored(samples.validation) * (whole + student),
    epochs: fineTuning.epochs,
    training: TRAINING * student + taught,
    validation: scored(samples.validation) * student,
    controlTraining: controlled * (TRAINING * whole + taught),
    controlValidation: controlled * scored(samples.validation) * whole,
    evaluate: scored(samples.test) * (whole + 2 * student + controlled * whole),
  };
}

const studentsOf = ({ budget }: FinalizerSpec['selection']): number =>
  budget === undefined ? 0 : STUDENTS + (budget.latency === undefined ? 0 : STUDENTS_BY_LATENCY);

/** Fraction of the teacher's multiply-accumulates in kept layers, 0 to 1; 0 for a plan that does not say. */
function keptPart({ macs, replacedMacs }: FinalizerPlan['teacher']): number {
  return replacedMacs === undefined || macs <= 0 ? 0 : Math.max(0, 1 - replacedMacs / macs);
}

/** Cost of one epoch of fine-tuning. */
export const epochWork = ({ training, validation }: FinalizerWork): number => training + validation;

/** Cost of one epoch of the control. */
export const controlWork = ({ controlTraining, controlValidation }: FinalizerWork): number =>
  controlTraining + controlValidation;

export const totalWork = (work: FinalizerWork): number =>
  work.measure + work.epochs * (epochWork(work) + controlWork(work)) + work.evaluate;

/** Cost of the work done, by the finalizer's last report; 0 before the first one. */
export function workDone(work: FinalizerWork, finalizer: FinalizerProgress | undefined): number {
  switch (finalizer?.stage) {
    case undefined:
      return 0;
    case 'Measure':
      return work.measure * stepsPart(finalizer);
    case 'FineTune':
      return work.measure + epochsDone(work, finalizer, { epoch: epochWork(work), training: work.training });
    case 'Control': {
      const tuned = work.measure + work.epochs * epochWork(work);
      return tuned + epochsDone(work, finalizer, { epoch: controlWork(work), training: work.controlTraining });
    }
    case 'Evaluate':
      return totalWork(work) - work.evaluate * (1 - stepsPart(finalizer));
    case 'Export':
      return totalWork(work);
  }
}

/** Cost of the finished epochs of a stage, and of the finished steps of the current one. */
function epochsDone(
  { epochs }: FinalizerWork,
  finalizer: FinalizerProgress,
  cost: { readonly epoch: number; readonly training: number },
): number {
  const before = Math.min(epochs, (finalizer.epoch ?? 1) - 1);
  return before * cost.epoch + (before < epochs ? cost.training * stepsPart(finalizer) : 0);
}

/** Fraction of the steps of the stage or epoch that are done. */
export const stepsPart = ({ step = 0, steps = 0 }: FinalizerProgress): number =>
  steps > 0 ? Math.min(1, step / steps) : 0;
