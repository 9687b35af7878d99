import { plural } from '@distillation/api/format';
import type { KubeObject, Resource, WireLease } from '@distillation/kube/resources';
import { advice, type Check, ok, problem } from '../../present/check.ts';

/** Checks of the operator itself, from what the cluster says of it. Pure. */

/** What is read of a Deployment. */
export interface WireDeployment extends KubeObject {
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: {
      readonly spec?: {
        readonly containers?: readonly { readonly image?: string; readonly args?: readonly string[] }[];
      };
    };
  };
  readonly status?: { readonly availableReplicas?: number };
}

export const DEPLOYMENTS: Resource<WireDeployment> = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  kind: 'Deployment',
  namespaced: true,
};

/** By which labels chart and manifests mark the operator's Deployment. */
export const OPERATOR_SELECTOR = 'app.kubernetes.io/component=operator,app.kubernetes.io/name=distillation-operator';

/** An operator that is installed, as its Deployment describes it. */
export interface InstalledOperator {
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  readonly workerImage: string | undefined;
  /** The namespaces that it watches; empty for all. */
  readonly watches: readonly string[];
  readonly lease: { readonly namespace: string; readonly name: string };
  readonly replicas: { readonly wanted: number; readonly available: number };
}

/** @throws nothing: what a Deployment does not say is absent */
export function operatorOf({ metadata, spec, status }: WireDeployment): InstalledOperator {
  const { image = '', args = [] } = spec?.template?.spec?.containers?.[0] ?? {};
  const namespace = metadata?.namespace ?? '';
  return {
    name: metadata?.name ?? '',
    namespace,
    image,
    workerImage: valuesOf(args, 'worker-image')[0],
    watches: valuesOf(args, 'namespace'),
    lease: {
      namespace: valuesOf(args, 'lease-namespace')[0] ?? namespace,
      name: valuesOf(args, 'lease-name')[0] ?? 'distillation-operator',
    },
    replicas: { wanted: spec?.replicas ?? 1, available: status?.availableReplicas ?? 0 },
  };
}

/** Values of a flag, as `--flag=value` or `--flag value`. */
function valuesOf(args: readonly string[], flag: string): string[] {
  return args.flatMap((arg, at) => {
    if (arg.startsWith(`--${flag}=`)) return [arg.slice(flag.length + 3)];
    const next = args[at + 1];
    return arg === `--${flag}` && next !== undefined ? [next] : [];
  });
}

/** Whether an operator runs that serves the namespace. */
export function judgeOperators(operators: readonly InstalledOperator[], namespace: string): Check[] {
  if (operators.length === 0) {
    return [
      problem('operator', 'none is installed in this cluster', 'Install it: docs/cluster.md, or the chart’s README.'),
    ];
  }
  const serving = operators.filter(({ watches }) => watches.length === 0 || watches.includes(namespace));
  if (serving.length === 0) {
    const watched = operators.flatMap(({ watches }) => watches).join(', ');
    return [
      problem(
        'operator',
        `none serves the namespace ${namespace}; served: ${watched}`,
        `Run jobs there, or add ${namespace} to the chart’s value watch.namespaces.`,
      ),
    ];
  }
  return serving.map(judgeReplicas);
}

function judgeReplicas({ name, namespace, image, replicas: { wanted, available } }: InstalledOperator): Check {
  const found = `${namespace}/${name}, ${image}: ${available} of ${plural(wanted, 'replica')} ready`;
  const look = `kubectl --namespace ${namespace} get pods --selector app.kubernetes.io/component=operator`;
  if (available === 0) {
    return problem('operator', found, `${look}; kubectl --namespace ${namespace} logs deployment/${name}`);
  }
  return available < wanted ? advice('operator', found, look) : ok('operator', found);
}

/** Two looks at the Lease of the leader, some seconds apart: clocks of two machines are never compared. */
export function judgeLeader(before: WireLease | undefined, after: WireLease | undefined, seconds: number): Check {
  const holder = after?.spec?.holderIdentity ?? '';
  if (holder === '') {
    return problem(
      'leader',
      'no replica leads',
      'One takes the lead within half a minute; if not, the operator’s log says why.',
    );
  }
  if (before?.metadata?.resourceVersion === after?.metadata?.resourceVersion) {
    return problem(
      'leader',
      `${holder} has not renewed its lease for ${plural(seconds, 'second')}`,
      'Another replica takes over within half a minute; if not, the operator’s log says why.',
    );
  }
  return ok('leader', holder);
}

/** Whether operator and command line are of one release; an image by digest tells nothing. */
export function judgeVersion({ image }: Pick<InstalledOperator, 'image'>, version: string): Check | undefined {
  const tag = /:([\w.-]+)$/.exec(image)?.[1];
  if (tag === undefined || image.includes('@') || !/^v?\d+\.\d+/.test(tag)) return undefined;
  return tag.replace(/^v/, '') === version
    ? ok('version', `${version}, of operator and command line`)
    : advice(
        'version',
        `the operator is ${tag}, this command line ${version}`,
        'Fields that only the newer one knows are refused or dropped; use the command line of the operator’s release.',
      );
}
