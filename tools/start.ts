import { copyFile, mkdir, readdir, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EXIT, describeError, toDistillError } from '@distillation/api/errors';
import { fetchCifar10 } from './sample-data/fetch.ts';
import { readManifest } from '../cli/src/commands/manifest.ts';
import { runNode } from './run-steps.ts';

/**
 * `npm start`, the first thing that a newcomer runs. Gets the native backend and CIFAR-10, lays out a volume in `distill-data/`, and
 * distills the sample teacher there with `kubectl-distill run --local`. A second run resumes the first, or says that it is done. `--
 * --prepare` only lays out the volume, to be copied to a cluster (docs/cluster.md).
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
const runLocally = [join(ROOT, 'cli', 'src', 'main.ts'), 'run', '--local', '-f', manifest, '--volume', VOLUME];

/** Parses the arguments after `npm start --`; an unknown one prints the usage and exits. */
function readFlags(): { prepare: boolean } {
  try {
    return parseArgs({ options: { prepare: { type: 'boolean', default: false } } }).values;
  } catch (thrown) {
    process.stderr.write(
      `${thrown instanceof Error ? thrown.message : String(thrown)}\nusage: npm start [-- --prepare]\n`,
    );
    process.exit(EXIT.usage);
  }
}

/** @returns the exit code */
async function start(prepare: boolean): Promise<number> {
  if (prepare) {
    await layOutVolume(manifest);
    process.stdout.write(`Teacher and data of the sample job lie in ${VOLUME}.\n`);
    return 0;
  }
  const setup = await runNode([join(ROOT, 'tools', 'setup.ts')]);
  if (setup !== 0) return setup;
  await layOutVolume(manifest);
  return runNode(runLocally);
}

try {
  process.exitCode = await start(readFlags().prepare);
} catch (thrown) {
  const error = toDistillError(thrown);
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = error.exitCode;
}
