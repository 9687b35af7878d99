import { setTimeout as delay } from 'node:timers/promises';
import { EXIT, toDistillError } from '@distillation/api/errors';
import { isApiError } from '@distillation/kube/api-error';
import { DEPLOYMENTS, LEASES, PODS, VOLUME_CLAIMS } from '@distillation/kube/resources';
import type { WirePod } from '@distillation/kube/wire';
import manifest from '../../../package.json' with { type: 'json' };
import { checkupLines } from '../../present/checkup.ts';
import { wrapWidthOf } from '../../present/tables/columns.ts';
import { advice, type Check, ok, problem } from '../../present/check.ts';
import type { JobReference } from '../../commands/manifest.ts';
import { type ClusterAccess, onCluster } from '../access.ts';
import { attempt } from '../api-errors.ts';
import { definitionDifferences } from '../definition.ts';
import {
  type InstalledOperator,
  judgeDefinition,
  judgeLeader,
  judgeOperators,
  judgeVersion,
  operatorOf,
} from '../doctor/installation.ts';
import { claimRefused, judgeBins, judgeBlocks, judgeClaim, judgeFormer, judgeJob } from '../doctor/job.ts';
import { judgeGpus } from '../doctor/nodes.ts';
import { judgeSamples, SAMPLES_SELECTOR } from '../doctor/samples.ts';
import { getJob, isInstalled, type JobObject } from '../jobs.ts';
import { placeOf } from '../manifest-namespace.ts';
import { NODES } from '../nodes.ts';
import { OPERATOR_SELECTOR } from '../operators.ts';
import type { ClusterOptions } from '../options.ts';

/** Longer than the interval at which a leader renews its lease. */
const RENEWAL_SECONDS = 6;

/** `doctor` on a cluster: the way to it, the operator, and the job that is asked for. Sets the exit status. */
export async function doctorOnCluster(asked: JobReference | undefined, options: ClusterOptions): Promise<void> {
  await onCluster({ ...options, hasLocal: true }, async (access) => {
    const { place, name } =
      asked === undefined ? { place: access, name: undefined } : await placeOf(asked, { access, options });
    const checks = await checkCluster(place, name);
    process.stdout.write(`${checkupLines(checks, wrapWidthOf(process.stdout)).join('\n')}\n`);
    if (checks.some(({ verdict }) => verdict === 'Problem')) process.exitCode = EXIT.config;
  });
}

async function checkCluster(access: ClusterAccess, name: string | undefined): Promise<Check[]> {
  const { server } = access;
  let installed: boolean;
  try {
    installed = await attempt(access, 'ask for its groups', () => isInstalled(access));
  } catch (thrown) {
    const { message, fix } = toDistillError(thrown);
    return [problem('cluster', message, fix)];
  }
  if (!installed) {
    const remedy = 'Install operator and definition: docs/cluster.md. Another cluster: --context.';
    return [ok('cluster', server), problem('definition', 'this cluster does not know DistillationJobs', remedy)];
  }
  const job = name === undefined ? undefined : await getJob(access, name);
  return [
    ok('cluster', server),
    judgeDefinition(await definitionDifferences(access)),
    ...(await checkOperators(access)),
    ...(job === undefined ? [] : await checkJob(access, job)),
  ];
}

async function checkOperators(access: ClusterAccess): Promise<Check[]> {
  const { client, namespace } = access;
  let operators: InstalledOperator[];
  try {
    const { items } = await client.list(DEPLOYMENTS, { labelSelector: OPERATOR_SELECTOR });
    operators = items.map(operatorOf);
  } catch (thrown) {
    if (!isApiError(thrown, ({ isForbidden }) => isForbidden)) throw thrown;
    const remedy = 'What a job says of itself is below; who may read Deployments of all namespaces sees more.';
    return [advice('operator', 'you may not see where it is installed', remedy)];
  }
  const checks = judgeOperators(operators, namespace);
  const [first] = operators.filter(({ watches }) => watches.length === 0 || watches.includes(namespace));
  if (first === undefined || first.replicas.available === 0) return checks;
  const version = judgeVersion(first, manifest.version);
  return [...checks, ...(await checkLeader(access, first)), ...(version === undefined ? [] : [version])];
}

async function checkLeader({ client }: ClusterAccess, { lease }: InstalledOperator): Promise<Check[]> {
  try {
    const before = await client.find(LEASES, lease);
    await delay(RENEWAL_SECONDS * 1000);
    return [judgeLeader(before, await client.find(LEASES, lease), RENEWAL_SECONDS)];
  } catch (thrown) {
    if (isApiError(thrown, ({ isForbidden }) => isForbidden)) return [];
    throw thrown;
  }
}

async function checkJob(access: ClusterAccess, job: JobObject): Promise<Check[]> {
  return [
    ...(await checkClaims(access, job)),
    ...(await checkNodes(access, job)),
    judgeJob(job),
    ...judgeFormer(job),
    ...(await checkSamples(access, job)),
    ...judgeBins(job),
    ...judgeBlocks(job),
  ];
}

function checkClaims({ client, namespace }: ClusterAccess, { spec }: JobObject): Promise<Check[]> {
  const uses = ['volume', 'teacherVolume', 'datasetVolume'] as const;
  return Promise.all(
    uses.flatMap((use) => {
      const name = spec.cluster[use]?.claimName;
      if (name === undefined) return [];
      const read = client.find(VOLUME_CLAIMS, { namespace, name }).then((claim) => claim ?? 'Missing', claimRefused);
      return [read.then((claim) => judgeClaim(`spec.cluster.${use}`, name, claim))];
    }),
  );
}

async function checkSamples({ client, namespace }: ClusterAccess, job: JobObject): Promise<Check[]> {
  try {
    const { items } = await client.list<WirePod>(PODS, { namespace, labelSelector: SAMPLES_SELECTOR });
    return judgeSamples(job, items);
  } catch (thrown) {
    if (isApiError(thrown, ({ isForbidden }) => isForbidden)) return [];
    throw thrown;
  }
}

async function checkNodes({ client }: ClusterAccess, job: JobObject): Promise<Check[]> {
  try {
    const { items } = await client.list(NODES);
    return [judgeGpus(items, job)];
  } catch (thrown) {
    // Nodes belong to who runs the cluster; the scheduler's words are in the job's status.
    if (isApiError(thrown, ({ isForbidden }) => isForbidden)) return [];
    throw thrown;
  }
}
