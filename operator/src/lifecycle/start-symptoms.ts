import type { PodWarning, WirePod } from './snapshot.ts';
import { type Symptom, type TroubleReason, symptom } from './troubles.ts';

/** Pods on a node that cannot start, in the words of the kubelet. */

/** Why a container waits, as kubelet and container runtimes name it. What is not here passes by itself (`ContainerCreating`). */
const WAITING: Readonly<Record<string, TroubleReason>> = {
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
const WARNINGS: Readonly<Record<string, TroubleReason>> = {
  FailedMount: 'VolumeNotMounted',
  FailedAttachVolume: 'VolumeNotMounted',
  FailedMapVolume: 'VolumeNotMounted',
  FailedCreatePodSandBox: 'NetworkNotReady',
  NetworkNotReady: 'NetworkNotReady',
};

/** Why a pod's containers (its own, or what a webhook added) do not start, by its status or, when given, by its newest warning event. */
export function startSymptom(pod: WirePod, warning?: PodWarning): Symptom | undefined {
  const name = pod.metadata?.name ?? '';
  if (warning !== undefined) {
    const reason = WARNINGS[warning.reason];
    return reason && symptom(reason, `Pod ${name}: ${warning.message}`);
  }
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const { state, image } of statuses) {
    const reason = WAITING[state?.waiting?.reason ?? ''];
    if (reason === undefined) continue;
    const { reason: kubelets = '', message = '' } = state?.waiting ?? {};
    if (reason === 'ImagePullBackOff')
      return symptom(reason, `Image ${image} of pod ${name}: ${pullError(kubelets, message)}`);
    return symptom(reason, `Pod ${name}: ${message === '' ? kubelets : message}`);
  }
  return undefined;
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
