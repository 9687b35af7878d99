import { execFile } from 'node:child_process';
import { copyFile, cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { extract } from 'tar';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { shellBlocks } from '../../../tools/docs/shell.ts';
import { findTools } from '../../../tools/kube-harness/assets.ts';
import { type ControlPlane, startControlPlane } from '../../../tools/kube-harness/control-plane.ts';
import { ROOT } from './helm.ts';

/** Commands of the documents as they stand, on a control plane of their own without nodes. */

const run = promisify(execFile);
export const CHART = 'charts/distillation-operator';
export const DEFINITION = 'crd/distillationjobs.distillation.dev';

let plane: ControlPlane;
let env: NodeJS.ProcessEnv;
let older: string;

/** A control plane for the tests of a file, which has nothing of ours when each begins. */
export function onEmptyPlane(): void {
  beforeAll(async () => {
    const { helm, kubectl } = await findTools(['helm', 'kubectl']);
    plane = await startControlPlane();
    older = await mkdtemp(join(tmpdir(), 'distill-older-'));
    const path = [dirname(helm), dirname(kubectl), process.env['PATH'] ?? ''].join(delimiter);
    // Helm keeps what it caches in folders of the user's, which are not this test's.
    env = { ...process.env, PATH: path, KUBECONFIG: plane.kubeconfig, HELM_CACHE_HOME: older, HELM_DATA_HOME: older };
  });

  afterAll(async () => {
    await plane.stop();
    await rm(older, { recursive: true });
  });

  beforeEach(empty);
}

/** @returns standard output @throws Error with standard error */
export async function shell(script: string, folder = ROOT): Promise<string> {
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env, maxBuffer: 1 << 24 });
  return stdout;
}

/** The nth block of a section; without waiting for pods, which never come here. */
export async function documented(document: string, heading: string, index = 0): Promise<string> {
  const block = shellBlocks(await readFile(join(ROOT, document), 'utf8'), heading)[index] ?? '';
  expect(block).not.toBe('');
  return block.replace(/ --wait\b/g, '').replace(/^kubectl .*(rollout status|get dj -w).*$/gm, '');
}

/** The command by which docs/cluster.md installs the chart. */
export const install = (): Promise<string> => documented('docs/cluster.md', 'Install');
/** The command of the chart's README that begins with `helm` and this word. */
export const upgradeCommand = async (which: string): Promise<string> => {
  const lines = (await documented(`${CHART}/README.md`, 'Upgrade, roll back, uninstall')).split('\n');
  return lines.find((line) => line.startsWith(`helm ${which} `)) ?? '';
};

/**
 * Chart, definition and sample of commit d750619, the first that a platform team installed: what
 * `git archive d750619 charts/distillation-operator manifests/samples/cifar10-vgg16.yaml` gives. A checkout may have no history.
 * @returns a folder that is laid out as the repository was
 */
export async function olderRepository(): Promise<string> {
  const folder = join(older, 'repository');
  await cp(join(ROOT, 'crds'), join(folder, 'crds'), { recursive: true });
  await extract({ file: join(import.meta.dirname, 'older', 'd750619.tgz'), cwd: folder });
  await copyFile(join(folder, CHART, 'files/crd.yaml'), join(folder, 'crds/distillation.dev_distillationjobs.yaml'));
  return folder;
}

/** As a cluster is before anything of ours; but for what kustomize makes, which comes last. */
export const empty = (): Promise<string> =>
  shell(`
    for release in $(helm list --short --namespace distillation-system); do helm uninstall $release --namespace distillation-system; done
    kubectl delete --ignore-not-found --wait -k crds
  `);
