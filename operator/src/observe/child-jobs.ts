import { roleOf } from '@distillation/api/labels';
import { revisionOf } from '../objects/revision.ts';
import { binsOf, revisionOfChild, attemptNumber } from '../objects/labels.ts';
import { type Role, ROLES } from '@distillation/api/words';
import { isRunning } from './pod-status.ts';
import type { Snapshot } from '../objects/snapshot.ts';
import { finishedCondition } from '@distillation/kube/jobs';
import type { WireConfigMap, WireJob, WirePod } from '@distillation/kube/wire';

/** A job's children: by role those of the current revision, and the stale ones of any other. */
export interface ChildJobs {
  readonly roles: Readonly<Record<Role, RoleChildJobs>>;
  readonly stale: {
    readonly jobs: readonly WireJob[];
    readonly configMaps: readonly WireConfigMap[];
    /** Whether pods of another revision still run; the pods of a deleted Job outlive it by their grace period. */
    readonly running: boolean;
  };
}

export interface RoleChildJobs {
  readonly revision: string;
  readonly configMap?: WireConfigMap;
  /** Jobs in the order of their creation. */
  readonly attempts: readonly JobAttempt[];
}

/** A Job with its pods, the oldest first. */
export interface JobAttempt {
  readonly number: number;
  readonly job: WireJob;
  readonly pods: readonly WirePod[];
  /** For a worker Job: bin of each completion index. */
  readonly bins: readonly number[];
  /** Present once the Job has finished. */
  readonly end?: JobEnd;
  /** `spec.suspend`: no pod of it may run. */
  readonly suspended: boolean;
  /** It was deleted and waits for its finalizers. */
  readonly deleting: boolean;
}

interface JobEnd {
  readonly complete: boolean;
  /** Reason of the condition `Failed`, such as `BackoffLimitExceeded` or `PodFailurePolicy`. */
  readonly reason?: string;
  readonly message?: string;
  /** Milliseconds since the epoch, by the Job controller's clock. */
  readonly at: number;
}

export function childJobsOf({ job, jobs, pods, configMaps }: Snapshot): ChildJobs {
  const revisions = new Map(ROLES.map((role) => [role, revisionOf(role, job)]));
  const isCurrent = (child: WireJob | WirePod | WireConfigMap): boolean => {
    const role = roleOf(child);
    return role !== undefined && revisionOfChild(child) === revisions.get(role);
  };
  const childrenOf = (role: Role): RoleChildJobs => {
    const mine = (child: WireJob | WireConfigMap): boolean => roleOf(child) === role && isCurrent(child);
    const configMap = configMaps.find(mine);
    const attempts = jobs
      .filter(mine)
      .map((child) => attemptOf(child, pods))
      .sort((a, b) => a.number - b.number);
    return { revision: revisions.get(role) ?? '', attempts, ...(configMap !== undefined && { configMap }) };
  };
  return {
    roles: { planner: childrenOf('planner'), worker: childrenOf('worker'), finalizer: childrenOf('finalizer') },
    stale: {
      jobs: jobs.filter((child) => !isCurrent(child)),
      configMaps: configMaps.filter((child) => !isCurrent(child)),
      running: pods.some((pod) => !isCurrent(pod) && isRunning(pod)),
    },
  };
}

export const latestAttempt = ({ attempts }: RoleChildJobs): JobAttempt | undefined => attempts.at(-1);

/** The attempt that is neither finished nor being deleted. */
export function activeAttempt(children: RoleChildJobs): JobAttempt | undefined {
  return children.attempts.find(({ end: ending, deleting }) => ending === undefined && !deleting);
}

/** By owner UID, since a later Job may have the name of an earlier one. */
function podsOf(job: WireJob, pods: readonly WirePod[]): WirePod[] {
  return pods.filter((pod) => pod.metadata?.ownerReferences?.some(({ uid }) => uid === job.metadata?.uid));
}

/** A Job with its own pods out of these. */
export function attemptOf(job: WireJob, pods: readonly WirePod[]): JobAttempt {
  const ending = endingOf(job);
  return {
    number: attemptNumber(job) ?? 0,
    job,
    pods: podsOf(job, pods).sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)),
    bins: binsOf(job),
    suspended: job.spec?.suspend === true,
    deleting: job.metadata?.deletionTimestamp !== undefined,
    ...(ending !== undefined && { end: ending }),
  };
}

const orderOf = (pod: WirePod): string => `${pod.metadata?.creationTimestamp ?? ''} ${pod.metadata?.name ?? ''}`;

function endingOf(job: WireJob): JobEnd | undefined {
  const { status } = job;
  const condition = finishedCondition(job);
  if (condition === undefined) return undefined;
  const { type, reason, message, lastTransitionTime } = condition;
  return {
    complete: type === 'Complete',
    at: Date.parse(lastTransitionTime ?? status?.completionTime ?? '') || 0,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
  };
}
