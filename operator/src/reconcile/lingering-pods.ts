import { EXIT } from '@distillation/api/errors';
import type { JobAttempt } from '../observe/child-jobs.ts';
import { isItsLast } from '../observe/last-run.ts';
import { endOf, indexOf, lingers } from '../observe/pod-status.ts';
import type { Write } from '../objects/snapshot.ts';

/**
 * Pods whose worker has ended while a container that a webhook added keeps running. The Job controller counts such a pod as active for
 * ever: the Job neither retries nor ends, and the pod keeps its GPUs. The operator therefore goes by the worker's exit and deletes the pod;
 * the kubelet stops it and frees its resources, and the Job proceeds by its own rules.
 */

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
