import { containerOf, indexOf, isKilledSilently, isPending, isReady, isStarting } from '../observe/pod-status.ts';
import { newestPods, wantsPods } from '../diagnosis/diagnose.ts';
import type { JobAttempt } from '../observe/child-jobs.ts';
import { stagePods } from '../observe/stage.ts';
import type { ObservedJob } from '../observe/observe.ts';
import type { Reconciliation } from '../objects/snapshot.ts';
import type { WirePod } from '@distillation/kube/wire';
import type { Stage } from '@distillation/core/decide';

/** Which pods to ask or to ask about before the next look. */

/** Age from which a Job without its pods is asked about. */
const PODLESS_MS = 5_000;
/**
 * How long a pod may wait on its node without saying why before it is asked about. A kubelet that has just been given a pod often cannot
 * mount what it has not heard of yet, warns, and can soon after: that is no problem to tell of.
 */
const PUZZLING_MS = 15_000;
/**
 * How long a container may run without having answered its start-up probe before it is asked about: a worker answers after a few seconds,
 * and the probe's own patience is minutes.
 */
const PROBED_MS = 20_000;
/** What every pod says while it starts. */
const SAYS_NOTHING: readonly (string | undefined)[] = [undefined, 'ContainerCreating', 'PodInitializing'];

/** One pod that runs, which tells of all: the same one as long as it lasts. */
export function choosePoll(observed: ObservedJob, stage: Stage): Pick<Reconciliation, 'poll'> {
  if (stage !== 'Training' && stage !== 'Finalizing') return {};
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

/** Names of the Job, if it has fewer pods than it wants, and of the pods that are on a node, do not start or were killed, and do not say why. */
export function findUnexplained(attempt: JobAttempt | undefined, now: Date): string[] {
  if (attempt === undefined) return [];
  const isOlder = (since: string | undefined, ms: number): boolean => now.getTime() - Date.parse(since ?? '') >= ms;
  const { job } = attempt;
  const pods = attempt.pods
    .filter((pod) => isPending(pod) && isOlder(scheduledAt(pod), PUZZLING_MS))
    .filter(({ status }) =>
      (status?.containerStatuses ?? []).every(({ state }) => SAYS_NOTHING.includes(state?.waiting?.reason)),
    );
  const silent = attempt.pods.filter(
    (pod) => isStarting(pod) && isOlder(containerOf(pod)?.state?.running?.startedAt, PROBED_MS),
  );
  const killed = newestPods(attempt).filter(isKilledSilently);
  const podless = lacksPods(attempt) && isOlder(job.metadata?.creationTimestamp, PODLESS_MS);
  return [...(podless ? [job] : []), ...pods, ...silent, ...killed].flatMap(({ metadata }) => metadata?.name ?? []);
}

/** When the pod was given to its node; undefined as long as it has none. */
function scheduledAt({ metadata, spec, status }: WirePod): string | undefined {
  if (spec?.nodeName === undefined) return undefined;
  const scheduled = status?.conditions?.find(({ type, status: holds }) => type === 'PodScheduled' && holds === 'True');
  return scheduled?.lastTransitionTime ?? metadata?.creationTimestamp;
}

/** A pod that waits, or a Job without its pods: what keeps them may be told at any time, and nothing changes when it is. */
export const isStuck = (attempt: JobAttempt): boolean =>
  attempt.pods.some((pod) => isPending(pod) || isStarting(pod)) || lacksPods(attempt);

const lacksPods = ({ job, deleting }: JobAttempt): boolean => !deleting && wantsPods(job);
