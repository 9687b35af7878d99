import type { WirePod } from '@distillation/kube/wire';
import { isReady, type WireNode } from '../nodes.ts';
import { type Amounts, amountsOf, combined, goesInto, larger, ONE, without } from './amounts.ts';
import type { Demand } from './demand.ts';

/** Whether the nodes have room for the pods of a job. Pure. */

/** What the nodes have for the pods of one role. */
export interface NodeRoom {
  readonly role: Demand['role'];
  readonly pods: number;
  /** Ready nodes that selector and tolerations of the pods allow. */
  readonly fitting: number;
  /** How many of the pods have room; undefined where it is not known what is free. */
  readonly places?: number;
  /** Of the fitting nodes together, of what the pods ask for. */
  readonly allocatable: Amounts;
  readonly free?: Amounts;
}

interface Cluster {
  readonly nodes: readonly WireNode[];
  /** Of all namespaces; undefined where they may not be listed. */
  readonly pods: readonly WirePod[] | undefined;
  /** Whether all pods have to be on one node, since only one may mount the volume. */
  readonly onOneNode: boolean;
}

/** Room for each role by itself: those of another role have ended, or have yet to begin. */
export const nodeRooms = (cluster: Cluster, demands: readonly Demand[]): NodeRoom[] =>
  demands.map((demand) => roomFor(cluster, demand));

function roomFor({ nodes, pods: others, onOneNode }: Cluster, { role, pods, template, requests }: Demand): NodeRoom {
  const fitting = nodes.filter((node) => isReady(node) && allows(node, template));
  const asked = new Map([...requests, ['pods', ONE] as const]);
  const only = (amounts: Amounts): Amounts => new Map([...asked.keys()].map((name) => [name, amounts.get(name) ?? 0n]));
  const allocatable = fitting.map(({ status }) => only(amountsOf(status?.allocatable)));
  const base = { role, pods, fitting: fitting.length, allocatable: combined(allocatable) };
  if (others === undefined) return base;
  const used = usedByNode(others);
  const free = fitting.map(({ metadata }, index) =>
    without(allocatable[index] ?? new Map(), used.get(metadata?.name ?? '') ?? new Map()),
  );
  const each = free.map((amounts) =>
    Math.min(...[...asked].map(([name, amount]) => goesInto(amount, amounts.get(name) ?? 0n, pods))),
  );
  const places = onOneNode ? Math.max(0, ...each) : each.reduce((sum, n) => sum + n, 0);
  return { ...base, places: Math.min(pods, places), free: combined(free) };
}

/** By node selector and taints; affinity is not looked at. */
function allows({ metadata, spec }: WireNode, { nodeSelector = {}, tolerations = [] }: Demand['template']): boolean {
  const isLabelled = Object.entries(nodeSelector).every(([key, value]) => metadata?.labels?.[key] === value);
  const isTolerated = (spec?.taints ?? [])
    .filter(({ effect }) => effect !== 'PreferNoSchedule')
    .every((taint) =>
      tolerations.some(
        ({ key, operator = 'Equal', value = '', effect }) =>
          (effect === undefined || effect === taint.effect) &&
          (key === undefined || key === taint.key) &&
          (operator === 'Exists' || value === (taint.value ?? '')),
      ),
    );
  return isLabelled && isTolerated;
}

/** What the pods that are not over hold of each node. */
function usedByNode(pods: readonly WirePod[]): Map<string, Amounts> {
  const used = new Map<string, Amounts>();
  for (const { spec, status } of pods) {
    const node = spec?.nodeName;
    if (spec === undefined || node === undefined || status?.phase === 'Succeeded' || status?.phase === 'Failed')
      continue;
    used.set(node, combined([used.get(node) ?? new Map(), requestsOf(spec), new Map([['pods', ONE]])]));
  }
  return used;
}

/** As the scheduler counts: containers and sidecars together, or an init container alone where it asks for more. */
function requestsOf({ containers, initContainers = [], overhead }: NonNullable<WirePod['spec']>): Amounts {
  const asks = (container: (typeof containers)[number]): Amounts => amountsOf(container.resources?.requests);
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always');
  const first = initContainers.filter(({ restartPolicy }) => restartPolicy !== 'Always');
  const lasting = combined([...containers, ...sidecars].map(asks));
  return combined([combined([lasting, ...first.map(asks)], larger), amountsOf(overhead)]);
}
