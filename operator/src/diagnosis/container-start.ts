import { roleOf } from '@distillation/api/labels';
import { CONTAINER } from '../objects/pod.ts';
import { containerOf, isStarting } from '../observe/pod-status.ts';
import type { PodWarning } from '../objects/snapshot.ts';
import type { WirePod } from '@distillation/kube/wire';
import { type Finding, finding } from '../problems/finding.ts';
import type { ProblemReason } from '../problems/problems.ts';

/** Scheduled pods that cannot start, in the kubelet's words. */

/** Waiting reasons of the kubelet and the container runtimes. Any other, such as `ContainerCreating`, is transient. */
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

/** Warning events that explain a waiting pod whose status does not. */
const WARNINGS: Readonly<Record<string, ProblemReason>> = {
  FailedMount: 'VolumeNotMounted',
  FailedAttachVolume: 'VolumeNotMounted',
  FailedMapVolume: 'VolumeNotMounted',
  FailedCreatePodSandBox: 'NetworkNotReady',
  NetworkNotReady: 'NetworkNotReady',
};

/** Why a pod's containers, including those that a webhook added, do not start, by its status or, when given, its newest warning event. */
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

/** With `runAsNonRoot` the kubelet refuses a container whose user is root, or is a name, which it cannot verify. */
const ownFix = (message: string): string | undefined =>
  message.includes('runAsNonRoot')
    ? 'Give the pods a user by the operator’s --run-as-user (worker.runAsUser of the chart), or correct the image ({template.image}).'
    : undefined;

const foreignFix = (container: string): string =>
  `Container ${container} was added by a webhook: correct it there, or have the webhook leave the pods of the job out.`;

/**
 * A running container that has never answered its startup probe, by the pod's newest warning event. A worker serves `/healthz` before
 * it does anything else, so the image is probably the wrong one.
 */
export function probeFinding(pod: WirePod, warning: PodWarning | undefined): Finding | undefined {
  if (!isStarting(pod) || warning?.reason !== 'Unhealthy' || !/^startup probe/i.test(warning.message)) return undefined;
  const { image, state } = containerOf(pod) ?? {};
  const since = state?.running?.startedAt;
  const what = `Pod ${pod.metadata?.name ?? ''} runs the image ${image ?? ''} and does not answer: ${warning.message}`;
  return finding('ProbeFailed', what, { role: roleOf(pod), since });
}

/** `ErrImagePull` and `ImagePullBackOff` alternate for hours; one message for both avoids repeated status writes. */
function pullError(reason: string, message: string): string {
  const error = message.replace(/^Back-off pulling image "[^"]*"(: )?/, '').replace(/^ErrImagePull: /, '');
  return error === ''
    ? reason === 'ErrImagePull' || reason === 'ImagePullBackOff'
      ? 'cannot be pulled'
      : reason
    : error;
}
