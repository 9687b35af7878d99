import type { WireJob, WirePod } from '@distillation/kube/wire';

/** How the rules of a `TestCluster` read Jobs and pods, independently of the operator's code, which is under test. */

export const isFinished = ({ status }: WireJob): boolean => (status?.conditions ?? []).length > 0;

export const isOver = ({ status }: WirePod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

export const isDisrupted = ({ status }: WirePod): boolean =>
  status?.conditions?.some(({ type }) => type === 'DisruptionTarget') ?? false;

export const exitCodeOf = ({ status }: WirePod): number | undefined =>
  status?.containerStatuses?.[0]?.state?.terminated?.exitCode;

export const isOwnedBy = (pod: WirePod, job: WireJob): boolean =>
  pod.metadata?.ownerReferences?.[0]?.uid === job.metadata?.uid;

export const indexOfPod = (pod: WirePod): number | undefined => {
  const text = pod.metadata?.annotations?.['batch.kubernetes.io/job-completion-index'];
  return text === undefined ? undefined : Number(text);
};
