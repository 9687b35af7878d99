import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PODS } from '@distillation/kube/resources';
import type { WirePod } from '@distillation/kube/wire';
import { findTools } from '../../tools/kube-harness/assets.ts';
import { NAMESPACES } from '../kube/support/connect.ts';
import { admin, adminClient, adminKubeconfig, kubectl } from './support.ts';

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
];

/** Runs helm as the administrator. @returns standard output */
export async function helm(...args: readonly string[]): Promise<string> {
  const { helm: program } = await findTools(['helm']);
  const { stdout } = await run(program, ['--kubeconfig', adminKubeconfig(), '--namespace', SYSTEM, ...args]);
  return stdout;
}

/** Installs the chart, unless it is there, and waits until all replicas are ready. */
export async function installOperator(): Promise<void> {
  // What one runs as is decided by the namespace of the operator too.
  if ((await adminClient().find(NAMESPACES, { name: SYSTEM })) === undefined) await admin().createNamespace(SYSTEM);
  const chart = join(ROOT, 'charts/distillation-operator');
  const settings = VALUES.flatMap((value) => ['--set', value]);
  // The definition is there already, by the cluster's setup: helm makes it its own.
  const more = ['--install', '--take-ownership', '--force-conflicts', '--wait', '--timeout', '5m'];
  await helm('upgrade', RELEASE, chart, ...settings, ...more);
}

/** Takes the release away, and waits until its pods are gone. */
export async function uninstallOperator(): Promise<void> {
  await helm('uninstall', RELEASE, '--wait', '--timeout', '2m');
  await kubectl('--namespace', SYSTEM, 'wait', '--for=delete', 'pod', '--all', '--timeout=120s');
}

/** The operator's pods that are not being deleted. */
export async function operatorPods(): Promise<WirePod[]> {
  const { items } = await adminClient().list(PODS, { namespace: SYSTEM });
  return items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
}
