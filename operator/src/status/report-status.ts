import { canonicalJson } from '@distillation/api/canonical';
import { ERRORS } from '@distillation/api/errors';
import { formatProblems, type Problem } from '@distillation/api/problems';
import { sentences } from '@distillation/api/sentences';
import type { DistillationJobStatus } from '@distillation/api/job';
import type { DistillationJobObject } from '../objects/snapshot.ts';
import { timestamp } from '@distillation/kube/time';

/** Statuses of jobs that no reconcile could finish: what is wrong stands in the conditions, and the rest stays as it was. */

type Conditions = NonNullable<DistillationJobStatus['conditions']>;
type Condition = Conditions[number];

export interface Trouble {
  readonly reason: string;
  readonly message: string;
}

/** The API takes a message of 32 KiB; nobody reads so much. */
const MESSAGE_LIMIT = 4096;

/** Of a job that cannot go on for now, though it is tried again: the trouble is the reason why it is not ready. */
export function troubledStatus(job: DistillationJobObject, trouble: Trouble, now: Date): DistillationJobStatus {
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

/** Whether the job is over; then nothing that happens to it later is news. */
export const isOver = ({ status }: DistillationJobObject): boolean =>
  status?.conditions?.some(({ type, status: holds }) => type === 'Succeeded' && holds !== 'Unknown') ?? false;

/** Whether two statuses say the same, whenever they began to. */
export function sameStatus(a: DistillationJobStatus | undefined, b: DistillationJobStatus): boolean {
  return a !== undefined && canonicalJson(a) === canonicalJson(b);
}

function withConditions(
  { metadata, status }: DistillationJobObject,
  now: Date,
  changed: readonly Pick<Condition, 'type' | 'status' | 'reason' | 'message'>[],
): DistillationJobStatus {
  const before = status?.conditions ?? [];
  const merged = changed.map((condition): Condition => {
    const old = before.find(({ type }) => type === condition.type);
    return {
      ...condition,
      message: condition.message.slice(0, MESSAGE_LIMIT),
      observedGeneration: metadata.generation,
      lastTransitionTime: old?.status === condition.status ? old.lastTransitionTime : timestamp(now),
    };
  });
  const others = before.filter(({ type }) => !merged.some((condition) => condition.type === type));
  return { ...status, observedGeneration: metadata.generation, conditions: [...merged, ...others] };
}
