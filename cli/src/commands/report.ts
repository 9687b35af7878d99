import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { liveView } from '../local/live-view.ts';
import { type JobView, jobViewer } from '../local/job-view.ts';
import { endTable } from '../present/end-table.ts';
import { liveTable } from '../present/live-table.ts';
import { summaryLines } from '../present/job-summary.ts';
import { filenameOption, type JobOptions, readManifest, resumeCommand, volumeOption } from './manifest.ts';

const COLUMNS = 120;

export function reportCommand(): Command {
  return new Command('report')
    .summary('show what came out of a job, or how far it is')
    .description(
      'Shows teacher and student of a finished job side by side and where student and report lie; of an unfinished job, how far ' +
        'it is, whether anything works on it, and the error that stopped it. Only reads the volume.',
    )
    .addOption(filenameOption())
    .addOption(volumeOption())
    .addHelpText(
      'after',
      `
Examples:
  kubectl-distill report -f job.yaml
  kubectl-distill report -f job.yaml --volume /data/distill`,
    )
    .action(report);
}

async function report(options: JobOptions): Promise<void> {
  const job = await readManifest(options.filename);
  const volume = resolve(options.volume);
  const log = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const look = await jobViewer({ job, volume, resume: resumeCommand(options), log })();
  const width = process.stdout.isTTY ? process.stdout.columns : COLUMNS;
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
