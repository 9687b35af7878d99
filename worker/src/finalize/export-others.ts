import { LAYOUT } from '@distillation/api/layout';
import type { Report } from '@distillation/api/report';
import type { Network } from '../teacher/graph/graph.ts';
import type { TeacherOutputs } from '../teacher/graph/output.ts';
import { loadTeacher } from '../teacher/load.ts';
import type { LabelledBatch } from './measuring/batches.ts';
import { type FinalizeOptions, pass } from './run.ts';
import { studentDescription } from './student/card.ts';
import { modelFiles } from './student/export.ts';
import { type OtherFormats, otherFormats } from './student/formats.ts';
import { lacksFormats, type Outputs, writeStudent } from './student/outputs.ts';

/** The student in the formats that the job names besides ours. */
export async function exportOthers(
  options: FinalizeOptions,
  {
    student,
    outputs,
    sha256,
  }: { readonly student: Network; readonly outputs: TeacherOutputs; readonly sha256: string },
): Promise<OtherFormats> {
  const { job, plan, dataset, backend, log } = options;
  const description = studentDescription({ job, plan, classNames: dataset.classNames, studentSha256: sha256 });
  const batch = await firstBatch(options);
  const { formats, onnxInput } = job.spec.outputs;
  const preprocessing = onnxInput === 'Pixels' ? job.spec.teacher.preprocessing : undefined;
  const others = await otherFormats(backend.tf, formats, { student, outputs, description, batch, preprocessing });
  for (const { message } of others.warnings) log(message);
  return others;
}

/** A format that the job names since it was finished, or whose file is gone, is made from the student on the volume. */
export async function addFormats(options: FinalizeOptions, outputs: Outputs, report: Report): Promise<void> {
  if (!(await lacksFormats(outputs))) return;
  const student = await loadTeacher(options.backend.tf, { path: outputs.ledger.path(LAYOUT.student) });
  try {
    const others = await exportOthers(options, { student, outputs: student.outputs, sha256: student.sha256 });
    await writeStudent(outputs, report, { ours: modelFiles(student, student.outputs), others });
  } finally {
    student.model.dispose();
  }
}

/** A few images of the job, in the order of their split; undefined where there are none. */
async function firstBatch(options: FinalizeOptions): Promise<LabelledBatch | undefined> {
  const split = options.dataset.splits.validation.count > 0 ? 'validation' : 'train';
  for await (const batch of pass(options, split)()) return batch;
  return undefined;
}
