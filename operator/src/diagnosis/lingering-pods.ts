import { EXIT } from '@distillation/api/errors';
import type { JobAttempt } from '../observe/child-jobs.ts';
import { endOf, failuresBefore, indexOf, isLast, lingers, type PodEnd } from '../observe/pod-status.ts';
import type { Write } from '../objects/snapshot.ts';
import type { WirePod } from '@distillation/kube/wire';

/**
 * Pods whose worker has ended while a container that a webhook added runs on. Their Job counts them as active for ever: it neither tries
 * again nor ends, and they keep their GPUs. They are judged by their worker, and ended: by the kubelet, which gives their resources free
 * when it has, so that the Job goes by its own rules.
 */

/** How the worker of an index came to its end, where the Job does not know yet; undefined when there is none such or it is tried again. */
export function unseenEnd(
  attempt: Pick<JobAttempt, 'job'>,
  pods: readonly WirePod[],
  backoffLimit: number,
): PodEnd | undefined {
  const pod = pods.at(-1);
  return pod !== undefined && lingers(pod) && isItsLast(pod, attempt, backoffLimit) ? endOf(pod) : undefined;
}

/**
 * The writes that end such pods. To be carried out once all that they tell stands in the status, for they go with their last words. What
 * is known of an index that is over is put on its Job before.
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
