import { canonicalJson } from '@distillation/api/canonical';
import { ERRORS } from '@distillation/api/errors';
import { formatProblems, type Problem } from '@distillation/api/problems';
import { sentences } from '@distillation/api/sentences';
import type { DistillationJobStatus } from '@distillation/api/job';
import type { DistillationJobObject } from '../objects/snapshot.ts';
import type { Condition } from './conditions.ts';
import { shownState } from './shown-state.ts';
import { stampConditions } from './stamp.ts';

/** Statuses of jobs that could not be reconciled: the conditions say what is wrong, the rest is unchanged. */

/** What keeps a job from making progress. */
type Reported = Pick<Condition, 'reason' | 'message'>;

/** For a job that makes no progress for now and is retried: the problem is the reason of its conditions. */
export function problemStatus(job: DistillationJobObject, problem: Reported, now: Date): DistillationJobStatus {
  const { stage = 'Planning' } = job.status ?? {};
  const shown = shownState(stage === 'Stalled' ? 'Planning' : stage, problem.reason);
  return withConditions(job, { now, shown }, [
    { type: 'Succeeded', status: 'Unknown', ...problem },
    { type: 'Ready', status: 'False', ...problem },
    { type: 'Reconciling', status: 'True', ...problem },
    { type: 'Stalled', status: 'False', ...problem },
  ]);
}

/**
 * For a job whose spec is invalid for this operator, since another version of the definition admitted it. It is stalled until the spec
 * changes.
 */
export function invalidStatus(
  job: DistillationJobObject,
  problems: readonly Problem[],
  now: Date,
): DistillationJobStatus {
  const { reason, fix } = ERRORS.DISTILL_E_MANIFEST_INVALID;
  const problem = { reason, message: sentences(formatProblems(problems), fix) };
  return withConditions(job, { now, shown: shownState('Stalled', reason) }, [
    { type: 'Succeeded', status: 'Unknown', ...problem },
    { type: 'Ready', status: 'False', ...problem },
    { type: 'Reconciling', status: 'False', ...problem },
    { type: 'Stalled', status: 'True', ...problem },
  ]);
}

/** Whether two statuses are equal. */
export function sameStatus(a: DistillationJobStatus | undefined, b: DistillationJobStatus): boolean {
  return a !== undefined && canonicalJson(a) === canonicalJson(b);
}

function withConditions(
  job: DistillationJobObject,
  { now, shown }: { readonly now: Date; readonly shown: ReturnType<typeof shownState> },
  changed: readonly Condition[],
): DistillationJobStatus {
  const { metadata, status } = job;
  const others = (status?.conditions ?? []).filter(({ type }) => !changed.some((condition) => condition.type === type));
  return {
    ...status,
    ...shown,
    observedGeneration: metadata.generation,
    conditions: [...stampConditions(changed, job, now), ...others],
  };
}
