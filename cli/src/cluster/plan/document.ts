import { type Amounts, quantityText } from './amounts.ts';
import type { ClusterPlan } from './cluster-plan.ts';
import { mostAtOnce } from './demand.ts';

/** The plan for programs: quantities as Kubernetes writes them, what is not known left out. */
export function planDocument({
  plan,
  schedule,
  expected,
  demands,
  quotas,
  nodes,
  waiting,
}: ClusterPlan): Readonly<Record<string, unknown>> {
  return {
    plan,
    schedule,
    ...(expected !== undefined && { expected }),
    pods: demands.map(({ role, pods, requests, limits }) => ({
      role,
      pods,
      requests: quantities(requests),
      limits: quantities(limits),
    })),
    atOnce: quantities(mostAtOnce(demands)),
    ...(quotas !== undefined && {
      quotas: quotas.map(({ quota, key, resource, hard, left, each, role, pods, places }) => ({
        quota,
        key,
        role,
        hard: quantityText(resource, hard),
        left: quantityText(resource, left),
        ...(each !== undefined && { asked: quantityText(resource, each * BigInt(pods)) }),
        places,
      })),
    }),
    ...(nodes !== undefined && {
      nodes: nodes.map(({ role, fitting, places, allocatable, free }) => ({
        role,
        fitting,
        allocatable: quantities(allocatable),
        ...(free !== undefined && { free: quantities(free) }),
        ...(places !== undefined && { places }),
      })),
    }),
    waiting,
  };
}

const quantities = (amounts: Amounts): Record<string, string> =>
  Object.fromEntries([...amounts].map(([name, amount]) => [name, quantityText(name, amount)]));
