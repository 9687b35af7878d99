import { ERRORS, type ErrorReason } from '@distillation/api/errors';
import type { Stage } from '@distillation/core/decide';
import type { FailureReason } from '@distillation/core/state';
import { PROBLEMS, type ProblemReason } from '../diagnosis/reasons.ts';

/** The reasons of all conditions, one closed set: what a program may have to understand. The generated page lists them from here. */

const STAGES = [
  'Planning',
  'Training',
  'Finalizing',
  'Suspending',
  'Suspended',
  'Succeeded',
] as const satisfies readonly (Exclude<Stage, 'Failed'> | 'Suspending')[];
/** The operator itself could not go on; it tries again. */
const OPERATOR = ['ApiUnavailable', 'RequestRefused', 'InternalError'] as const;
const DEADLINES = ['DeadlineExceeded', 'PendingDeadlineExceeded'] as const satisfies readonly FailureReason[];
/** A refusal by a worker whose catalogue is newer than this one. */
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

/** What a job is at, what keeps it from going on, how it ended. */
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
