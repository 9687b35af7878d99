import type { Role } from '@distillation/api/words';

/**
 * The closed set of problems that can keep a job's pods from working, the most severe first, each with what to do about it. Errors of the
 * worker itself have their reasons and fixes in the error catalogue (`packages/api/src/errors`). `{template}` stands for the field of
 * the pod template in question (`templateField`).
 */
export const PROBLEMS = {
  ClassNotFound:
    'Correct spec.cluster.className, or have the class added to `jobs.classes` of the chart (`--pod-classes` of the operator); the job then goes on by itself.',
  KueueMissing: 'Install Kueue, or remove spec.cluster.queueName.',
  HandedOver:
    'Name in spec.cluster.queueName a queue that does not send its Jobs to other clusters (MultiKueue); the Jobs are then made anew.',
  SuspendedByOthers:
    'Whoever suspended the Job has to let it run again; where it was Kueue, set spec.cluster.queueName.',
  VolumeNotFound: 'Create the claim in the namespace of the job, or correct its name in spec.cluster.',
  VolumeAccessMode:
    'Give a claim of access mode ReadWriteMany (ReadOnlyMany does for teacher and data set), or set spec.scheduling.bins to 1.',
  VolumeNotBound:
    'Check the storage class of the claim and its provisioner (`kubectl describe pvc`); the pods start as soon as it is bound.',
  VolumeNotMounted:
    'Check what the message names, the storage behind the claim above all; the kubelet tries again by itself.',
  QuotaExceeded:
    'Raise the quota of the namespace, have its pods ask for less (spec.cluster.gpu.count, {template.resources}), or wait until others are done.',
  PodSecurityViolation:
    'The pods keep to the level "restricted"; look for a webhook or a setting of the operator that changes them.',
  PodsRefused: 'Change {template} as the message says, or have the rule of the namespace changed.',
  ImagePullBackOff:
    'Correct the image ({template.image} or the operator’s --worker-image), or give {template.imagePullSecrets}; the kubelet tries again by itself.',
  CreateContainerConfigError: 'Give what the message names as missing or wrong: the kubelet tries again by itself.',
  CreateContainerError: 'Check the image and the node’s container runtime; the kubelet tries again by itself.',
  RunContainerError:
    'Check that the image ({template.image} or the operator’s --worker-image) is one of this project’s worker, built for the processors of the node.',
  ProbeFailed:
    'If the image ({template.image} or the operator’s --worker-image) is not one of this project’s worker, correct it; a worker that is starved of processor or storage answers late.',
  NodeRefusedPod: 'Check the node, its device plugin above all; the Job makes another pod.',
  OOMKilled:
    'Raise {template.resources.limits.memory}, or lower spec.dataset.batchSize; the work goes on from its last checkpoint.',
  WorkerFailed: 'Read the log of the pod; the work goes on from its last checkpoint.',
  NoScheduler: 'Correct {template.schedulerName}, or start that scheduler.',
  Queued:
    'Its Workload says what it waits for (`kubectl get workloads`); the LocalQueue has to exist in the namespace.',
  WaitingForInputs:
    'Copy teacher and data to where the message looks for them (`kubectl distill push -f MANIFEST --from FOLDER`); the job then goes on by itself.',
  SchedulingGated: 'Whoever set the scheduling gate must lift it; a queue does so when there is room.',
  Unschedulable: 'It starts as soon as a node has room.',
  NetworkNotReady: 'Check the network plugin of the node; the kubelet tries again by itself.',
  NodeLost: 'Nothing: its work goes on elsewhere from the last checkpoint.',
  Preempted: 'Nothing, or give a higher {template.priorityClassName}; the work goes on from its last checkpoint.',
  Evicted:
    'Should it happen again, say in {template.resources.requests} what a pod needs; the work goes on from its last checkpoint.',
} as const;

export type ProblemReason = keyof typeof PROBLEMS;

export const wayOut = (reason: ProblemReason, role: Role | undefined): string => placed(PROBLEMS[reason], role);

/** The way out for a container that exited without a worker's termination message, whatever its exit code. */
export const suspicion = (role: Role | undefined): string =>
  placed(
    'The worker says how it ended, and this did not: if the image ({template.image} or the operator’s --worker-image) or its command is not that of this project’s worker, correct it; else read the log of the pod.',
    role,
  );

/** The way out for a worker whose termination message is of a version that this operator does not read. */
export const sameRelease = (role: Role | undefined): string =>
  placed(
    'Let the operator and the image ({template.image} or the operator’s --worker-image) be of the same release.',
    role,
  );

/**
 * Path in the manifest of a field of a role's pods. The finalizer inherits from the workers' template what its own leaves out, so its own
 * is always the right place: setting a field there makes no worker stale.
 */
export function templateField(role: Role | undefined, field = ''): string {
  return `spec.cluster.${role === 'finalizer' ? 'finalizerTemplate' : 'workerTemplate'}${field}`;
}

/** A way out with the field of the pod template in the place of `{template}`. */
export const placed = (text: string, role: Role | undefined): string =>
  text.replaceAll(/\{template([\w./-]*)\}/g, (_, field: string) => templateField(role, field));

const ORDER = Object.keys(PROBLEMS);

/** Lower is more severe. The worker's own errors count as `WorkerFailed`. */
export function severityOf(reason: string): number {
  const index = ORDER.indexOf(reason);
  return index === -1 ? ORDER.indexOf('WorkerFailed') : index;
}
