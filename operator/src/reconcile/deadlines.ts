import type { ClusterSpec } from '@distillation/api/job';
import { isPending } from '../observe/pod-status.ts';
import { creationTime } from '@distillation/kube/time';
import type { WirePod } from '@distillation/kube/wire';
import type { FailureCause, FailureReason } from '@distillation/core/state';

/** The two deadlines of a job that is neither suspended nor finished, counted like those of Kubernetes' Job and Kubeflow's TrainJob. */

export interface DeadlineInput {
  readonly cluster: Pick<ClusterSpec, 'activeDeadlineSeconds' | 'pendingDeadlineSeconds'>;
  /** When the job started, or was last resumed. */
  readonly startTime: string;
  /** Pods of the current stage. */
  readonly pods: readonly WirePod[];
  readonly now: Date;
}

interface DeadlineOutcome {
  /** A deadline has passed. */
  readonly cause?: FailureCause;
  /** Time until the next deadline, in milliseconds. */
  readonly nextMs?: number;
}

export function deadlines({ cluster, startTime, pods, now }: DeadlineInput): DeadlineOutcome {
  const { activeDeadlineSeconds: active, pendingDeadlineSeconds: pending } = cluster;
  const left = (since: number, seconds: number): number => since + 1000 * seconds - now.getTime();
  const due: number[] = [];
  if (active !== undefined) {
    const ms = left(Date.parse(startTime), active);
    if (ms <= 0) return { cause: exceeded('DeadlineExceeded', activeMessage(active)) };
    due.push(ms);
  }
  const oldest = pods.filter(isPending).sort((a, b) => creationTime(a) - creationTime(b))[0];
  if (pending !== undefined && oldest !== undefined) {
    const ms = left(creationTime(oldest), pending);
    if (ms <= 0) return { cause: exceeded('PendingDeadlineExceeded', pendingMessage(pending, oldest)) };
    due.push(ms);
  }
  return due.length === 0 ? {} : { nextMs: Math.min(...due) };
}

const exceeded = (reason: FailureReason, message: string): FailureCause => ({
  process: 'job',
  exitCode: undefined,
  reason,
  message,
});

const activeMessage = (seconds: number): string =>
  `The job ran longer than spec.cluster.activeDeadlineSeconds (${seconds} s). What it finished is kept: raise or remove the ` +
  'deadline, and it goes on from its last checkpoints.';

const pendingMessage = (seconds: number, pod: WirePod): string =>
  `Pod ${pod.metadata?.name ?? ''} has not started within spec.cluster.pendingDeadlineSeconds (${seconds} s)` +
  `${whyPending(pod)} Make room for it or raise the deadline; the job then goes on from its last checkpoints.`;

/** The reason in the scheduler's or the kubelet's words. */
function whyPending({ status }: WirePod): string {
  const unscheduled = status?.conditions?.find(
    ({ type, status: holds }) => type === 'PodScheduled' && holds === 'False',
  );
  const waiting = status?.containerStatuses?.flatMap(({ state }) => state?.waiting ?? [])[0];
  const why =
    unscheduled?.message ?? [waiting?.reason, waiting?.message].filter((part) => part !== undefined).join(': ');
  return why === '' ? '.' : `: ${why.slice(0, 1000).replace(/\.?$/, '.')}`;
}
