import { fitOf } from '../objects/fit.ts';
import { type Role, ROLES, binsOf, fitOfChild, roleOf, roundOf } from '../objects/labels.ts';
import { isRunning } from './pod-status.ts';
import type { Snapshot } from '../objects/snapshot.ts';
import { finishedCondition } from '@distillation/kube/jobs';
import type { WireConfigMap, WireJob, WirePod } from '@distillation/kube/wire';

/** A job's children, sorted: by role those that fit its spec, and those made for another one. */
export interface Family {
  readonly roles: Readonly<Record<Role, RoleChildren>>;
  readonly stale: {
    readonly jobs: readonly WireJob[];
    readonly configMaps: readonly WireConfigMap[];
    /** Whether pods of another spec still run; those of a deleted Job outlive it by their grace period. */
    readonly running: boolean;
  };
}

export interface RoleChildren {
  readonly fit: string;
  readonly configMap?: WireConfigMap;
  /** Jobs in the order they were made. */
  readonly rounds: readonly Round[];
}

/** A Job of one role with its pods, the oldest first. */
export interface Round {
  readonly number: number;
  readonly job: WireJob;
  readonly pods: readonly WirePod[];
  /** Of a worker Job: bin of each completion index. */
  readonly bins: readonly number[];
  /** Present once the Job has come to its end. */
  readonly ending?: Ending;
  /** No pod of it may run. */
  readonly suspended: boolean;
  /** Somebody deleted it; it is there until its dependents are dealt with. */
  readonly deleting: boolean;
}

export interface Ending {
  readonly complete: boolean;
  /** Of the condition `Failed`, such as `BackoffLimitExceeded` or `PodFailurePolicy`. */
  readonly reason?: string;
  readonly message?: string;
  /** Milliseconds since the epoch of UNIX time, by the Job controller's clock. */
  readonly at: number;
}

export function sortChildren({ job, jobs, pods, configMaps }: Snapshot): Family {
  const fits = new Map(ROLES.map((role) => [role, fitOf(role, job)]));
  const fitting = (child: WireJob | WirePod | WireConfigMap): boolean => {
    const role = roleOf(child);
    return role !== undefined && fitOfChild(child) === fits.get(role);
  };
  const childrenOf = (role: Role): RoleChildren => {
    const mine = (child: WireJob | WireConfigMap): boolean => roleOf(child) === role && fitting(child);
    const configMap = configMaps.find(mine);
    const rounds = jobs
      .filter(mine)
      .map((child) => roundFrom(child, pods))
      .sort((a, b) => a.number - b.number);
    return { fit: fits.get(role) ?? '', rounds, ...(configMap !== undefined && { configMap }) };
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

export const newest = ({ rounds }: RoleChildren): Round | undefined => rounds.at(-1);

/** The round that is neither over nor on its way out. */
export function unfinished(children: RoleChildren): Round | undefined {
  return children.rounds.find(({ ending, deleting }) => ending === undefined && !deleting);
}

/** By owner rather than by name: a later Job may have the name of an earlier one. */
function podsOf(job: WireJob, pods: readonly WirePod[]): WirePod[] {
  return pods.filter((pod) => pod.metadata?.ownerReferences?.some(({ uid }) => uid === job.metadata?.uid));
}

/** A Job with those of these pods that are its own. */
export function roundFrom(job: WireJob, pods: readonly WirePod[]): Round {
  const ending = endingOf(job);
  return {
    number: roundOf(job) ?? 0,
    job,
    pods: podsOf(job, pods).sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)),
    bins: binsOf(job),
    suspended: job.spec?.suspend === true,
    deleting: job.metadata?.deletionTimestamp !== undefined,
    ...(ending !== undefined && { ending }),
  };
}

const orderOf = (pod: WirePod): string => `${pod.metadata?.creationTimestamp ?? ''} ${pod.metadata?.name ?? ''}`;

function endingOf(job: WireJob): Ending | undefined {
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
