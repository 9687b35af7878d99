import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchCifar10 } from '../../tools/sample-data/fetch.ts';
import type { TestProject } from 'vitest/node';
import { startControlPlane } from '../../tools/kube-harness/control-plane.ts';
import { findTools } from '../../tools/kube-harness/assets.ts';
import { programImages } from '../../tools/kube-harness/built-images.ts';
import { pauseImage, programImage } from '../../tools/kube-harness/images.ts';
import { ensureNodePackages } from '../../tools/kube-harness/node/packages.ts';
import { startNode } from '../../tools/kube-harness/node.ts';
import { connect } from '../../tools/kube-harness/access/connect.ts';
import { HELD_LOADER, providePrograms } from '../support/programs.ts';
import { madeTinyWorld } from '../support/tiny/made-world.ts';
import { serveNodes } from './remote-nodes.ts';
import { HELD_TAG, QUIET, type SharedCluster, TROUBLED } from './shared-cluster.ts';

const ROOT = join(import.meta.dirname, '../..');
const NODES = [QUIET, TROUBLED].flatMap(({ nodes, gpusPerNode }) => nodes.map((name) => ({ name, gpus: gpusPerNode })));

/** One cluster with four nodes for all files of the project `cluster`. @returns how to end it */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = performance.now();
  const log = (line: string): void => {
    process.stdout.write(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
  };
  ensureNodePackages(log);
  const { kubectl } = await findTools(['kubectl'], { log });
  const held = await programImage('worker', ROOT, { tag: HELD_TAG, instead: HELD_LOADER });
  const images = [await pauseImage(), ...(await programImages(ROOT)), held];
  log('images listed');
  // A node that is gone is given up after 16 s and not 50: its lease lasts 8.
  const args = { 'kube-controller-manager': ['--node-monitor-grace-period=16s'] };
  const plane = await startControlPlane({ network: true, nodes: NODES.length, args, log });
  log('control plane ready');
  try {
    const nodes = await Promise.all(NODES.map(({ name, gpus }) => startNode(plane, { name, gpus, images, log })));
    const connection = connect(plane.kubeconfig);
    await connection.installCustomResources(join(ROOT, 'crds'));
    await connection.close();
    const shared: SharedCluster = {
      kubeconfig: plane.kubeconfig,
      kubectl,
      folder: plane.folder,
      material: join(plane.folder, 'material'),
      nodesSocket: join(plane.folder, 'nodes.sock'),
    };
    await layOutMaterial(shared.material);
    const programs = await providePrograms(project, ['usual']);
    const stopServing = await serveNodes(shared.nodesSocket, nodes);
    project.provide('cluster', shared);
    log('cluster ready');
    return async () => {
      stopServing();
      await plane.stop();
      await programs.remove();
    };
  } catch (thrown) {
    await plane.stop();
    throw thrown;
  }
}

/** What a user has copied to the volume: the sample teacher and CIFAR-10; and the tiny world. */
async function layOutMaterial(folder: string): Promise<void> {
  const cifar = await fetchCifar10();
  await mkdir(join(folder, 'datasets'), { recursive: true });
  await cp(join(ROOT, 'manifests', 'samples', 'teachers'), join(folder, 'teachers'), { recursive: true });
  await cp(cifar, join(folder, 'datasets', 'cifar-10-batches-bin'), { recursive: true });
  await madeTinyWorld(folder);
}
