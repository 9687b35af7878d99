import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import { LAYOUT } from '@distillation/api/layout';
import { Ledger } from '@distillation/ledger/ledger';
import { isWholeReport } from '@distillation/ledger/outputs';
import { showPage } from '../../browser.ts';
import { liveView } from '../live-view.ts';
import { type JobView, jobViewer } from '../job-view.ts';
import { printable, widthOf } from '../../present/tables/columns.ts';
import { endTable } from '../../present/tables/end-table.ts';
import { liveTable } from '../../present/live/live-table.ts';
import { formerStudentLine, LACKS_FILES, summaryLines } from '../../present/job-summary.ts';
import { type LocalJobOptions, readManifest, resumeCommand } from '../../commands/manifest.ts';

interface Shown {
  /** Opens the page in the browser instead. */
  readonly open?: boolean;
  /** The table, or a file of the report as it is. */
  readonly output?: 'table' | 'json' | 'html';
}

/** `report` on this machine: only reads the volume. @throws DistillError DISTILL_E_NO_RESULT where there is no page to open, no file to print */
export async function reportHere(
  options: LocalJobOptions,
  { open = false, output = 'table' }: Shown = {},
): Promise<void> {
  const job = await readManifest(options.filename);
  const volume = resolve(options.volume);
  const log = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const look = await jobViewer({ job, volume, resume: resumeCommand(options), log })();
  const folder = join(volume, job.spec.outputs.path);
  const width = widthOf(process.stdout);
  const ledger = new Ledger({ folder, writer: 'observer', log });
  const name = output === 'json' ? LAYOUT.reportJson : LAYOUT.reportHtml;
  const file = join(folder, name);
  const isFinished = look.observed.report !== undefined && (await isWholeReport(ledger, name));
  if (!open && output === 'table') process.stdout.write(`${describe(look, { folder, width }).join('\n')}\n`);
  else if (isFinished && open) await showPage(file);
  else if (isFinished) process.stdout.write(await readFile(file));
  else {
    const { former } = look.summary;
    const message =
      former === undefined ? `The job has no whole report in ${folder}.` : formerStudentLine(folder, former);
    throw new DistillError('DISTILL_E_NO_RESULT', message, {
      subject: job.metadata.name,
      fix: `Start it, or let it go on, by \`${resumeCommand(options)}\`.`,
    });
  }
}

/** The report of a job's state. */
export function describe(
  { observed, decision, summary }: JobView,
  { folder, width }: { folder: string; width: number },
): string[] {
  if (observed.report !== undefined) {
    const note = summary.lacksFiles === true ? ['', LACKS_FILES, `Write them: ${printable(summary.resume)}`] : [];
    return [endTable(observed.report, folder), ...note];
  }
  const begun = summary.quietSeconds !== undefined && !summary.onlyPlanned && summary.former !== 'OfOtherBlocks';
  return [...(begun ? [...liveTable(liveView(observed, decision), width), ''] : []), ...summaryLines(summary)];
}
