import {
  NOT_MEASURED,
  allOf,
  backendWords,
  bytes,
  count,
  duration,
  milliseconds,
  percent,
  plural,
  points,
  ratio,
  short,
} from '@distillation/api/format';
import { LAYOUT } from '@distillation/api/layout';
import type { Report } from '@distillation/api/report';
import {
  accuracyError,
  cautions,
  replacedWords,
  speedupWords,
  staysTeachers,
  unchangedWords,
  usefulControl,
} from '@distillation/api/report-words';
import { sentence } from '@distillation/api/sentences';
import { inColumns, printable } from './columns.ts';

/**
 * The result, for the end of a run: teacher and student side by side, then where the files are.
 *
 * @param folder the job's output folder as the user would type it
 */
export function endTable(report: Report, folder: string): string {
  return [
    ...comparison(report),
    '',
    ...remarks(report).map(printable),
    '',
    ...inColumns(
      [
        ['student', `${folder}/${LAYOUT.student}`],
        ['report', `${folder}/${LAYOUT.reportHtml}`],
      ],
      ['left', 'left'],
    ),
  ].join('\n');
}

function comparison(report: Report): string[] {
  const { teacher, student, onnx } = report;
  const control = usefulControl(report);
  const accuracy = (name: string, before: number | undefined): string[] => {
    const after = student.testAccuracy;
    const change = before === undefined || after === undefined ? '' : points(after - before);
    return [name, percent(before), percent(after), change];
  };
  const latency =
    student.latencyBatch === undefined ? 'time of a batch' : `TensorFlow, batch of ${student.latencyBatch}`;
  return inColumns(
    [
      ['', 'teacher', 'student', ''],
      accuracy('test accuracy', teacher.testAccuracy),
      ...(control === undefined ? [] : [accuracy('the teacher fine-tuned as long', control.testAccuracy)]),
      ['parameters', count(teacher.params), count(student.params), factor(teacher.params, student.params)],
      ['multiply-accumulates', short(teacher.macs), short(student.macs), factor(teacher.macs, student.macs)],
      ['size on disk', bytes(teacher.bytes), bytes(student.bytes), factor(teacher.bytes, student.bytes)],
      [
        latency,
        milliseconds(teacher.latencyMs),
        milliseconds(student.latencyMs),
        factor(teacher.latencyMs, student.latencyMs),
      ],
      ...(onnx?.rows ?? []).map((times) => [
        `ONNX Runtime, ${plural(times.threads, 'thread')}, batch of ${times.batch}`,
        milliseconds(times.teacherMs),
        milliseconds(times.studentMs),
        speedupWords(times),
      ]),
    ],
    ['left', 'right', 'right', 'left'],
  );
}

const factor = (teacher: number | undefined, student: number | undefined): string => ratio(teacher, student) ?? '';

function remarks(report: Report): string[] {
  const { outcome, blocks, assembled, fineTuning, time, provenance, onnx, selection } = report;
  const failed = blocks.filter((block) => block.outcome === 'Failed');
  return [
    outcome === 'NoBlockTrained'
      ? `${allOf(blocks.length, 'block')} failed to train: the network returned is the teacher, unchanged.`
      : outcome === 'NoBlockSelected'
        ? unchangedWords(report)
        : `${replacedWords(blocks)} in the student${assembledAt(assembled.testAccuracy, fineTuning)}.`,
    ...[accuracyError(report)].filter((line) => line !== undefined),
    ...failureLines(failed, blocks),
    ...cautions(report),
    ...(onnx?.absent === undefined ? [] : [`The speed in ONNX Runtime was not measured: ${onnx.absent}`]),
    ...latencyLines(selection?.latency),
    `Blocks trained in ${time.trainingSeconds === undefined ? `a time ${NOT_MEASURED}` : duration(time.trainingSeconds)}, finalized in ${duration(time.finalizeSeconds)}.`,
    `Computed with ${provenance.backends.map(backendWords).join('; ')}.`,
  ];
}

function latencyLines(latency: NonNullable<Report['selection']>['latency']): string[] {
  if (latency === undefined) return [];
  const measured = latency.measured === undefined ? NOT_MEASURED : `measured ${percent(latency.measured, 1)}`;
  return [`Latency of the student: ${percent(latency.predicted, 1)} of the teacher's as predicted, ${measured}.`];
}

/** Maximum number of failed blocks that are listed; the report has all. */
const MAX_FAILED = 5;

function failureLines(failed: Report['blocks'], blocks: Report['blocks']): string[] {
  const told = failed.slice(0, MAX_FAILED).map((block) => {
    const { name, failure, reason } = block;
    const layer = staysTeachers({ blocks }, block) ? ', its layer stays' : '';
    return `${name} failed to train${layer}: ${sentence(failure?.message ?? reason)}`;
  });
  const rest = failed.slice(MAX_FAILED).map(({ name }) => name);
  return rest.length === 0 ? told : [...told, `So did ${rest.join(', ')}; the report says why.`];
}

function assembledAt(accuracy: number | undefined, { epochs, keptEpoch }: Report['fineTuning']): string {
  if (accuracy === undefined || epochs.length === 0) return '';
  const tuned = plural(epochs.length, 'epoch');
  const outcome = keptEpoch === 0 ? `and no better after ${tuned} of fine-tuning` : `before ${tuned} of fine-tuning`;
  return `; test accuracy as assembled ${percent(accuracy)}, ${outcome}`;
}
