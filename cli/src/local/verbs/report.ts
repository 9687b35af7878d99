import { join, resolve } from 'node:path';
import { liveView } from '../live-view.ts';
import { type JobView, jobViewer } from '../job-view.ts';
import { widthOf } from '../../present/columns.ts';
import { endTable } from '../../present/end-table.ts';
import { liveTable } from '../../present/live-table.ts';
import { summaryLines } from '../../present/job-summary.ts';
import { type LocalJobOptions, readManifest, resumeCommand } from '../../commands/manifest.ts';

/** `report` on this machine: only reads the volume. */
export async function reportHere(options: LocalJobOptions): Promise<void> {
  const job = await readManifest(options.filename);
  const volume = resolve(options.volume);
  const log = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const look = await jobViewer({ job, volume, resume: resumeCommand(options), log })();
  const width = widthOf(process.stdout);
  process.stdout.write(`${describe(look, { folder: join(volume, job.spec.outputs.path), width }).join('\n')}\n`);
}

/** The report of a job's state. */
export function describe(
  { observed, decision, summary, olderStudent }: JobView,
  { folder, width }: { folder: string; width: number },
): string[] {
  if (observed.report !== undefined) return [endTable(observed.report, folder)];
  const begun = summary.quietSeconds !== undefined && !summary.onlyPlanned;
  return [
    ...(begun ? [...liveTable(liveView(observed, decision), width), ''] : []),
    ...summaryLines(summary),
    ...(olderStudent
      ? [`The student in ${folder} is of another version of this manifest; a run makes the one it now asks for.`]
      : []),
  ];
}
