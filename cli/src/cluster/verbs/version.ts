import { DistillError } from '@distillation/api/errors';
import { isApiError } from '@distillation/kube/api-error';
import { DEPLOYMENTS } from '@distillation/kube/resources';
import manifest from '../../../package.json' with { type: 'json' };
import { inColumns } from '../../present/tables/columns.ts';
import { type ClusterAccess, onCluster } from '../access.ts';
import { attempt } from '../api-errors.ts';
import { definitionDifferences, type Differences } from '../definition.ts';
import { operatorOf } from '../doctor/installation.ts';
import { isInstalled } from '../jobs.ts';
import { OPERATOR_SELECTOR } from '../operators.ts';
import type { ClusterOptions } from '../options.ts';

interface VersionOptions extends ClusterOptions {
  readonly client?: boolean;
}

/** `version`: of the command line, and of what the cluster has; without a cluster, why not. */
export async function version(options: VersionOptions): Promise<void> {
  const rows = [['kubectl-distill', manifest.version]];
  if (options.client !== true) rows.push(...(await versionsOfCluster(options)));
  process.stdout.write(`${inColumns(rows, ['left', 'left']).join('\n')}\n`);
}

async function versionsOfCluster(options: ClusterOptions): Promise<string[][]> {
  try {
    return await onCluster(options, async (access) => {
      if (!(await attempt(access, 'ask for its groups', () => isInstalled(access)))) {
        return [['definition', `not installed at ${access.server}`]];
      }
      const age = ageOf(await definitionDifferences(access));
      return [['definition', `distillation.dev/v1alpha1${age}`], ...(await operators(access))];
    });
  } catch (thrown) {
    if (!(thrown instanceof DistillError)) throw thrown;
    return [['cluster', thrown.message]];
  }
}

function ageOf({ missing, surplus }: Differences = { missing: [], surplus: [] }): string {
  if (missing.length > 0) return ', older than this command line';
  return surplus.length > 0 ? ', newer than this command line' : '';
}

async function operators({ client }: ClusterAccess): Promise<string[][]> {
  try {
    const { items } = await client.list(DEPLOYMENTS, { labelSelector: OPERATOR_SELECTOR });
    return items.map(operatorOf).map(({ namespace, name, image }) => ['operator', `${namespace}/${name}, ${image}`]);
  } catch (thrown) {
    if (isApiError(thrown, ({ isForbidden }) => isForbidden))
      return [['operator', 'you may not see where it is installed']];
    throw thrown;
  }
}
