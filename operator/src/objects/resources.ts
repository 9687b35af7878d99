import type { V1ResourceRequirements } from '@kubernetes/client-node';
import { DEFAULT_REQUESTS } from '@distillation/api/pod';
import type { ClusterSpec, DistillationJobSpec } from '@distillation/api/job';
import type { Wire } from '@distillation/kube/wire';
import type { Role } from './labels.ts';
import type { PodTemplate } from './template.ts';

export type Gpu = ClusterSpec['gpu'];

/** GPUs of a role's pods; undefined when they have none. A planner times steps only when costs are measured. */
export function gpuOf(role: Role, { cluster, scheduling }: DistillationJobSpec): Gpu | undefined {
  const computes = role !== 'planner' || scheduling.costSource === 'Measured';
  return computes && cluster.gpu.count > 0 ? cluster.gpu : undefined;
}

/** Requests and limits of the container: the user's, ours where there are none, and the GPUs. */
export function resourcesOf({ resources }: PodTemplate, gpu: Gpu | undefined): Wire<V1ResourceRequirements> {
  const requests = quantities(resources?.requests);
  const limits = quantities(resources?.limits);
  // A default above the user's limit would be refused; Kubernetes takes a limit as the request where there is none.
  const defaults = Object.entries(DEFAULT_REQUESTS).filter(([name]) => limits[name] === undefined);
  // The limit alone: extended resources cannot be overcommitted, so Kubernetes takes it as the request too.
  if (gpu !== undefined) limits[gpu.resourceName] = String(gpu.count);
  return {
    requests: { ...Object.fromEntries(defaults), ...requests },
    ...(Object.keys(limits).length > 0 && { limits }),
  };
}

const quantities = (map: Readonly<Record<string, string | number>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(map).map(([name, quantity]) => [name, String(quantity)]));
