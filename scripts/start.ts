import { copyFile, mkdir, readdir, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeError, toDistillError } from '@distillation/api/errors';
import { fetchCifar10 } from 'kubectl-distill/datasets/fetch';
import { readManifest } from 'kubectl-distill/commands/manifest';
import { runNode } from './run-steps.ts';

/**
 * `npm start`: what a newcomer sees first. Gets the native backend and real CIFAR-10, lays out a volume in `distill-data/`, and
 * distils the sample teacher there with `kubectl-distill run --local`. A second run goes on where the first was, or says that all
 * is done.
 */

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const SAMPLES = join(ROOT, 'manifests', 'samples');
const VOLUME = join(ROOT, 'distill-data');

/** Copies a file or folder tree, as a user would with `cp -r`. */
async function copyTree(from: string, to: string): Promise<void> {
  if ((await stat(from)).isDirectory()) {
    for (const name of await readdir(from)) await copyTree(join(from, name), join(to, name));
    return;
  }
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
}

async function layOutVolume(manifest: string): Promise<void> {
  const { spec } = await readManifest(manifest);
  // A LayersModel is a folder of model.json and weights; the other formats are one file.
  const teacher = spec.teacher.path.endsWith('model.json') ? dirname(spec.teacher.path) : spec.teacher.path;
  await copyTree(join(SAMPLES, teacher), join(VOLUME, teacher));
  const data = await fetchCifar10();
  const link = join(VOLUME, spec.dataset.path);
  await mkdir(dirname(link), { recursive: true });
  await rm(link, { recursive: true, force: true });
  await symlink(data, link);
}

const manifest = join(SAMPLES, 'cifar10-vgg16.yaml');
try {
  const setup = await runNode([join(ROOT, 'scripts', 'setup.ts')]);
  if (setup !== 0) process.exit(setup);
  await layOutVolume(manifest);
  process.exitCode = await runNode([
    join(ROOT, 'cli', 'src', 'main.ts'),
    'run',
    '--local',
    '-f',
    manifest,
    '--volume',
    VOLUME,
  ]);
} catch (thrown) {
  const error = toDistillError(thrown);
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = error.exitCode;
}
