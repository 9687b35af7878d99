import type { DistillationJobStatus } from '@distillation/api/job';
import type { WorkerProgress } from '@distillation/api/ledger';
import type { JobProblem } from '../diagnosis/diagnose.ts';
import type { JobAttempt } from '../observe/child-jobs.ts';
import type { ObservedJob } from '../observe/observe.ts';
import { endOf, failuresBefore, indexOf, isAtWork } from '../observe/pod-status.ts';
import type { WirePod } from '@distillation/kube/wire';
import type { Stage } from '@distillation/core/decide';
import { NEVER_STARTED, type ProcessState } from '@distillation/core/state';

type StatusBin = NonNullable<DistillationJobStatus['bins']>[number];

const MAX_MESSAGE = 1024;
/** Maximum characters for the messages of all bins together: etcd rejects objects of more than 1.5 MiB. */
const ALL_MESSAGES = 256 * 1024;

interface BinsInput {
  readonly stage: Stage;
  readonly problem?: JobProblem | undefined;
  /** Whether what changes all the time is to be told anew, or stays as it was told before. */
  readonly isRefreshed: boolean;
  /** Bins of the previous status, if of the same spec. */
  readonly before?: readonly StatusBin[] | undefined;
}

/** The bins that have blocks; one without never gets a pod. */
export function binsFor(
  { jobState, childJobs, knownBlocks }: ObservedJob,
  { stage, problem, isRefreshed, before = [] }: BinsInput,
): StatusBin[] {
  const bins = (jobState.schedule?.bins ?? []).filter(({ blocks }) => blocks.length > 0);
  const podsOf = podsByBin(childJobs.roles.worker.attempts);
  const longest = Math.min(MAX_MESSAGE, Math.floor(ALL_MESSAGES / bins.length));
  return bins.map(({ index, blocks }) => {
    const pods = podsOf.get(index) ?? [];
    const pod = pods.at(-1);
    const process = jobState.workers.get(index) ?? NEVER_STARTED;
    const state = stateOf(process, stage, pod);
    // The pod that reported how the bin ended had to be deleted and is gone.
    const told = before.find((bin) => bin.index === index && bin.state === state);
    if (pod === undefined && process.state === 'Exited' && told !== undefined)
      return { ...told, blocks: blocks.length };
    const rate = isRefreshed
      ? rateOf(knownBlocks.live?.workers.find(({ bin }) => bin === index))
      : before.find((bin) => bin.index === index)?.imagesPerSecond;
    const message =
      state === 'Failed' ? process.termination?.message : isAbout(problem, pod) ? problem?.message : undefined;
    return {
      index,
      state,
      blocks: blocks.length,
      ...(pod?.metadata?.name !== undefined && { pod: pod.metadata.name }),
      ...(pod?.spec?.nodeName !== undefined && { node: pod.spec.nodeName }),
      ...(pod !== undefined && { restarts: failuresOf(pods, pod) }),
      ...(state === 'Running' && rate !== undefined && { imagesPerSecond: rate }),
      ...(message !== undefined && { message: message.slice(0, longest) }),
    };
  });
}

/** Absent until the worker has told one. */
const rateOf = (worker: WorkerProgress | undefined): string | undefined =>
  worker !== undefined && worker.imagesPerSecond > 0
    ? String(Number(worker.imagesPerSecond.toPrecision(3)))
    : undefined;

/** Pods of each bin, the oldest first. */
function podsByBin(attempts: readonly JobAttempt[]): ReadonlyMap<number, readonly WirePod[]> {
  const byBin = new Map<number, WirePod[]>();
  for (const { pods, bins } of attempts) {
    for (const pod of pods) {
      const bin = bins[indexOf(pod) ?? -1];
      if (bin === undefined) continue;
      const earlier = byBin.get(bin);
      if (earlier === undefined) byBin.set(bin, [pod]);
      else earlier.push(pod);
    }
  }
  return byBin;
}

function stateOf({ state, exitCode }: ProcessState, stage: Stage, pod: WirePod | undefined): StatusBin['state'] {
  if (state === 'Exited') return exitCode === 0 ? 'Done' : 'Failed';
  // Its blocks were trained by other workers.
  if (stage === 'Succeeded') return 'Done';
  if (stage === 'Suspended' || stage === 'Failed') return 'Suspended';
  if (state === 'Running' && pod !== undefined && isAtWork(pod)) return 'Running';
  return stage === 'Finalizing' ? 'Done' : 'Waiting';
}

const isAbout = (problem: JobProblem | undefined, pod: WirePod | undefined): boolean =>
  problem?.podName !== undefined && problem.podName === pod?.metadata?.name;

/** The Job controller's count includes failed pods that are gone. */
function failuresOf(pods: readonly WirePod[], newest: WirePod): number {
  const counted = (failuresBefore(newest) ?? 0) + (hasFailed(newest) ? 1 : 0);
  return Math.max(counted, pods.filter(hasFailed).length);
}

function hasFailed(pod: WirePod): boolean {
  const end = endOf(pod);
  return end !== undefined && end.exitCode !== 0;
}
