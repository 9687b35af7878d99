import { replacedWords } from '@distillation/api/report-words';
import { count, noneOf, NOT_MEASURED, percent, points, ratio, short } from '@distillation/api/format';
import { DistillError, ERRORS, type ErrorCode } from '@distillation/api/errors';
import { inColumns, printable } from '../../present/tables/columns.ts';
import type { JobObject } from '../jobs.ts';
import { verdictNow } from './job-table.ts';

/** What a job on a cluster ended with, as far as its status has it. */

/** Teacher and student side by side, then where they are; nothing for a job without a result. */
export function resultLines({ metadata, spec, status }: JobObject): string[] {
  const result = status?.result;
  if (result === undefined) return [];
  const [before, after] = [decimal(result.teacherAccuracy), decimal(result.studentAccuracy)];
  const change = before === undefined || after === undefined ? '' : points(after - before);
  const { teacherParameters, studentParameters, teacherMacs, studentMacs, speedup } = result;
  const blocks = status?.blocks ?? [];
  const { claimName, subPath } = spec.cluster.volume ?? {};
  const claim =
    claimName === undefined ? '' : ` on the claim ${claimName}${subPath === undefined ? '' : `, ${subPath}`}`;
  return [
    ...inColumns(
      [
        ['', 'teacher', 'student', ''],
        ['test accuracy', accuracy(before), accuracy(after), change],
        [
          'parameters',
          count(teacherParameters),
          count(studentParameters),
          ratio(teacherParameters, studentParameters) ?? '',
        ],
        ['multiply-accumulates', short(teacherMacs), short(studentMacs), ratio(teacherMacs, studentMacs) ?? ''],
        ...(speedup === undefined ? [] : [['speed in ONNX Runtime, 1 thread', '', '', speedup.replace('x', '×')]]),
      ],
      ['left', 'right', 'right', 'right'],
    ),
    '',
    result.outcome === 'StudentBuilt'
      ? `${replacedWords(blocks.map((block) => ({ ...block, layer: layerOf(block.name, spec) })))} in the student.`
      : `${noneOf(blocks.length, 'block')} is in it: the network returned is the teacher, unchanged.`,
    '',
    ...inColumns(
      [
        ['student', `${result.studentPath}${claim}`],
        ['report', `${result.reportPath}${claim}`],
      ],
      ['left', 'left'],
    ),
    '',
    `To see the report: \`kubectl distill report ${named(metadata)}\`. To have both here: \`kubectl distill fetch ${named(metadata)}\`.`,
  ].map(printable);
}

/** For a job that was changed after it had succeeded: where the student of before is, and the way back to it. */
export function formerStudentLine({ status, metadata }: Pick<JobObject, 'status' | 'metadata'>): string | undefined {
  if (status?.formerStudent === undefined) return undefined;
  const { path } = status.formerStudent;
  return printable(
    `${metadata.name} was changed after it had succeeded: the student in ${path} is that of before, and stays until the next one is written. With its spec as it was it has succeeded again, with that student.`,
  );
}

/** The layer that a block is for: where there are several candidates, its name ends in that of one. */
const layerOf = (name: string, { blocks: { candidates = [] } }: JobObject['spec']): string =>
  candidates.length > 1 ? name.slice(0, name.lastIndexOf('@')) : name;

const decimal = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
const accuracy = (value: number | undefined): string => (value === undefined ? NOT_MEASURED : percent(value));

/** The job as an argument of a command; with its namespace, since that of the context may be another one. */
export const named = ({ name, namespace }: JobObject['metadata']): string => `${name} -n ${namespace}`;

/** The failure of a job that has failed, as an error with the exit code of its cause; undefined for any other. */
export function failureOf(job: JobObject): DistillError | undefined {
  const verdict = verdictNow(job);
  if (verdict?.status !== 'False') return undefined;
  return new DistillError(
    codeOf(verdict.reason),
    `${job.metadata.name} has failed, ${verdict.reason}: ${verdict.message}`,
    {
      subject: job.metadata.name,
      fix: `Once the cause is mended: \`kubectl distill retry ${named(job.metadata)}\`.`,
    },
  );
}

/** The code of a reason; deadlines and what only an operator says have none. */
function codeOf(reason: string): ErrorCode {
  const found = (Object.keys(ERRORS) as ErrorCode[]).find((code) => ERRORS[code].reason === reason);
  return found ?? 'DISTILL_E_JOB_FAILED';
}
