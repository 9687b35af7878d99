import type { WirePod } from '@distillation/kube/wire';
import type { JobAttempt } from './child-jobs.ts';
import { endOf, failuresBefore, isLast, lingers, type PodEnd } from './pod-status.ts';

/** Whether the Job will not run the index of this pod again: the pod was its last by its exit code, or has used up the retries. */
export function isItsLast(pod: WirePod, { job }: Pick<JobAttempt, 'job'>, backoffLimit: number): boolean {
  const failures = failuresBefore(pod) ?? job.status?.failed ?? 0;
  return isLast(pod) || failures + 1 > backoffLimit;
}

/**
 * How the worker of an index ended where the Job does not know yet, because another container of the pod keeps running; undefined when
 * there is no such pod or the index will be retried.
 */
export function unseenEnd(
  attempt: Pick<JobAttempt, 'job'>,
  pods: readonly WirePod[],
  backoffLimit: number,
): PodEnd | undefined {
  const pod = pods.at(-1);
  return pod !== undefined && lingers(pod) && isItsLast(pod, attempt, backoffLimit) ? endOf(pod) : undefined;
}
