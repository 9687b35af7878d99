import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PODS } from '@distillation/kube/resources';
import type { WirePod } from '@distillation/kube/wire';
import { findTools } from '../../tools/kube-harness/assets.ts';
import { until } from '../../tools/kube-harness/access/until.ts';
import { NAMESPACES } from '../../tools/kube-harness/access/connect.ts';
import { OPERATOR_NODES } from './shared-cluster.ts';
import { admin, adminClient, adminKubeconfig, alone } from './support.ts';

/** The operator as users install it: by the chart, with the real helm. */

export const ROOT = join(import.meta.dirname, '../..');
/** Namespace of the operator, as the documentation has it. */
export const SYSTEM = 'distillation-system';
export const DEPLOYMENT = 'distillation-operator';
const RELEASE = 'distillation-operator';

const run = promisify(execFile);

/** Tests' images are on every node; GPUs are played, and training is on the CPU. */
const VALUES = [
  ...['image.repository=localhost/operator', 'image.tag=test', 'image.pullPolicy=Never'],
  ...['worker.image=localhost/worker:test', 'worker.imagePullPolicy=Never', 'worker.requireGpu=false'],
  // Short enough not to wait for, long enough for a busy machine.
  ...['leaseDurationSeconds=8', 'renewDeadlineSeconds=6', 'retryPeriodSeconds=1'].map(
    (time) => `leaderElection.${time}`,
  ),
];

/** Runs helm as the administrator. @returns standard output */
export async function helm(...args: readonly string[]): Promise<string> {
  const { helm: program } = await findTools(['helm']);
  const { stdout } = await run(program, ['--kubeconfig', adminKubeconfig(), '--namespace', SYSTEM, ...args]);
  return stdout;
}

const AFFINITY = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: OPERATOR_NODES }] },
      ],
    },
  },
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { 'app.kubernetes.io/name': RELEASE } } },
    ],
  },
};

/** Installs the chart, unless it is there, and waits until all replicas are ready. */
export function installOperator(): Promise<void> {
  return alone('the release', install);
}

async function install(): Promise<void> {
  if ((await helm('list', '--short')).trim() === RELEASE) return;
  // What one runs as is decided by the namespace of the operator too.
  if ((await adminClient().find(NAMESPACES, { name: SYSTEM })) === undefined) await admin().createNamespace(SYSTEM);
  const chart = join(ROOT, 'charts/distillation-operator');
  const settings = [
    ...VALUES.flatMap((value) => ['--set', value]),
    '--set-json',
    `affinity=${JSON.stringify(AFFINITY)}`,
  ];
  // The definition is there already, by the cluster's setup: helm makes it its own.
  const more = ['--install', '--take-ownership', '--force-conflicts', '--wait', '--timeout', '5m'];
  await helm('upgrade', RELEASE, chart, ...settings, ...more);
}

/**
 * Runs what would notice that an operator stops, or stops one itself, while no other test does: there is one release for all files. All
 * operators are ready when it begins.
 */
export function aloneWithOperators<T>(body: () => Promise<T>): Promise<T> {
  return alone('the operators', async () => {
    await until('all operators are ready', async () => {
      const ready = (await operatorPods()).flatMap(
        ({ status }) => status?.containerStatuses?.filter((one) => one.ready) ?? [],
      );
      return ready.length === OPERATOR_NODES.length || undefined;
    });
    return body();
  });
}

/** The operator's pods that are not being deleted. */
export async function operatorPods(): Promise<WirePod[]> {
  const { items } = await adminClient().list(PODS, { namespace: SYSTEM });
  return items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
}
