import { canonicalJson } from '@distillation/api/canonical';
import { ERRORS } from '@distillation/api/errors';
import { formatProblems, type Problem } from '@distillation/api/problems';
import { sentences } from '@distillation/api/sentences';
import type { DistillationJobStatus } from '@distillation/api/job';
import type { DistillationJobObject } from '../objects/snapshot.ts';
import type { Condition } from './conditions.ts';
import { stampConditions } from './stamp.ts';

/** Statuses of jobs that no reconcile could finish: what is wrong stands in the conditions, and the rest stays as it was. */

/** What keeps a job from going on. */
type Reported = Pick<Condition, 'reason' | 'message'>;

/** Of a job that cannot go on for now, though it is tried again: the trouble is the reason why it is not ready. */
export function troubledStatus(job: DistillationJobObject, trouble: Reported, now: Date): DistillationJobStatus {
  return withConditions(job, now, [
    { type: 'Succeeded', status: 'Unknown', ...trouble },
    { type: 'Ready', status: 'False', ...trouble },
    { type: 'Reconciling', status: 'True', ...trouble },
    { type: 'Stalled', status: 'False', ...trouble },
  ]);
}

/** Of a job whose spec this operator cannot read: it was admitted by another version of the definition. It waits for another spec. */
export function invalidStatus(
  job: DistillationJobObject,
  problems: readonly Problem[],
  now: Date,
): DistillationJobStatus {
  const { reason, fix } = ERRORS.DISTILL_E_MANIFEST_INVALID;
  const trouble = { reason, message: sentences(formatProblems(problems), fix) };
  return withConditions(job, now, [
    { type: 'Succeeded', status: 'Unknown', ...trouble },
    { type: 'Ready', status: 'False', ...trouble },
    { type: 'Reconciling', status: 'False', ...trouble },
    { type: 'Stalled', status: 'True', ...trouble },
  ]);
}

/** Whether two statuses say the same, whenever they began to. */
export function sameStatus(a: DistillationJobStatus | undefined, b: DistillationJobStatus): boolean {
  return a !== undefined && canonicalJson(a) === canonicalJson(b);
}

function withConditions(job: DistillationJobObject, now: Date, changed: readonly Condition[]): DistillationJobStatus {
  const { metadata, status } = job;
  const others = (status?.conditions ?? []).filter(({ type }) => !changed.some((condition) => condition.type === type));
  return {
    ...status,
    observedGeneration: metadata.generation,
    conditions: [...stampConditions(changed, job, now), ...others],
  };
}
