/**
 * `npm run dev-cluster`: a real Kubernetes to try things on by hand, with our custom resources installed, until Ctrl-C. It is what the
 * tests run on. `-- --nodes 2` adds nodes with fake GPUs that have the images of operator and worker (Linux, root).
 */
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { startControlPlane } from '../test/cluster/control-plane.ts';
import { imageName, pauseImage, programImage } from '../test/cluster/images.ts';
import { startNode } from '../test/cluster/node.ts';
import { ensureNodePackages } from '../test/cluster/node/packages.ts';
import { connect } from '../test/kube/connect.ts';

const ROOT = join(import.meta.dirname, '..');
const KINDS = ['operator', 'worker'] as const;

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
if (nodes > 0) ensureNodePackages(log);
const plane = await startControlPlane({ log, network: nodes > 0, nodes });
// Keeps this process running: what it owns would end with it.
const alive = setInterval(() => undefined, 60_000);
try {
  const connection = connect(plane.kubeconfig);
  await connection.installCustomResources(join(ROOT, 'crds'));
  await connection.close();
  if (nodes > 0) {
    const images = [await pauseImage(), ...(await Promise.all(KINDS.map((kind) => programImage(kind, ROOT))))];
    const names = Array.from({ length: nodes }, (_, index) => `node${index + 1}`);
    for (const name of names) await startNode(plane, { name, gpus, images, log });
    log(`images: ${KINDS.map(imageName).join(', ')} (imagePullPolicy: Never or IfNotPresent)`);
  }
  log(`logs: ${join(plane.folder, 'log')}`);
  log(`export KUBECONFIG=${plane.kubeconfig}`);
  log('Ctrl-C ends it.');
  await stopped;
} finally {
  clearInterval(alive);
  await plane.stop();
}
