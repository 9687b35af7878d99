import { readFileSync } from 'node:fs';
import { figure } from '@distillation/api/format';
import {
  type CurveRun,
  CURVES_JSON,
  curveRunsIn,
  type StudentRun,
  STUDENTS_JSON,
  studentRunsIn,
} from '../../bench/students/runs.ts';

/** `docs/benchmarks.md`, from what the benchmarks wrote down. */

const HEAD = `# How good students are

Whole jobs on the sample teacher ([quarter-width VGG16](sample-teacher.md), real CIFAR-10). Accuracy in percent on the test split: the
mean over the seeds, and the lowest and highest. The seed decides data order, crops and, where blocks start at random, their weights; the
teacher is the same. One test image is 0.01 points, and the standard error of one accuracy is 0.4 points. Speed is that of the student in ONNX
Runtime with one thread, as a multiple of its teacher's; the two take turns, but the machine had other work as well.

\`npm run bench -- students\` measures a row that is missing, \`npm run generate\` makes this page. The rows are the samples with a few settings
changed ([\`bench/students/rows.ts\`](../bench/students/rows.ts)).

| Job | Seeds | Teacher | Assembled | Student | Difference | Parameters | Multiply-accumulates | Faster by (batch) |
|---|---|---:|---:|---:|---:|---:|---:|---|
`;

const CURVES = `
## Accuracy within a budget

The most accurate student within each limit on multiply-accumulates, as assembled, without fine-tuning, on the validation split, in percent
(\`npm run bench -- curves\`; the finalizer of one job gives one column).

`;

/** Limits of the table, as shares of the teacher's. */
const LIMITS = [0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

const percent = (fraction: number): string => (100 * fraction).toFixed(2);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |\n`;

function spread(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)].map(percent);
  return values.length === 1 ? percent(mean(values)) : `${percent(mean(values))} (${low} to ${high})`;
}

function studentRow(name: string, runs: readonly StudentRun[]): string {
  const of = (network: 'teacher' | 'assembled' | 'student'): number[] => runs.map(({ accuracy }) => accuracy[network]);
  const difference = mean(of('student')) - mean(of('teacher'));
  const ratio = (measure: 'params' | 'macs'): string =>
    `${mean(runs.map((run) => run[measure].teacher / run[measure].student)).toFixed(2)}×`;
  const speeds = unique(runs.flatMap(({ speedups }) => speedups.map(({ batch }) => batch))).map((batch) => {
    const times = runs.flatMap(({ speedups }) => speedups.filter((one) => one.batch === batch).map((one) => one.times));
    return `${mean(times).toFixed(2)}× (${batch})`;
  });
  return line([
    name,
    runs.map(({ seed }) => seed).join(', '),
    spread(of('teacher')),
    spread(of('assembled')),
    spread(of('student')),
    `${difference < 0 ? '−' : '+'}${percent(Math.abs(difference))}`,
    ratio('params'),
    ratio('macs'),
    speeds.join(', '),
  ]);
}

function bestWithin({ points }: CurveRun, limit: number): string {
  const within = points.filter(({ macs, accuracy }) => macs <= limit && accuracy !== undefined);
  return within.length === 0 ? 'none' : percent(Math.max(...within.map(({ accuracy = 0 }) => accuracy)));
}

function curvesTable(runs: readonly CurveRun[]): string {
  const [first] = runs;
  if (first === undefined) return '';
  const head = line(['Limit', ...runs.map(({ candidates }) => candidates)]) + line(['---', ...runs.map(() => '---:')]);
  const rows = LIMITS.map((share) =>
    line([figure(share), ...runs.map((run) => bestWithin(run, share * run.teacher.macs))]),
  );
  return `${CURVES}${head}${rows.join('')}${line([`teacher`, ...runs.map(({ teacher }) => percent(teacher.accuracy))])}`;
}

/** @throws DISTILL_E_INTERNAL when a file of results is damaged */
export const benchmarksText = (): string =>
  benchmarksPage(studentRunsIn(readFileSync(STUDENTS_JSON, 'utf8')), curveRunsIn(readFileSync(CURVES_JSON, 'utf8')));

/** The page for these results. */
export function benchmarksPage(students: readonly StudentRun[], curves: readonly CurveRun[]): string {
  const rows = unique(students.map(({ row }) => row)).map((name) =>
    studentRow(
      name,
      students.filter(({ row }) => row === name),
    ),
  );
  const machines = unique(
    [...students, ...curves].map(({ processor, finishedAt }) => `${processor}, ${finishedAt.slice(0, 10)}`),
  );
  return `${HEAD}${rows.join('')}${curvesTable(curves)}\nMeasured on: ${machines.join('; ')}.\n`;
}
