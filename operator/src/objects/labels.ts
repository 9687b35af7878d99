import { LABEL, MANAGED_BY } from '@distillation/api/labels';
import { API_VERSION, KIND, type Role } from '@distillation/api/words';
import type { DistillationJobObject } from './snapshot.ts';
import type { WireJob } from '@distillation/kube/wire';

/** How the operator recognizes its children; the caches select by `MANAGED_BY`. */

export const FIELD_MANAGER = 'distillation-operator';

/** Names of these labels up to version 0.1.0, by which an upgraded operator recognizes the children of running jobs. */
const EARLIER = { revision: 'distillation.dev/fit', attempt: 'distillation.dev/round' } as const;

export const ANNOTATION = {
  /** Of a worker Job: bin of each completion index, such as `0,1,4`. */
  bins: 'distillation.dev/bins',
  /** The value that the operator last set for `spec.suspend`; if the Job has another one, somebody else set it. */
  suspend: 'distillation.dev/suspend',
  /** Hash of the Job's spec at its creation, which is immutable. */
  made: 'distillation.dev/made',
} as const;

/**
 * Pod condition on a pod that the operator deletes because an injected container outlives the worker: the worker has succeeded. The phase
 * of such a pod may still become `Failed`, by the exit code of the other container.
 */
export const WORK_DONE = 'distillation.dev/WorkDone';

/** Annotation of a Job, one per index: exit code of the worker of a finished index whose pod the operator had to delete. */
export const endedKey = (index: number): string => `distillation.dev/ended-${index}`;

/** Anything with labels, as the API server sends it. */
interface Labelled {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** The parts of a child's name. */
export interface ChildIdentity {
  readonly role: Role;
  readonly revision: string;
  /** Number of earlier Jobs of this revision. Absent for a ConfigMap, which all attempts share. */
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

/** The labels of a job that its children get too, by the operator's configuration. The operator's own win over them. */
export function propagatedLabels(
  { metadata }: DistillationJobObject,
  { propagateLabels = [] }: { readonly propagateLabels?: readonly string[] },
): Record<string, string> {
  const own = metadata.labels ?? {};
  return Object.fromEntries(
    propagateLabels.flatMap((key) => {
      const value = own[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** Owner reference with the job as controller: Kubernetes deletes the children with it. */
export function ownerReference({ metadata: { name, uid } }: DistillationJobObject) {
  return { apiVersion: API_VERSION, kind: KIND, name, uid, controller: true, blockOwnerDeletion: true };
}

/** Revision of a child: the hash of the parts of the spec that it was created from. */
export const revisionOfChild = (child: Labelled): string | undefined =>
  child.metadata?.labels?.[LABEL.revision] ?? child.metadata?.labels?.[EARLIER.revision];

/** Attempt number of a Job or pod, from 0; undefined for a ConfigMap. */
export const attemptNumber = (child: Labelled): number | undefined =>
  wholeNumber(child.metadata?.labels?.[LABEL.attempt] ?? child.metadata?.labels?.[EARLIER.attempt]);

/** Bin of each completion index of a worker Job, in the order of the indexes; empty for other Jobs. */
export function binsOf(job: WireJob): readonly number[] {
  const bins = (job.metadata?.annotations?.[ANNOTATION.bins] ?? '').split(',').map(wholeNumber);
  return bins.every((bin) => bin !== undefined) ? bins : [];
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Exit code of the worker of an index whose last pod the operator had to delete; index 0 for planner and finalizer. */
export const endedCode = (job: WireJob, index: number): number | undefined =>
  wholeNumber(job.metadata?.annotations?.[endedKey(index)]);

/** Kueue's LocalQueue of a Job: from the spec, or the one that Kueue itself assigns to Jobs without one. */
export const queueOf = (job: WireJob): string | undefined => job.metadata?.labels?.[LABEL.queue];

/**
 * Whether somebody else has suspended a Job: Kueue, which suspends what it has not admitted, or a person. The operator leaves it to them
 * to resume it; two controllers that both set `spec.suspend` would fight for ever.
 */
export function isHeld(job: WireJob): boolean {
  if (job.spec?.suspend !== true) return false;
  return queueOf(job) !== undefined || job.metadata?.annotations?.[ANNOTATION.suspend] === 'false';
}

/** Whether two Jobs were created with the same spec. */
export const isMadeAs = (job: WireJob, other: WireJob): boolean =>
  job.metadata?.annotations?.[ANNOTATION.made] === other.metadata?.annotations?.[ANNOTATION.made];
