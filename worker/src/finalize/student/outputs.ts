import { canonicalJson } from '@distillation/api/canonical';
import type { DistillationJob } from '@distillation/api/job';
import { LAYOUT } from '@distillation/api/layout';
import type { Plan } from '@distillation/api/plan';
import type { Report } from '@distillation/api/report';
import { writeAtomic } from '@distillation/ledger/atomic';
import type { Ledger } from '@distillation/ledger/ledger';
import { hasReports, workingFiles } from '@distillation/ledger/outputs';
import { intactResult } from '@distillation/ledger/result';
import { writeFolder } from '@distillation/ledger/write-folder';
import { studentCard } from './card.ts';
import type { ModelFiles } from './export.ts';
import type { OtherFormats } from './formats.ts';
import { studentReadme } from './readme.ts';

export interface Outputs {
  readonly ledger: Ledger;
  readonly job: DistillationJob;
  readonly plan: Plan;
  /** Hash of everything that decides the student (`studentRecipe`). */
  readonly recipe: string;
  readonly classNames: readonly string[];
  /** Renders `report.html`; when absent, only `report.json` is written. */
  readonly render?: (report: Report) => string;
}

/** The student in our own format, and in the others that the job names. */
interface StudentFiles {
  readonly ours: ModelFiles;
  readonly others: OtherFormats;
}

/** Writes the student, the reports and, last, the record by which a later run knows that everything is done. */
export async function writeOutputs(outputs: Outputs, report: Report, student: StudentFiles): Promise<void> {
  const { ledger, recipe } = outputs;
  await writeStudent(outputs, report, student);
  await writeReports(outputs, report);
  await ledger.writeResult({ recipe, report });
  await cleanUp(outputs);
}

/**
 * Writes what was made later of a student that is there. Its folder comes last: where its card names the new files nothing is left to do, and
 * who sees that finds the report that was made with them.
 */
export async function writeAdded(outputs: Outputs, report: Report, student: StudentFiles): Promise<void> {
  const { ledger, recipe } = outputs;
  await ledger.writeResult({ recipe, report });
  await writeReports(outputs, report);
  await writeStudent(outputs, report, student);
  await cleanUp(outputs);
}

/** Writes the folder of the student, which appears complete. */
async function writeStudent(
  { ledger, job, plan, classNames }: Outputs,
  report: Report,
  { ours, others }: StudentFiles,
): Promise<void> {
  // As a later version reads it from its record, so that the card that it writes again has the same bytes.
  const recorded = JSON.parse(canonicalJson(report)) as Report;
  const card = studentCard({ job, plan, report: recorded, classNames, others });
  await writeFolder(
    ledger.files,
    ledger.path(LAYOUT.student),
    new Map<string, Uint8Array | string>([
      ...ours.files,
      ...others.files,
      ['card.json', `${JSON.stringify(card, null, 2)}\n`],
      ['README.md', studentReadme(card)],
    ]),
  );
}

async function writeReports({ ledger, render }: Outputs, report: Report): Promise<void> {
  const write = (name: string, text: string): Promise<void> =>
    writeAtomic(ledger.files, ledger.path(name), { bytes: Buffer.from(text), writer: 'finalizer' });
  await write(LAYOUT.reportJson, `${JSON.stringify(report, null, 2)}\n`);
  if (render !== undefined) await write(LAYOUT.reportHtml, render(report));
}

/** The report of an earlier run whose student is intact; missing report files are written again. */
export async function finishedReport(outputs: Outputs): Promise<Report | undefined> {
  const { ledger, recipe } = outputs;
  const report = await intactResult(ledger, recipe);
  if (report === undefined) return undefined;
  if (!(await hasReports(ledger))) await writeReports(outputs, report);
  await cleanUp(outputs);
  return report;
}

/** Deletes the checkpoints of blocks and of fine-tuning if the job says so. The records stay: they are small and hold the history. */
async function cleanUp({ ledger, job }: Outputs): Promise<void> {
  if (job.spec.outputs.workingFiles === 'Keep') return;
  for (const path of await workingFiles(ledger)) await ledger.files.unlink(path);
}
