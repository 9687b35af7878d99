import type { EventsV1Event, V1Lease, V1ObjectMeta } from '@kubernetes/client-node';
import type { Wire, WireClaim, WireConfigMap, WireDeployment, WireJob, WirePod } from './wire.ts';

/** Common fields of all API objects, as in their JSON. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: Partial<Wire<V1ObjectMeta>>;
}

/** A resource of the API. `T` is the type of its objects and exists only for the compiler. */
export interface Resource<T extends KubeObject = KubeObject> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly objectType?: T;
}

export type WireLease = Wire<V1Lease>;
export type WireEvent = Wire<EventsV1Event>;

export const JOBS: Resource<WireJob> = {
  group: 'batch',
  version: 'v1',
  plural: 'jobs',
  kind: 'Job',
  namespaced: true,
};
export const PODS: Resource<WirePod> = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };
export const DEPLOYMENTS: Resource<WireDeployment> = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  kind: 'Deployment',
  namespaced: true,
};
export const CONFIG_MAPS: Resource<WireConfigMap> = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  namespaced: true,
};
export const VOLUME_CLAIMS: Resource<WireClaim> = {
  group: '',
  version: 'v1',
  plural: 'persistentvolumeclaims',
  kind: 'PersistentVolumeClaim',
  namespaced: true,
};
export const EVENTS: Resource<WireEvent> = {
  group: 'events.k8s.io',
  version: 'v1',
  plural: 'events',
  kind: 'Event',
  namespaced: true,
};
/** Used only by `hasGroup`, since groups are not objects. */
export const API_GROUPS: Resource = {
  group: '',
  version: '',
  plural: 'apigroups',
  kind: 'APIGroup',
  namespaced: false,
};
/** Used only by `schemaOf`. */
export const OPEN_API: Resource = {
  group: '',
  version: '',
  plural: 'openapi',
  kind: 'OpenAPI',
  namespaced: false,
};
interface WireNamespace extends KubeObject {
  readonly status?: { readonly phase?: string };
}
export const NAMESPACES: Resource<WireNamespace> = {
  group: '',
  version: 'v1',
  plural: 'namespaces',
  kind: 'Namespace',
  namespaced: false,
};
export const LEASES: Resource<WireLease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
  namespaced: true,
};

/** Such as `batch/v1`. */
export const apiVersionOf = (resource: Resource): string =>
  resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;

/** One object; without a name all objects of a namespace; without a namespace all of the cluster. */
export interface Where {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** Such as `status`. */
  readonly subresource?: string | undefined;
}

/** URL path of an object or collection, such as `/apis/batch/v1/namespaces/default/jobs/train-0`. */
export function pathOf(resource: Resource, where: Where): string {
  const parts = resource.group === '' ? ['api', resource.version] : ['apis', resource.group, resource.version];
  if (resource.namespaced && where.namespace !== undefined) parts.push('namespaces', where.namespace);
  parts.push(resource.plural);
  if (where.name !== undefined) parts.push(where.name);
  if (where.subresource !== undefined) parts.push(where.subresource);
  return `/${parts.map(encodeURIComponent).join('/')}`;
}
