import type { ClusterSpec } from '@distillation/api/job';
import { containerOf, indexOf, isKilledSilently, isPending, isReady, isStarting } from '../observe/pod-status.ts';
import { newestPods, wantsPods } from '../diagnosis/diagnose.ts';
import type { JobAttempt } from '../observe/child-jobs.ts';
import { stagePods } from '../observe/stage.ts';
import type { ObservedJob } from '../observe/observe.ts';
import type { Reconciliation } from '../objects/snapshot.ts';
import type { WirePod } from '@distillation/kube/wire';
import type { Stage } from '@distillation/core/decide';

/** Which pod to poll, and the events of which objects to read, before the next reconcile. */

/** Age from which the events of a Job that lacks pods are read. */
const PODLESS_MS = 5_000;
/**
 * How long a scheduled pod may wait without giving a reason before its events are read. A kubelet often fails to mount objects that its
 * caches have not received yet, warns, and succeeds soon after, which is not worth reporting.
 */
const UNEXPLAINED_MS = 15_000;
/**
 * How long a container may run without passing its startup probe before its events are read: a worker answers after a few seconds, and the
 * probe gives up only after minutes.
 */
const PROBED_MS = 20_000;
/** Waiting reasons of every pod that starts normally. */
const NORMAL_WAITING: readonly (string | undefined)[] = [undefined, 'ContainerCreating', 'PodInitializing'];

/** One ready pod, which answers for all; the same one as long as it is ready. A planner only if it may wait for its inputs. */
export function choosePoll(
  observed: ObservedJob,
  stage: Stage,
  { inputsDeadlineSeconds = 0 }: ClusterSpec,
): Pick<Reconciliation, 'poll'> {
  const asks = stage === 'Planning' ? inputsDeadlineSeconds > 0 : stage === 'Training' || stage === 'Finalizing';
  if (!asks) return {};
  const ready = stagePods(observed, stage)
    .filter(isReady)
    .sort((a, b) => (indexOf(a) ?? 0) - (indexOf(b) ?? 0));
  for (const { metadata, status } of ready) {
    const { name: podName, uid: podUid } = metadata ?? {};
    const podIP = status?.podIP;
    if (podName !== undefined && podUid !== undefined && podIP !== undefined)
      return { poll: { podName, podUid, podIP } };
  }
  return {};
}

/** Names of the Job, if it lacks pods, and of scheduled pods that do not start or were killed, without a reason in their status. */
export function findUnexplained(attempt: JobAttempt | undefined, now: Date): string[] {
  if (attempt === undefined) return [];
  const isOlder = (since: string | undefined, ms: number): boolean => now.getTime() - Date.parse(since ?? '') >= ms;
  const { job } = attempt;
  const pods = attempt.pods
    .filter((pod) => isPending(pod) && isOlder(scheduledAt(pod), UNEXPLAINED_MS))
    .filter(({ status }) =>
      (status?.containerStatuses ?? []).every(({ state }) => NORMAL_WAITING.includes(state?.waiting?.reason)),
    );
  const silent = attempt.pods.filter(
    (pod) => isStarting(pod) && isOlder(containerOf(pod)?.state?.running?.startedAt, PROBED_MS),
  );
  const killed = newestPods(attempt).filter(isKilledSilently);
  const podless = lacksPods(attempt) && isOlder(job.metadata?.creationTimestamp, PODLESS_MS);
  return [...(podless ? [job] : []), ...pods, ...silent, ...killed].flatMap(({ metadata }) => metadata?.name ?? []);
}

/** When the pod was scheduled; undefined while it has no node. */
function scheduledAt({ metadata, spec, status }: WirePod): string | undefined {
  if (spec?.nodeName === undefined) return undefined;
  const scheduled = status?.conditions?.find(({ type, status: holds }) => type === 'PodScheduled' && holds === 'True');
  return scheduled?.lastTransitionTime ?? metadata?.creationTimestamp;
}

/** Whether a pod waits or the Job lacks pods: the cause may appear in an event at any time, which triggers no reconcile. */
export const isStuck = (attempt: JobAttempt): boolean =>
  attempt.pods.some((pod) => isPending(pod) || isStarting(pod)) || lacksPods(attempt);

const lacksPods = ({ job, deleting }: JobAttempt): boolean => !deleting && wantsPods(job);
