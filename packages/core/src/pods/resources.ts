import { DEFAULT_REQUESTS } from '@distillation/api/pod';
import type { ClusterSpec, DistillationJobSpec } from '@distillation/api/job';
import type { Role } from '@distillation/api/words';
import type { PodTemplate } from './template.ts';

/** What a container asks for and may use, by resource. */
export interface PodResources {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

export type Gpu = ClusterSpec['gpu'];

/** GPUs of a role's pods; undefined for none. A planner needs them only to measure costs. */
export function gpuOf(role: Role, { cluster, scheduling }: DistillationJobSpec): Gpu | undefined {
  const computes = role !== 'planner' || scheduling.costSource === 'Measured';
  return computes && cluster.gpu.count > 0 ? cluster.gpu : undefined;
}

/** Requests and limits of the container: the user's, our default requests where there are none, and the GPUs. */
export function resourcesOf({ resources }: PodTemplate, gpu: Gpu | undefined): PodResources {
  const requests = quantities(resources?.requests);
  const limits = quantities(resources?.limits);
  // A default request above the user's limit would be rejected; without a request Kubernetes uses the limit.
  const defaults = Object.entries(DEFAULT_REQUESTS).filter(([name]) => limits[name] === undefined);
  // Only the limit: extended resources cannot be overcommitted, so Kubernetes uses it as the request too.
  if (gpu !== undefined) limits[gpu.resourceName] = String(gpu.count);
  return {
    requests: { ...Object.fromEntries(defaults), ...requests },
    ...(Object.keys(limits).length > 0 && { limits }),
  };
}

const quantities = (map: Readonly<Record<string, string | number>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(map).map(([name, quantity]) => [name, String(quantity)]));
