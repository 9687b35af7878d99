import { join } from 'node:path';
import type { DistillationJob } from '@distillation/api/job';
import { LAYOUT } from '@distillation/api/layout';
import type { Plan } from '@distillation/api/plan';
import type { Report } from '@distillation/api/report';
import { writeAtomic } from '@distillation/ledger/atomic';
import type { Ledger } from '@distillation/ledger/ledger';
import { writeFolder } from '@distillation/ledger/write-folder';
import { sha256 } from '@distillation/ledger/envelope';
import { listedFormats, studentCard } from './card.ts';
import type { ModelFiles } from './export.ts';
import type { OtherFormats } from './formats.ts';
import { studentReadme } from './readme.ts';
import { hasReports, intactResult } from '@distillation/ledger/result';

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

/** Writes the folder of the student, which appears complete. */
export async function writeStudent(
  { ledger, job, plan, classNames }: Outputs,
  report: Report,
  { ours, others }: StudentFiles,
): Promise<void> {
  const card = studentCard({ job, plan, report, classNames, others });
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

/**
 * Whether a format that the job names is not in the student's folder, or is not what its card says. One that could not be written is not
 * tried again by the same version.
 */
export async function lacksFormats({ ledger, job }: Outputs): Promise<boolean> {
  const wanted = job.spec.outputs.formats.filter((format) => format !== 'TfjsLayers');
  const card = wanted.length === 0 ? undefined : await ledger.files.readFile(ledger.path(LAYOUT.card));
  const { files, refused } = card === undefined ? { files: [], refused: [] } : listedFormats(card);
  for (const format of wanted) {
    const input = format === 'Onnx' && job.spec.outputs.onnxInput === 'Pixels' ? 'Pixels' : undefined;
    const isWanted = (each: { readonly format: string; readonly input?: string | undefined }): boolean =>
      each.format === format && each.input === input;
    if (refused.some(isWanted)) continue;
    const known = files.find(isWanted);
    if (known === undefined) return true;
    const content = await ledger.files.readFile(ledger.path(`${LAYOUT.student}/${known.file}`));
    if (content === undefined || sha256(content) !== known.sha256) return true;
  }
  return false;
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
  const walk = async (folder: string): Promise<void> => {
    for (const { name, folder: isFolder } of await ledger.files.readdir(folder)) {
      const path = join(folder, name);
      if (isFolder) await walk(path);
      else if (name.endsWith('.safetensors')) await ledger.files.unlink(path);
    }
  };
  for (const folder of [LAYOUT.blocks, LAYOUT.finalize]) await walk(ledger.path(folder));
}
