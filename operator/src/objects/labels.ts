import { API_VERSION, KIND } from '@distillation/api/job';
import type { DistillationJobObject } from './snapshot.ts';
import type { WireJob } from '@distillation/kube/wire';

/** How the operator knows its children; the caches select by `MANAGED_BY`. */

export const FIELD_MANAGER = 'distillation-operator';

export const LABEL = {
  managedBy: 'app.kubernetes.io/managed-by',
  /** Name of the DistillationJob, for people; cut to 63 characters. */
  job: 'distillation.dev/job',
  /** Its UID, for machines: a later job of the same name is another one. */
  jobUid: 'distillation.dev/job-uid',
  role: 'distillation.dev/role',
  /** Hash of all in the spec that the child was made from: another hash, another child. */
  revision: 'distillation.dev/revision',
  /** Of a Job: how many of this revision went before it, from 0. */
  attempt: 'distillation.dev/attempt',
  /** Kueue's, passed on from `spec.cluster.queueName`. */
  queue: 'kueue.x-k8s.io/queue-name',
} as const;

/** Names of these labels up to version 0.1.0: an upgraded operator knows the children of jobs under way. */
const EARLIER = { revision: 'distillation.dev/fit', attempt: 'distillation.dev/round' } as const;

export const MANAGED_BY = 'distillation-operator';

export const ANNOTATION = {
  /** Of a worker Job: bin of each completion index, such as `0,1,4`. */
  bins: 'distillation.dev/bins',
  /** What the operator last asked of `spec.suspend`: where the Job has it otherwise, somebody else decides. */
  suspend: 'distillation.dev/suspend',
  /** Hash of what the Job was made as, which cannot be changed any more. */
  made: 'distillation.dev/made',
} as const;

/**
 * Of a pod that the operator ends because a container that was added to it outlives the worker: the worker has ended well. Such a pod may
 * come out as failed, by how the other container ends.
 */
export const WORK_DONE = 'distillation.dev/WorkDone';

/** Annotation of a Job, one an index: exit code of the worker of an index that is over, whose pod the operator had to end. */
export const endedKey = (index: number): string => `distillation.dev/ended-${index}`;

export const ROLES = ['planner', 'worker', 'finalizer'] as const;
export type Role = (typeof ROLES)[number];

/** Port on which a worker pod serves `/progress`, `/metrics` and `/healthz`. */
export const WORKER_PORT = 9090;

/** Anything with labels, as the API server sends it. */
interface Labelled {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** What a child's name is made of. */
export interface ChildIdentity {
  readonly role: Role;
  readonly revision: string;
  /** Of a Job: how many of this revision went before it. A ConfigMap has none: all attempts share it. */
  readonly attempt?: number;
}

/** Labels of a child and, the same, of its pods: the operator's own and the recommended ones of Kubernetes. */
export function childLabels(
  job: DistillationJobObject,
  { role, revision, attempt }: ChildIdentity,
): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'distillation',
    'app.kubernetes.io/component': role,
    'app.kubernetes.io/part-of': 'distillation-operator',
    [LABEL.managedBy]: MANAGED_BY,
    [LABEL.job]: job.metadata.name,
    [LABEL.jobUid]: job.metadata.uid,
    [LABEL.role]: role,
    [LABEL.revision]: revision,
    ...(attempt !== undefined && { [LABEL.attempt]: String(attempt) }),
  };
}

/** The job as the controlling owner of a child: children go with it. */
export function ownerReference({ metadata: { name, uid } }: DistillationJobObject) {
  return { apiVersion: API_VERSION, kind: KIND, name, uid, controller: true, blockOwnerDeletion: true };
}

/** Role of a child; undefined when its label was tampered with. */
export function roleOf(child: Labelled): Role | undefined {
  const value = child.metadata?.labels?.[LABEL.role];
  return ROLES.find((role) => role === value);
}

/** Revision of a child: the hash of all in the spec that it was made from. */
export const revisionOfChild = (child: Labelled): string | undefined =>
  child.metadata?.labels?.[LABEL.revision] ?? child.metadata?.labels?.[EARLIER.revision];

/** Attempt number of a Job or pod, from 0; undefined of a ConfigMap. */
export const attemptNumber = (child: Labelled): number | undefined =>
  wholeNumber(child.metadata?.labels?.[LABEL.attempt] ?? child.metadata?.labels?.[EARLIER.attempt]);

/** Bin of each completion index of a worker Job, in the order of the indexes; empty for another Job. */
export function binsOf(job: WireJob): readonly number[] {
  const bins = (job.metadata?.annotations?.[ANNOTATION.bins] ?? '').split(',').map(wholeNumber);
  return bins.every((bin) => bin !== undefined) ? bins : [];
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Exit code of the worker of an index whose last pod the operator had to end; of a planner or finalizer, index 0. */
export const endedCode = (job: WireJob, index: number): number | undefined =>
  wholeNumber(job.metadata?.annotations?.[endedKey(index)]);

/** The queue of Kueue that a Job waits in: of the spec, or the one that Kueue itself gives to Jobs without. */
export const queueOf = (job: WireJob): string | undefined => job.metadata?.labels?.[LABEL.queue];

/**
 * Somebody else keeps a Job from running: Kueue, which suspends what it has not admitted, or a person. Only who suspended it lifts that; a
 * controller that did so too would fight with the other one for ever.
 */
export function isHeld(job: WireJob): boolean {
  if (job.spec?.suspend !== true) return false;
  return queueOf(job) !== undefined || job.metadata?.annotations?.[ANNOTATION.suspend] === 'false';
}

/** Whether it was made as this one is. */
export const isMadeAs = (job: WireJob, other: WireJob): boolean =>
  job.metadata?.annotations?.[ANNOTATION.made] === other.metadata?.annotations?.[ANNOTATION.made];
