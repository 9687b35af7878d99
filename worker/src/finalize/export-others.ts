import { internalError } from '@distillation/api/errors';
import { LAYOUT } from '@distillation/api/layout';
import type { Report } from '@distillation/api/report';
import { studentFiles } from '@distillation/ledger/result';
import type { Network } from '../teacher/graph/graph.ts';
import type { TeacherOutputs } from '../teacher/graph/output.ts';
import { loadTeacher } from '../teacher/load.ts';
import type { LabelledBatch } from './measuring/batches.ts';
import { type FinalizeOptions, pass } from './run.ts';
import { fileDescription } from './student/card.ts';
import type { ModelFiles } from './student/export.ts';
import { checkLayersModel, type OtherFormats, otherFormats } from './student/formats.ts';
import { lacksFormats, type Outputs, writeStudent } from './student/outputs.ts';

interface Written {
  readonly student: Network;
  readonly outputs: TeacherOutputs;
  /** The student as a LayersModel. */
  readonly ours: ModelFiles;
}

/**
 * The student in the formats that the job names besides ours. What is read from each, and from ours, is compared with the student.
 * @throws DISTILL_E_INTERNAL when ours differs
 */
export async function exportOthers(
  options: FinalizeOptions,
  { student, outputs, ours }: Written,
): Promise<OtherFormats> {
  const { job, plan, dataset, backend, log } = options;
  const description = fileDescription({ job, plan, classNames: dataset.classNames }, ours.sha256);
  const batch = await firstBatch(options);
  if (batch !== undefined) await checkLayersModel(backend.tf, ours, { student, outputs, batch });
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
    // They are intact, and as they are they stay: another version might write them in another way.
    const files = await studentFiles(outputs.ledger);
    if (files === undefined) throw internalError('The student that was intact is not on the volume any more.');
    const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    const ours = { files, sha256: report.provenance.studentSha256, bytes };
    const others = await exportOthers(options, { student, outputs: student.outputs, ours });
    await writeStudent(outputs, report, { ours, others });
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
