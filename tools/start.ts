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
 * distills a sample teacher there with `kubectl-distill run --local`. A second run resumes the first, or says that it is done. `--
 * --sample NAME` takes another sample than the quarter-width VGG16, `-- --prepare` only lays out the volume, to be copied to a cluster
 * (docs/cluster.md).
 */

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const SAMPLES = join(ROOT, 'manifests', 'samples');
const VOLUME = join(ROOT, 'distill-data');
/** The samples whose teacher comes with them. */
const NAMES = ['cifar10-vgg16', 'cifar10-vgg16-full', 'cifar10-resnet20'] as const;

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

const USAGE = `usage: npm start -- [--prepare] [--sample ${NAMES.join('|')}]\n`;
const HELP = `${USAGE}
Distils a sample teacher on CIFAR-10 in this folder's distill-data/: two workers on this machine, then a table, a student and a report. Stopped,
the same command goes on where it was. CIFAR-10 (139 MB) is fetched once, into your cache folder.

  --sample NAME  ${NAMES[0]} (the default, a quarter-width VGG16: five to ten minutes of two cores)
                 ${NAMES[1]} (the same with the paper's blocks and epochs)
                 ${NAMES[2]} (a ResNet-20 under a budget: half an hour of two cores)
  --prepare      only lays out teacher and data, to be copied to a cluster
`;

interface Flags {
  readonly prepare: boolean;
  /** File of the job. */
  readonly manifest: string;
}

/** Parses the arguments after `npm start --`; an unknown one prints the usage and exits. */
function readFlags(): Flags {
  try {
    const { prepare, sample, help } = parseArgs({
      options: {
        prepare: { type: 'boolean', default: false },
        sample: { type: 'string', default: NAMES[0] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
    if (help) {
      process.stdout.write(HELP);
      process.exit(EXIT.ok);
    }
    if (!NAMES.some((name) => name === sample)) throw new Error(`There is no sample ${sample}.`);
    return { prepare, manifest: join(SAMPLES, `${sample}.yaml`) };
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n${USAGE}`);
    process.exit(EXIT.usage);
  }
}

/** @returns the exit code */
async function start({ prepare, manifest }: Flags): Promise<number> {
  if (prepare) {
    await layOutVolume(manifest);
    process.stdout.write(`Teacher and data of the sample job lie in ${VOLUME}.\n`);
    return 0;
  }
  const setup = await runNode([join(ROOT, 'tools', 'setup.ts')]);
  if (setup !== 0) return setup;
  await layOutVolume(manifest);
  return runNode([join(ROOT, 'cli', 'src', 'main.ts'), 'run', '--local', '-f', manifest, '--volume', VOLUME]);
}

try {
  process.exitCode = await start(readFlags());
} catch (thrown) {
  const error = toDistillError(thrown);
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = error.exitCode;
}
