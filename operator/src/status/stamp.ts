import type { DistillationJobStatus } from '@distillation/api/job';
import { timestamp } from '@distillation/kube/time';
import type { DistillationJobObject } from '../objects/snapshot.ts';
import type { Condition } from './conditions.ts';

type StampedCondition = NonNullable<DistillationJobStatus['conditions']>[number];

/** The API takes a message of 32 KiB; nobody reads so much. */
const MAX_MESSAGE = 4096;

/** Conditions as the API has them; the time of the last transition is that of the last change of `status` (Kubernetes API conventions). */
export function stampConditions(
  conditions: readonly Condition[],
  { metadata, status: before }: DistillationJobObject,
  now: Date,
): StampedCondition[] {
  return conditions.map(({ type, status, reason, message }) => {
    const old = before?.conditions?.find((condition) => condition.type === type);
    return {
      type,
      status,
      observedGeneration: metadata.generation,
      lastTransitionTime: old?.status === status ? old.lastTransitionTime : timestamp(now),
      reason,
      message: message.slice(0, MAX_MESSAGE),
    };
  });
}
