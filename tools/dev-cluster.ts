/**
 * `npm run dev-cluster`: a real Kubernetes cluster for experiments, until Ctrl-C; the tests use the same one. `-- --nodes 2` adds nodes
 * with fake GPUs and the images of operator and worker (Linux, root), and a storage class. It prints the commands of docs/cluster.md that
 * lead from there to a student.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { setUpNative } from '@distillation/native-addon/setup';
import { findTools } from './kube-harness/assets.ts';
import { type ControlPlane, startControlPlane } from './kube-harness/control-plane.ts';
import { programImages } from './kube-harness/built-images.ts';
import { pauseImage } from './kube-harness/images.ts';
import { startNode } from './kube-harness/node.ts';
import { ensureNodePackages } from './kube-harness/node/packages.ts';
import { provideVolumes } from './kube-harness/volumes.ts';
import { connect } from './kube-harness/access/connect.ts';
import { devClusterCommands } from './dev-cluster/commands.ts';
import { relayRegistry } from './dev-cluster/registry-relay.ts';

const ROOT = join(import.meta.dirname, '..');

const log = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const { values } = parseArgs({
  options: { nodes: { type: 'string', default: '0' }, gpus: { type: 'string', default: '2' } },
});
const [nodes, gpus] = [Number(values.nodes), Number(values.gpus)];
if (!Number.isInteger(nodes) || nodes < 0 || !Number.isInteger(gpus) || gpus < 0) {
  throw new Error('usage: npm run dev-cluster -- [--nodes COUNT] [--gpus COUNT_OF_EACH]');
}

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      resolve();
    });
});

async function startNodes(plane: ControlPlane): Promise<void> {
  // Pods compute by what is installed here.
  log((await setUpNative(log)).summary);
  const images = [await pauseImage(), ...(await programImages(ROOT))];
  for (let index = 1; index <= nodes; index += 1) await startNode(plane, { name: `node${index}`, gpus, images, log });
}

/** The next commands. The custom resource definition comes with the operator, or by itself on a cluster without nodes. */
async function commands(plane: ControlPlane, registry: string | undefined): Promise<string> {
  const { kubectl, helm } = await findTools(['kubectl', 'helm']);
  const programs = [...new Set([dirname(kubectl), dirname(helm)])].join(':');
  const session = `export KUBECONFIG=${plane.kubeconfig}\nexport PATH=${programs}:$PATH`;
  const guide = await readFile(join(ROOT, 'docs/cluster.md'), 'utf8');
  const blocks =
    nodes > 0
      ? [
          ...devClusterCommands(guide),
          `# Or README's first job: the same installation with --set quickstart.enabled=true,quickstart.registry=${registry ?? ''}
# GPUs are simulated, hence worker.requireGpu=false. Each claim gets a folder of this machine.`,
        ]
      : [
          'kubectl apply -k crds\nkubectl apply -f manifests/samples/cifar10-vgg16.yaml',
          '# Without nodes no pod runs; -- --nodes 2 adds some (Linux, root).',
        ];
  return [session, ...blocks].join('\n\n');
}

if (nodes > 0) ensureNodePackages(log);
const plane = await startControlPlane({ log, network: nodes > 0, nodes });
const connection = connect(plane.kubeconfig);
const relay =
  plane.network &&
  (await relayRegistry(
    `${plane.network.prefix}.254`,
    new URL(process.env['npm_config_registry'] ?? 'https://registry.npmjs.org/'),
  ));
try {
  await startNodes(plane);
  const stopProviding = await provideVolumes(connection, join(plane.folder, 'volumes'));
  log(`logs: ${join(plane.folder, 'log')}`);
  log(`\nIn another terminal, in this folder:\n\n${await commands(plane, relay?.url)}\n\nCtrl-C ends it.`);
  await stopped;
  await stopProviding();
} finally {
  await relay?.close();
  await connection.close();
  await plane.stop();
}
