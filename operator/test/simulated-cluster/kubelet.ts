import { roleOf } from '@distillation/api/labels';
import { encodeTermination, type Termination } from '@distillation/api/termination';
import { revisionOfChild } from '../../src/objects/labels.ts';
import { CONTAINER } from '../../src/objects/pod.ts';
import type { WirePod } from '@distillation/kube/wire';
import type { TestCluster } from './cluster.ts';
import { exitCodeOf, isOver } from './status.ts';
import { timestamp } from '@distillation/kube/time';

/** The kubelets of a `TestCluster`: how its pods start and end. */

/** Pods that have neither ended nor been deleted. */
export function livePods(cluster: TestCluster): WirePod[] {
  return cluster.pods.filter((pod) => !isOver(pod) && pod.metadata?.deletionTimestamp === undefined);
}

/** Those whose worker has not ended. */
export const activePods = (cluster: TestCluster): WirePod[] =>
  livePods(cluster).filter((pod) => exitCodeOf(pod) === undefined);

/** Starts a pod if the ConfigMap that it mounts exists. */
export function start(cluster: TestCluster, pod: WirePod): void {
  const configMap = cluster.configMaps.find(
    (each) => roleOf(each) === roleOf(pod) && revisionOfChild(each) === revisionOfChild(pod),
  );
  if (configMap === undefined) return;
  cluster.mounted.set(pod.metadata?.uid ?? '', configMap.data ?? {});
  setStatus(cluster, pod, {
    phase: 'Running',
    podIP: '10.0.0.1',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [containerStatus({ running: { startedAt: timestamp(new Date(cluster.now)) } })],
  });
}

/** How a pod ends: its exit code and, if any, its termination message. */
interface PodEnd {
  readonly exitCode: number;
  readonly said?: Termination | undefined;
}

export function end(cluster: TestCluster, pod: WirePod, { exitCode, said }: PodEnd): void {
  const message = said === undefined ? undefined : encodeTermination(said);
  const at = timestamp(new Date(cluster.now));
  const terminated = { exitCode, startedAt: at, finishedAt: at, ...(message !== undefined && { message }) };
  const worker = containerStatus({ terminated });
  if (cluster.sidecar !== undefined) {
    const proxy = { ...containerStatus({ running: { startedAt: at } }), name: 'proxy' };
    setStatus(cluster, pod, { phase: 'Running', containerStatuses: [worker, proxy] });
    return;
  }
  setStatus(cluster, pod, { phase: exitCode === 0 ? 'Succeeded' : 'Failed', containerStatuses: [worker] });
}

export function disrupt(cluster: TestCluster, pod: WirePod): void {
  setStatus(cluster, pod, {
    phase: 'Failed',
    conditions: [{ type: 'DisruptionTarget', status: 'True' }],
    containerStatuses: [containerStatus({ terminated: { exitCode: 143 } })],
  });
}

/** The pod's node becomes unreachable and the pod is deleted; nothing is heard of it again. */
export function cut(cluster: TestCluster, pod: WirePod): void {
  const deletionTimestamp = timestamp(new Date(cluster.now + 30_000));
  cluster.pods = cluster.pods.map((other) =>
    other === pod ? { ...pod, metadata: { ...pod.metadata, deletionTimestamp } } : other,
  );
}

function setStatus(cluster: TestCluster, pod: WirePod, status: NonNullable<WirePod['status']>): void {
  cluster.pods = cluster.pods.map((other) => (other === pod ? { ...pod, status } : other));
}

function containerStatus(state: NonNullable<NonNullable<WirePod['status']>['containerStatuses']>[number]['state']) {
  return {
    name: CONTAINER,
    image: '',
    imageID: '',
    ready: true,
    restartCount: 0,
    ...(state !== undefined && { state }),
  };
}
