import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import type { DistillationJob } from '@distillation/api/job';
import type { Report } from '@distillation/api/report';
import { cacheFolder } from '@distillation/runtime/cache-folder';
import { runLocal } from '../../cli/src/local/run.ts';
import { fetchCifar10 } from '../../tools/sample-data/fetch.ts';
import { SAMPLES } from './rows.ts';

/** A volume in the user's cache with the sample teachers and CIFAR-10. Jobs on it are kept: what was stopped goes on. */
export async function layOut(): Promise<string> {
  const volume = join(cacheFolder(), 'bench');
  await cp(join(SAMPLES, 'teachers'), join(volume, 'teachers'), { recursive: true });
  const link = join(volume, 'datasets', 'cifar-10-batches-bin');
  await mkdir(dirname(link), { recursive: true });
  await rm(link, { recursive: true, force: true });
  await symlink(await fetchCifar10(), link);
  return volume;
}

export async function reportOf(job: DistillationJob, volume: string): Promise<Report> {
  const display = {
    show: () => undefined,
    log: (line: string) => {
      console.log(line);
    },
  };
  const { report } = await runLocal({ job, volume, display, signal: new AbortController().signal });
  return report;
}

export const processor = (): string => `${cpus()[0]?.model.trim() ?? process.arch}, ${cpus().length} threads`;
