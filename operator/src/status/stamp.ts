import type { DistillationJobStatus } from '@distillation/api/job';
import { timestamp } from '@distillation/kube/time';
import type { DistillationJobObject } from '../objects/snapshot.ts';
import type { Condition } from './conditions.ts';

type StampedCondition = NonNullable<DistillationJobStatus['conditions']>[number];

/** `metav1.Condition` allows 32 KiB, which is more than anybody reads. */
const MAX_MESSAGE = 4096;

/** Completes conditions for the API. By the Kubernetes API conventions, `lastTransitionTime` is the time of the last change of `status`. */
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
