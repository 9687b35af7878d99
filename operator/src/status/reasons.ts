import { ERRORS, type ErrorReason } from '@distillation/api/errors';
import { STAGE_REASONS } from '@distillation/api/words';
import type { Stage } from '@distillation/core/decide';
import type { FailureReason } from '@distillation/core/state';
import { PROBLEMS, type ProblemReason } from '../problems/problems.ts';

/**
 * The closed set of condition reasons, which the API conventions make part of the API. The generated reference page lists them from here.
 */

const STAGES = STAGE_REASONS satisfies readonly (Exclude<Stage, 'Failed'> | 'Suspending')[];
/** The operator itself failed on the job; it retries. */
const OPERATOR = ['ApiUnavailable', 'RequestRefused', 'InternalError'] as const;
const DEADLINES = ['DeadlineExceeded', 'PendingDeadlineExceeded'] as const satisfies readonly FailureReason[];
/** An input error of a worker whose error catalogue is newer than the operator's. */
const NEWER = ['InputRejected'] as const satisfies readonly FailureReason[];
const MILESTONES = {
  Planned: ['PlanWritten', 'NoPlan'],
  BlocksTrained: ['AllBlocksFinished', 'AllBlocksFailed', 'BlocksUnfinished'],
  Finalized: ['StudentBuilt', 'NoBlockSelected', 'NoBlockTrained', 'NoResult'],
} as const;

type Milestone = keyof typeof MILESTONES;

export type ConditionType = 'Succeeded' | 'Ready' | 'Reconciling' | 'Stalled' | 'Suspended' | Milestone;

export type ConditionReason =
  | (typeof STAGES)[number]
  | (typeof OPERATOR)[number]
  | FailureReason
  | ProblemReason
  | (typeof MILESTONES)[Milestone][number];

/** Reasons for the stage that a job is in, for what blocks it, and for how it ended. */
export const SUMMARY_REASONS = {
  stages: STAGES,
  problems: Object.keys(PROBLEMS) as ProblemReason[],
  operator: OPERATOR,
  deadlines: DEADLINES,
  newer: NEWER,
  errors: [...new Set(Object.values(ERRORS).map(({ reason }): ErrorReason => reason))],
} as const;

const SUMMARY: readonly ConditionReason[] = Object.values(SUMMARY_REASONS).flat();

export const CONDITION_REASONS: Readonly<Record<ConditionType, readonly ConditionReason[]>> = {
  Succeeded: SUMMARY,
  Ready: SUMMARY,
  Reconciling: SUMMARY,
  Stalled: SUMMARY,
  Suspended: SUMMARY,
  ...MILESTONES,
};
