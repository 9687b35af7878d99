import { resolve } from 'node:path';
import { bytes, plural } from '@distillation/api/format';
import { endTable } from '../../present/tables/end-table.ts';
import { fetchResults } from '../files/fetch.ts';
import type { FilesOptions } from '../files/options.ts';
import { resultsOf, resultsPod } from '../files/results.ts';
import { throughPod } from '../files/through-pod.ts';
import { getJob } from '../jobs.ts';

export interface FetchOptions extends FilesOptions {
  readonly to?: string;
}

/** `fetch`: student and report of a finished job, in a folder of this machine. */
export async function fetchFromCluster(name: string, options: FetchOptions): Promise<void> {
  const to = options.to ?? name;
  const fetched = await throughPod(
    options,
    async (place) => {
      const job = await getJob(place, name);
      return { place, about: resultsOf(job), pod: await resultsPod(place, job, options.image) };
    },
    (open, results, display) => fetchResults(open, { results, to: resolve(to) }, display.show),
  );
  process.stdout.write(`${endTable(fetched.report, to)}\n\n`);
  process.stdout.write(`${plural(fetched.files, 'file')}, ${bytes(fetched.bytes)}, checked by hash.\n`);
}
