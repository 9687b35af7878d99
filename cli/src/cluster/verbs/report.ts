import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAYOUT } from '@distillation/api/layout';
import { showPage } from '../../browser.ts';
import type { JobReference } from '../../commands/manifest.ts';
import { widthOf } from '../../present/tables/columns.ts';
import { endTable } from '../../present/tables/end-table.ts';
import { liveTable } from '../../present/live/live-table.ts';
import { onCluster } from '../access.ts';
import { fetchReport } from '../files/fetch.ts';
import type { FilesOptions } from '../files/options.ts';
import { resultsOf, resultsPod } from '../files/results.ts';
import { throughPod } from '../files/through-pod.ts';
import { getJob, type JobObject } from '../jobs.ts';
import { placeOf } from '../manifest-namespace.ts';
import { formerStudentLine } from '../status/result.ts';
import { clusterView } from '../status/view.ts';

export interface ReportOptions extends FilesOptions {
  readonly output: 'table' | 'json' | 'html';
  readonly open?: boolean;
}

/** `report` on a cluster: of a finished job what came out, of any other how far it is. */
export async function reportOnCluster(reference: JobReference, options: ReportOptions): Promise<void> {
  const { output, open: inBrowser = false } = options;
  const job = await onCluster({ ...options, hasLocal: true }, async (access) => {
    const { place, name } = await placeOf(reference, { access, options });
    return getJob(place, name);
  });
  if (job.status?.result === undefined && output === 'table' && !inBrowser) {
    const former = formerStudentLine(job);
    const lines = [
      ...liveTable(clusterView(job, new Date()), widthOf(process.stdout)),
      ...(former === undefined ? [] : ['', former]),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    return;
  }
  const { report, ...texts } = await read(job, options);
  if (inBrowser) await showPage(await kept(texts.html, job.metadata.name));
  else if (output !== 'table') process.stdout.write(texts[output]);
  else {
    const volume = `${job.spec.cluster.volume?.claimName ?? ''}:${job.spec.outputs.path}`;
    process.stdout.write(`${endTable(report, volume)}\n`);
  }
}

function read(job: JobObject, options: ReportOptions): ReturnType<typeof fetchReport> {
  const results = resultsOf(job);
  const { namespace } = job.metadata;
  return throughPod(
    options,
    async (access) => {
      const place = { ...access, namespace };
      return { place, about: results, pod: await resultsPod(place, job, options.image) };
    },
    (open) => fetchReport(open, results),
  );
}

/** The page as a file that outlives this process, since a browser reads it later. */
async function kept(html: string, name: string): Promise<string> {
  const page = join(await mkdtemp(join(tmpdir(), `distill-${name}-`)), LAYOUT.reportHtml);
  await writeFile(page, html);
  return page;
}
