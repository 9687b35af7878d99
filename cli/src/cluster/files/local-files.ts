import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import type { DistillationJobSpec } from '@distillation/api/job';

/** A file of this machine, and where it goes: relative to the folder of all volumes. */
export interface LocalFile {
  readonly from: string;
  readonly path: string;
  readonly size: number;
}

/** What is copied as one: a file or a folder. */
export interface Source {
  readonly from: string;
  readonly to: string;
}

/** What of a job's spec says where teacher and data lie. */
interface Inputs {
  readonly teacher: Pick<DistillationJobSpec['teacher'], 'path'>;
  readonly dataset: Pick<DistillationJobSpec['dataset'], 'path'>;
  readonly cluster: Pick<DistillationJobSpec['cluster'], 'teacherVolume' | 'datasetVolume'>;
}

/** Teacher and data of a job, of a folder that is laid out as its volumes are. A LayersModel is all of its folder. */
export function sourcesOf({ teacher, dataset, cluster }: Inputs, folder: string): Source[] {
  const teacherPath = basename(teacher.path) === 'model.json' ? dirname(teacher.path) : teacher.path;
  const volumeOf = (own: object | undefined, name: string): string => (own === undefined ? 'work' : name);
  return [
    { from: join(folder, teacherPath), to: join(volumeOf(cluster.teacherVolume, 'teacher'), teacherPath) },
    { from: join(folder, dataset.path), to: join(volumeOf(cluster.datasetVolume, 'dataset'), dataset.path) },
  ];
}

/**
 * All files of the sources, in the order of their paths; links are followed, as what they lead to is meant.
 * @throws DistillError DISTILL_E_USAGE for one that is not there
 */
export async function listFiles(sources: readonly Source[]): Promise<LocalFile[]> {
  const files: LocalFile[] = [];
  const walk = async (from: string, path: string, above: readonly string[]): Promise<void> => {
    const found = await stat(from).catch(() => undefined);
    if (found === undefined) {
      throw new DistillError('DISTILL_E_USAGE', `There is no ${from}.`, {
        subject: from,
        fix: 'Give the folder in which the manifest’s paths begin by --from, or the files themselves with --claim.',
      });
    }
    if (!found.isDirectory()) {
      files.push({ from, path, size: found.size });
      return;
    }
    const real = await realpath(from);
    if (above.includes(real)) {
      throw new DistillError('DISTILL_E_USAGE', `${from} is a link that leads back to a folder above it.`, {
        subject: from,
      });
    }
    for (const name of (await readdir(from)).sort()) await walk(join(from, name), `${path}/${name}`, [...above, real]);
  };
  for (const { from, to } of sources) await walk(from, to, []);
  return files;
}

const CHUNK = 1 << 20;

/** SHA-256 of a file of this machine; undefined when it is not there. */
export async function localHash(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) hash.update(chunk as Buffer);
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw thrown;
  }
  return hash.digest('hex');
}
