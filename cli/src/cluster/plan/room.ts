import { isApiError } from '@distillation/kube/api-error';
import { PODS, type KubeObject, type Resource, VOLUME_CLAIMS } from '@distillation/kube/resources';
import type { WireDeployment, WirePod } from '@distillation/kube/wire';
import { defaultsFor, type PodClasses, unknownClass } from '@distillation/core/pod-classes';
import type { PodTemplate } from '@distillation/core/pod-template';
import type { ClusterSpec } from '@distillation/api/job';
import type { Claim } from '../files/pod.ts';
import type { ClusterAccess } from '../access.ts';
import { attempt } from '../api-errors.ts';
import { operatorDeployments } from '../files/settings.ts';
import { NODES, type WireNode } from '../nodes.ts';
import { flagValues } from '../operators.ts';
import { QUOTAS, type WireQuota } from './quotas.ts';

/** What of the cluster says whether a job has room; what may not be read is absent. */
export interface Surroundings {
  /** What the operator gives pods whose templates say nothing, its class included where the job names one. */
  readonly defaults: PodTemplate | undefined;
  /** The class that the job names, if the operator has none of that name: no pod is made before it has. */
  readonly unknownClass?: string;
  readonly quotas: readonly WireQuota[] | undefined;
  readonly nodes: readonly WireNode[] | undefined;
  /** Of all namespaces. */
  readonly pods: readonly WirePod[] | undefined;
  /** Whether only one node may mount the claims at a time. */
  readonly onOneNode: boolean;
}

/** Looks before a pod of the command itself takes room. @throws DistillError those of `attempt` */
export async function lookAround(
  access: ClusterAccess,
  { claims, cluster }: { readonly claims: readonly Claim[]; readonly cluster: Pick<ClusterSpec, 'className'> },
): Promise<Surroundings> {
  const { namespace } = access;
  const [operators, quotas, nodes, pods, onOneNode] = await Promise.all([
    attempt(access, 'list Deployments', () => operatorDeployments(access)),
    listed(access, QUOTAS, { namespace }),
    listed(access, NODES),
    listed(access, PODS),
    isForOneNode(access, claims),
  ]);
  const [operator] = operators;
  return {
    ...(operator === undefined ? { defaults: undefined } : givenBy(operator, cluster)),
    quotas,
    nodes,
    pods,
    onOneNode,
  };
}

/** All pages; undefined where they may not be listed. */
async function listed<T extends KubeObject>(
  access: ClusterAccess,
  resource: Resource<T>,
  where: { readonly namespace?: string } = {},
): Promise<readonly T[] | undefined> {
  const found: T[] = [];
  let page: string | undefined;
  do {
    const list = await attempt(access, `list ${resource.plural}`, () =>
      access.client.list(resource, { ...where, limit: 500, continue: page }).catch((thrown: unknown) => {
        if (isApiError(thrown, ({ isForbidden }) => isForbidden)) return undefined;
        throw thrown;
      }),
    );
    if (list === undefined) return undefined;
    found.push(...list.items);
    page = list.continue;
  } while (page !== undefined);
  return found;
}

/** What an operator gives the pods of a job. */
export function givenBy(
  operator: WireDeployment,
  cluster: Pick<ClusterSpec, 'className'>,
): Pick<Surroundings, 'defaults' | 'unknownClass'> {
  const given = {
    podDefaults: mapOf(flagValues(operator, 'pod-defaults')[0]),
    podClasses: mapOf(flagValues(operator, 'pod-classes')[0]) as PodClasses,
  };
  const unknown = unknownClass(cluster, given);
  return { defaults: defaultsFor(cluster, given), ...(unknown !== undefined && { unknownClass: unknown }) };
}

/** The flag of the operator, which has checked it; nothing of one that is of another form. */
function mapOf(flag: string | undefined): object {
  try {
    const value: unknown = JSON.parse(flag ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

async function isForOneNode(access: ClusterAccess, claims: readonly Claim[]): Promise<boolean> {
  const { client, namespace } = access;
  const modes = await Promise.all(
    claims.map(({ claimName: name }) =>
      attempt(access, `read the claim ${name}`, () => client.find(VOLUME_CLAIMS, { namespace, name })),
    ),
  );
  return modes.some((claim) => {
    const accessModes = claim?.spec?.accessModes ?? [];
    return claim !== undefined && !accessModes.includes('ReadWriteMany') && !accessModes.includes('ReadOnlyMany');
  });
}
