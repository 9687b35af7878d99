import { roleOf } from '@distillation/api/labels';
import { describeExit } from '@distillation/core/failure';
import { ERRORS, isErrorCode } from '@distillation/api/errors';
import { CONTAINER } from '../objects/pod.ts';
import { endOf, isKilledSilently } from '../observe/pod-status.ts';
import type { PodWarning } from '../objects/snapshot.ts';
import type { WirePod } from '@distillation/kube/wire';
import { type Finding, bounded, finding } from '../problems/finding.ts';
import type { ProblemReason } from '../problems/problems.ts';

/** Pods that ended before their work was done and are replaced by others. */

/** Reasons of the pod condition `DisruptionTarget`, which Kubernetes sets when it terminates a pod for a reason outside the pod. */
const DISRUPTIONS: Readonly<Record<string, ProblemReason>> = {
  PreemptionByScheduler: 'Preempted',
  EvictionByEvictionAPI: 'Evicted',
  TerminationByKubelet: 'Evicted',
  DeletionByTaintManager: 'NodeLost',
  DeletionByPodGC: 'NodeLost',
};

/** Reasons of a pod that the kubelet terminated; others (`UnexpectedAdmissionError`, `OutOfcpu`, ...) mean that it never admitted it. */
const POD_REASONS: Readonly<Record<string, ProblemReason>> = {
  Evicted: 'Evicted',
  Preempting: 'Preempted',
  Shutdown: 'NodeLost',
  NodeShutdown: 'NodeLost',
  Terminated: 'NodeLost',
  NodeLost: 'NodeLost',
  DeadlineExceeded: 'WorkerFailed',
};

/** Why a pod failed, by its status or else its newest warning event; undefined when it did not fail or was only asked to stop. */
export function endFinding(pod: WirePod, warning?: PodWarning): Finding | undefined {
  const end = endOf(pod);
  if (end === undefined || end.exitCode === 0) return undefined;
  const name = pod.metadata?.name ?? '';
  const terminated = pod.status?.containerStatuses?.find((status) => status.name === CONTAINER)?.state?.terminated;
  const since = terminated?.finishedAt;
  const found = (reason: ProblemReason, what: string, way?: string): Finding =>
    finding(reason, what, { role: roleOf(pod), since, fix: way });
  if (terminated?.reason === 'OOMKilled') return found('OOMKilled', `Pod ${name}: ${end.error?.message ?? ''}`);
  const outside = endedFromOutside(pod);
  if (outside !== undefined) return found(outside.reason, `Pod ${name}${onNode(pod)}: ${outside.message}`);
  if (terminated?.reason === 'StartError' || terminated?.reason === 'ContainerCannotRun') {
    return found('RunContainerError', `Pod ${name}: ${terminated.message ?? terminated.reason}`);
  }
  const probe = isKilledSilently(pod) ? failedProbe(warning, since) : undefined;
  if (probe !== undefined)
    return found(probe, `Pod ${name}: ${bounded(warning?.message ?? '')} The kubelet ended it for that`);
  const { code, message, fix } = end.error ?? {};
  if (code === 'DISTILL_E_STOPPED') return undefined;
  if (code === undefined || !isErrorCode(code)) {
    // A shell reports a command that is not executable (126) or not found (127) by these codes.
    const isOther = end.exitCode === 126 || end.exitCode === 127;
    const what = `Pod ${name}: ${message ?? describeExit(end.exitCode)}`;
    return isOther ? found('RunContainerError', what) : found('WorkerFailed', what, fix);
  }
  const { reason, fix: usual } = ERRORS[code];
  const what = bounded(`Pod ${name}: ${message ?? code}`);
  return { reason, what, fix: fix ?? usual, ...(since !== undefined && { since }) };
}

/** Maximum time between the failed probe that a container was killed for and its end, both by its kubelet's clock. */
const PROBE_TO_END_MS = 90_000;

function failedProbe(warning: PodWarning | undefined, endedAt: string | undefined): ProblemReason | undefined {
  if (warning?.reason !== 'Unhealthy' || warning.at === undefined) return undefined;
  if (!(warning.at >= Date.parse(endedAt ?? '') - PROBE_TO_END_MS)) return undefined;
  if (/^startup probe/i.test(warning.message)) return 'ProbeFailed';
  return /^liveness probe/i.test(warning.message) ? 'WorkerFailed' : undefined;
}

function endedFromOutside({ status }: WirePod): { reason: ProblemReason; message: string } | undefined {
  const disruption = status?.conditions?.find(
    (condition) => condition.type === 'DisruptionTarget' && condition.status === 'True',
  );
  const words = [status?.message, disruption?.message].find((text) => text !== undefined && text !== '');
  if (disruption !== undefined) {
    const { reason = '' } = disruption;
    return { reason: DISRUPTIONS[reason] ?? 'Evicted', message: words ?? reason };
  }
  // A pod-level reason may be set even when a container ended by itself; it is the cause only if there is no exit code.
  if (status?.reason === undefined || status.reason === '') return undefined;
  const reason = POD_REASONS[status.reason];
  const hasRun = status.containerStatuses?.some(({ state }) => state?.terminated !== undefined) ?? false;
  if (reason === undefined && hasRun) return undefined;
  return { reason: reason ?? 'NodeRefusedPod', message: `${status.reason}: ${words ?? ''}` };
}

const onNode = ({ spec }: WirePod): string => (spec?.nodeName === undefined ? '' : ` on node ${spec.nodeName}`);
