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

/** Port on which a worker pod serves `/progress`, `/metrics` and `/healthz`. */
export const WORKER_PORT = 9090;
