import { roleOf } from '../objects/labels.ts';
import { CONTAINER } from '../objects/pod.ts';
import { containerOf, isStarting } from '../observe/pod-status.ts';
import type { PodWarning } from '../objects/snapshot.ts';
import type { WirePod } from '@distillation/kube/wire';
import { type Finding, type ProblemReason, finding } from './reasons.ts';

/** Pods on a node that cannot start, in the words of the kubelet. */

/** Why a container waits, as kubelet and container runtimes name it. What is not here passes by itself (`ContainerCreating`). */
const WAITING: Readonly<Record<string, ProblemReason>> = {
  ErrImagePull: 'ImagePullBackOff',
  ImagePullBackOff: 'ImagePullBackOff',
  InvalidImageName: 'ImagePullBackOff',
  ErrImageNeverPull: 'ImagePullBackOff',
  ImageInspectError: 'ImagePullBackOff',
  RegistryUnavailable: 'ImagePullBackOff',
  SignatureValidationFailed: 'ImagePullBackOff',
  CreateContainerConfigError: 'CreateContainerConfigError',
  CreateContainerError: 'CreateContainerError',
  RunContainerError: 'RunContainerError',
  CrashLoopBackOff: 'RunContainerError',
};

/** Warning events of a pod that waits and does not say why. */
const WARNINGS: Readonly<Record<string, ProblemReason>> = {
  FailedMount: 'VolumeNotMounted',
  FailedAttachVolume: 'VolumeNotMounted',
  FailedMapVolume: 'VolumeNotMounted',
  FailedCreatePodSandBox: 'NetworkNotReady',
  NetworkNotReady: 'NetworkNotReady',
};

/** Why a pod's containers (its own, or what a webhook added) do not start, by its status or, when given, by its newest warning event. */
export function startFinding(pod: WirePod, warning?: PodWarning): Finding | undefined {
  const podName = pod.metadata?.name ?? '';
  const role = roleOf(pod);
  if (warning !== undefined) {
    const reason = WARNINGS[warning.reason];
    return reason && finding(reason, `Pod ${podName}: ${warning.message}`, { role });
  }
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const { name, state, image } of statuses) {
    const reason = WAITING[state?.waiting?.reason ?? ''];
    if (reason === undefined) continue;
    const { reason: kubelets = '', message = '' } = state?.waiting ?? {};
    const what =
      reason === 'ImagePullBackOff'
        ? `Image ${image} of pod ${podName}: ${pullError(kubelets, message)}`
        : `Pod ${podName}: ${message === '' ? kubelets : message}`;
    return finding(reason, what, { role, fix: name === CONTAINER ? ownFix(message) : foreignFix(name) });
  }
  return undefined;
}

/** The kubelet does not let a container run as root that may not, and cannot tell of a user that is a name. */
const ownFix = (message: string): string | undefined =>
  message.includes('runAsNonRoot')
    ? 'Give the pods a user by the operator’s --run-as-user (worker.runAsUser of the chart), or correct the image ({template.image}).'
    : undefined;

const foreignFix = (container: string): string =>
  `Container ${container} was added by a webhook: correct it there, or have the webhook leave the pods of the job out.`;

/**
 * A container that runs and has not answered its start-up probe once, by the pod's newest warning event. A worker serves `/healthz`
 * before anything else, so that the image is another one is likely.
 */
export function probeFinding(pod: WirePod, warning: PodWarning | undefined): Finding | undefined {
  if (!isStarting(pod) || warning?.reason !== 'Unhealthy' || !/^startup probe/i.test(warning.message)) return undefined;
  const { image, state } = containerOf(pod) ?? {};
  const since = state?.running?.startedAt;
  const what = `Pod ${pod.metadata?.name ?? ''} runs the image ${image ?? ''} and does not answer: ${warning.message}`;
  return finding('ProbeFailed', what, { role: roleOf(pod), since });
}

/** A failed pull and the pause after it alternate for hours: the same words for both, so that a status is written once. */
function pullError(reason: string, message: string): string {
  const error = message.replace(/^Back-off pulling image "[^"]*"(: )?/, '').replace(/^ErrImagePull: /, '');
  return error === ''
    ? reason === 'ErrImagePull' || reason === 'ImagePullBackOff'
      ? 'cannot be pulled'
      : reason
    : error;
}
