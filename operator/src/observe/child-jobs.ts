import { revisionOf } from '../objects/revision.ts';
import { type Role, ROLES, binsOf, revisionOfChild, roleOf, attemptNumber } from '../objects/labels.ts';
import { isRunning } from './pod-status.ts';
import type { Snapshot } from '../objects/snapshot.ts';
import { finishedCondition } from '@distillation/kube/jobs';
import type { WireConfigMap, WireJob, WirePod } from '@distillation/kube/wire';

/** A job's children, sorted: by role those that revision its spec, and those made for another one. */
export interface ChildJobs {
  readonly roles: Readonly<Record<Role, RoleChildJobs>>;
  readonly stale: {
    readonly jobs: readonly WireJob[];
    readonly configMaps: readonly WireConfigMap[];
    /** Whether pods of another spec still run; those of a deleted Job outlive it by their grace period. */
    readonly running: boolean;
  };
}

export interface RoleChildJobs {
  readonly revision: string;
  readonly configMap?: WireConfigMap;
  /** Jobs in the order they were made. */
  readonly attempts: readonly JobAttempt[];
}

/** A Job of one role with its pods, the oldest first. */
export interface JobAttempt {
  readonly number: number;
  readonly job: WireJob;
  readonly pods: readonly WirePod[];
  /** Of a worker Job: bin of each completion index. */
  readonly bins: readonly number[];
  /** Present once the Job has come to its end. */
  readonly end?: JobEnd;
  /** No pod of it may run. */
  readonly suspended: boolean;
  /** Somebody deleted it; it is there until its dependents are dealt with. */
  readonly deleting: boolean;
}

export interface JobEnd {
  readonly complete: boolean;
  /** Of the condition `Failed`, such as `BackoffLimitExceeded` or `PodFailurePolicy`. */
  readonly reason?: string;
  readonly message?: string;
  /** Milliseconds since the epoch of UNIX time, by the Job controller's clock. */
  readonly at: number;
}

export function childJobsOf({ job, jobs, pods, configMaps }: Snapshot): ChildJobs {
  const revisions = new Map(ROLES.map((role) => [role, revisionOf(role, job)]));
  const fitting = (child: WireJob | WirePod | WireConfigMap): boolean => {
    const role = roleOf(child);
    return role !== undefined && revisionOfChild(child) === revisions.get(role);
  };
  const childrenOf = (role: Role): RoleChildJobs => {
    const mine = (child: WireJob | WireConfigMap): boolean => roleOf(child) === role && fitting(child);
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
      jobs: jobs.filter((child) => !fitting(child)),
      configMaps: configMaps.filter((child) => !fitting(child)),
      running: pods.some((pod) => !fitting(pod) && isRunning(pod)),
    },
  };
}

export const latestAttempt = ({ attempts }: RoleChildJobs): JobAttempt | undefined => attempts.at(-1);

/** The attempt that is neither over nor on its way out. */
export function activeAttempt(children: RoleChildJobs): JobAttempt | undefined {
  return children.attempts.find(({ end: ending, deleting }) => ending === undefined && !deleting);
}

/** By owner rather than by name: a later Job may have the name of an earlier one. */
function podsOf(job: WireJob, pods: readonly WirePod[]): WirePod[] {
  return pods.filter((pod) => pod.metadata?.ownerReferences?.some(({ uid }) => uid === job.metadata?.uid));
}

/** A Job with those of these pods that are its own. */
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
