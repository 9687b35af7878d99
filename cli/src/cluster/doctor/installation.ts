import { plural } from '@distillation/api/format';
import type { WireLease } from '@distillation/kube/resources';
import type { WireDeployment } from '@distillation/kube/wire';
import { type Differences, namedFields, UPGRADE_DEFINITION } from '../definition.ts';
import { flagValues } from '../operators.ts';
import { advice, type Check, ok, problem } from '../../present/check.ts';

/** Checks of the operator itself, from what the cluster says of it. Pure. */

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

/** What a Deployment does not say is absent. */
export function operatorOf(deployment: WireDeployment): InstalledOperator {
  const { metadata, spec, status } = deployment;
  const namespace = metadata?.namespace ?? '';
  const flag = (name: string): string | undefined => flagValues(deployment, name)[0];
  return {
    name: metadata?.name ?? '',
    namespace,
    image: spec?.template.spec?.containers[0]?.image ?? '',
    workerImage: flag('worker-image'),
    watches: flagValues(deployment, 'namespace'),
    lease: {
      namespace: flag('lease-namespace') ?? namespace,
      name: flag('lease-name') ?? 'distillation-operator',
    },
    replicas: { wanted: spec?.replicas ?? 1, available: status?.availableReplicas ?? 0 },
  };
}

/** Whether the definition is that of this command line; `differences` are undefined where it cannot be read. */
export function judgeDefinition(differences: Differences | undefined): Check {
  const { missing = [], surplus = [] } = differences ?? {};
  if (missing.length > 0) {
    const found = `older than this command line: it does not know ${namedFields(missing)}`;
    return problem('definition', found, UPGRADE_DEFINITION);
  }
  if (surplus.length > 0) {
    const found = `newer than this command line, which does not know ${namedFields(surplus)}`;
    return advice('definition', found, 'Use the command line of the operator’s release.');
  }
  return ok('definition', 'DistillationJob v1alpha1');
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
