import { type Role, ROLES } from './words.ts';

/** How children of a job are recognised, by the operator and by whoever looks at a cluster. */

export const LABEL = {
  managedBy: 'app.kubernetes.io/managed-by',
  /** Name of the DistillationJob, for people; truncated to 63 characters. */
  job: 'distillation.dev/job',
  /** Its UID, for the operator: a later job may have the same name. */
  jobUid: 'distillation.dev/job-uid',
  role: 'distillation.dev/role',
  /** Hash of the parts of the spec that the child was created from; when they change, another child takes its place. */
  revision: 'distillation.dev/revision',
  /** Only Jobs have it: the number of earlier Jobs of this revision, from 0. */
  attempt: 'distillation.dev/attempt',
  /** Kueue's label, set from `spec.cluster.queueName`. */
  queue: 'kueue.x-k8s.io/queue-name',
} as const;

/** Values of `managedBy`. */
export const MANAGED_BY = 'distillation-operator';

interface Labelled {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
}

/** Role of a child; undefined when its label is missing or invalid. */
export function roleOf(child: Labelled): Role | undefined {
  const value = child.metadata?.labels?.[LABEL.role];
  return ROLES.find((role) => role === value);
}

/** Annotation, and label, by which Kubernetes tells a pod of an Indexed Job its completion index. */
export const COMPLETION_INDEX = 'batch.kubernetes.io/job-completion-index';

/** Default user and group ID of the pods: `nonroot` of the distroless images, an ID that normally exists on no node. */
export const DEFAULT_USER = 65532;

/** Port on which a worker pod serves `/progress`, `/metrics` and `/healthz`. */
export const WORKER_PORT = 9090;
