import { internalError } from '@distillation/api/errors';
import { LAYOUT } from '@distillation/api/layout';
import type { OnnxSpeed, Report } from '@distillation/api/report';
import { hasStudentFiles } from '@distillation/ledger/outputs';
import { studentFiles } from '@distillation/ledger/result';
import manifest from '../../package.json' with { type: 'json' };
import type { Network } from '../teacher/graph/graph.ts';
import type { TeacherOutputs } from '../teacher/graph/output.ts';
import { loadTeacher } from '../teacher/load.ts';
import type { LabelledBatch } from './measuring/batches.ts';
import { onnxSpeed } from './measuring/onnx-speed.ts';
import { type FinalizeOptions, pass } from './run.ts';
import { fileDescription } from './student/card.ts';
import type { ModelFiles } from './student/export.ts';
import { checkLayersModel, isOfFormat, type OtherFormats, otherFormats } from './student/formats.ts';
import { type Outputs, writeAdded } from './student/outputs.ts';

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

/** Formats and speeds that the job asks for since it was finished, and files that are gone or damaged, are made from the student on the volume. */
export async function addFormats(options: FinalizeOptions, outputs: Outputs, report: Report): Promise<Report> {
  const { backend, teacher, job, log } = options;
  if (await hasStudentFiles(outputs.ledger, job.spec.outputs, manifest.version)) {
    log('nothing to do: student and report of this job are complete');
    return report;
  }
  // They are intact, and as they are they stay: another version might write them in another way.
  const files = await studentFiles(outputs.ledger);
  if (files === undefined) throw internalError('The student that was intact is not on the volume any more.');
  const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  const ours = { files, sha256: report.provenance.studentSha256, bytes };
  const student = await loadTeacher(backend.tf, { path: outputs.ledger.path(LAYOUT.student) });
  try {
    const others = await exportOthers(options, { student, outputs: student.outputs, ours });
    const isTimed = job.spec.outputs.formats.includes('Onnx') && report.onnx === undefined;
    const onnx = isTimed ? await speedsOf(options, { teacher, student, others }) : report.onnx;
    // Those of formats are of all that are asked for now.
    const { warnings: before = [], ...rest } = report;
    const warnings = [...before.filter((warning) => !isOfFormat(warning)), ...others.warnings];
    const now = { ...rest, ...(onnx && { onnx }), ...(warnings.length > 0 && { warnings }) };
    await writeAdded(outputs, now, { ours, others });
    log(`written from the student as it was: ${['card', ...others.files.keys()].join(', ')}`);
    return now;
  } finally {
    student.model.dispose();
  }
}

interface Timed {
  readonly teacher: Network;
  readonly student: Network;
  readonly others: OtherFormats;
}

/** Speeds in ONNX Runtime of teacher and student. */
export function speedsOf({ job }: FinalizeOptions, { teacher, student, others }: Timed): Promise<OnnxSpeed> {
  // One with the preprocessing inside takes other images.
  const plain = others.listed.find(({ format, input }) => format === 'Onnx' && input === undefined);
  const studentFile = plain && others.files.get(plain.file);
  return onnxSpeed({ teacher, student, batch: job.spec.dataset.batchSize, ...(studentFile && { studentFile }) });
}

/** A few images of the job, in the order of their split; undefined where there are none. */
async function firstBatch(options: FinalizeOptions): Promise<LabelledBatch | undefined> {
  const split = options.dataset.splits.validation.count > 0 ? 'validation' : 'train';
  for await (const batch of pass(options, split)()) return batch;
  return undefined;
}
