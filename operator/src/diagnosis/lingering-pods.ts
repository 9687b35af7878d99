import { EXIT } from '@distillation/api/errors';
import type { JobAttempt } from '../observe/child-jobs.ts';
import { endOf, failuresBefore, indexOf, isLast, lingers, type PodEnd } from '../observe/pod-status.ts';
import type { Write } from '../objects/snapshot.ts';
import type { WirePod } from '@distillation/kube/wire';

/**
 * Pods whose worker has ended while a container that a webhook added keeps running. The Job controller counts such a pod as active for
 * ever: the Job neither retries nor ends, and the pod keeps its GPUs. The operator therefore goes by the worker's exit and deletes the pod;
 * the kubelet stops it and frees its resources, and the Job proceeds by its own rules.
 */

/** How the worker of an index ended where the Job does not know yet; undefined when there is no such pod or the index will be retried. */
export function unseenEnd(
  attempt: Pick<JobAttempt, 'job'>,
  pods: readonly WirePod[],
  backoffLimit: number,
): PodEnd | undefined {
  const pod = pods.at(-1);
  return pod !== undefined && lingers(pod) && isItsLast(pod, attempt, backoffLimit) ? endOf(pod) : undefined;
}

/**
 * The writes that end such pods. To be carried out once the status holds all that they report, since their termination messages are
 * deleted with them. The outcome of an index that will not be retried is recorded on its Job first.
 */
export function endsOf(attempts: readonly JobAttempt[], backoffLimit: number): Write[] {
  return attempts.flatMap((attempt) =>
    attempt.pods
      .filter((pod) => lingers(pod) && pod.metadata?.deletionTimestamp === undefined)
      .map((pod): Write => {
        const { name = '', uid = '' } = pod.metadata ?? {};
        const exitCode = endOf(pod)?.exitCode;
        const { name: jobName = '', uid: jobUid = '' } = attempt.job.metadata ?? {};
        const isKnown = exitCode !== undefined && isItsLast(pod, attempt, backoffLimit);
        return {
          type: 'EndPod',
          name,
          uid,
          isDone: exitCode === EXIT.ok,
          ...(isKnown && { outcome: { jobName, jobUid, index: indexOf(pod) ?? 0, exitCode } }),
        };
      }),
  );
}

function isItsLast(pod: WirePod, { job }: Pick<JobAttempt, 'job'>, backoffLimit: number): boolean {
  const failures = failuresBefore(pod) ?? job.status?.failed ?? 0;
  return isLast(pod) || failures + 1 > backoffLimit;
}
