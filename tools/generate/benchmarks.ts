import { readFileSync } from 'node:fs';
import { figure, plural } from '@distillation/api/format';
import { median } from '@distillation/api/median';
import {
  type CurveRun,
  CURVES_JSON,
  curveRunsIn,
  KERAS_JSON,
  type KerasRun,
  kerasRunsIn,
  type StudentRun,
  STUDENTS_JSON,
  studentRunsIn,
} from '../../bench/results.ts';

/** `docs/benchmarks.md`, from what the benchmarks wrote down. */

const head = (students: readonly StudentRun[]): string => `# How good students are

Whole jobs on the [sample teachers](sample-teacher.md), real CIFAR-10: the quarter-width VGG16, and ResNet-20 where the row says so. A row with a ratio replaces all 13 layers
of the VGG16 by low-rank blocks of that ratio; the sample job chooses, and leaves the first two. Accuracy in percent on the test split: the
mean over the seeds, and the lowest and highest. The seed decides data order, crops and, where blocks start at random, their weights; the
teacher is the same. The control is the teacher fine-tuned as long, where it was measured. One test image is 0.01 points, and the standard error of one accuracy is 0.4 points. Speed is that of the student in ONNX
Runtime with one thread, as a multiple of its teacher's; the two take turns, and \`--speeds\` measures them apart from all
else. It depends on the processor as well as on the student${widths(students)}.
The Xeon computes 16 channels at once, so blocks that keep 8 of 16 cost it time: the ResNet-20, of 16 to 64 channels, is no faster there. Where speed is what counts, limit
latency (\`selection.budget.latency\`), which is measured on the machine itself.

\`npm run bench -- students\` measures a row that is missing, \`npm run bench -- students --speeds\` the speeds again, \`npm run generate\` makes this page. The rows are the samples with some settings
changed ([\`bench/students/rows.ts\`](../bench/students/rows.ts)).

| Job | Seeds | Teacher | Assembled | Student | Difference | Control | Parameters | Multiply-accumulates | Faster by (batch) | On |
|---|---|---:|---:|---:|---:|---:|---:|---:|---|---|
`;

const KERAS = `
## Against the paper's stack

One epoch of a block for each of the 13 convolutions of the VGG16, or of the 18 behind the stem of the ResNet-20, the whole process from its start to its end, one way after the other in each round
(\`npm run bench -- keras [--network ResNet-20]\`; medians of the rounds). Keras trains the paper's blocks and measures each inside the teacher on the validation images; one by one, as
the paper does, it pays the teacher's pass for each of them. Ours also checks teacher and data, plans, measures the assembled student and the teacher
on the validation and the test images, and writes student and report, in processes that may be killed at any time.
`;

const KERAS_COLUMNS = `| Way | Seconds | Of Keras one by one | Training alone | Of Keras fused |
|---|---:|---:|---:|---:|
`;

const CURVES = `
## Accuracy within a budget

The most accurate student within each limit, as assembled, without fine-tuning, on the validation split, in percent; limits are shares of what
the teacher costs: multiply-accumulates, and latency as predicted from the measured ones of layers and blocks, in ONNX Runtime with one thread and a
batch of 64. (\`npm run bench -- curves\`; the finalizer of one job gives one column. One image of the split is 0.02 points, and the standard error of one accuracy
0.6 points.)
`;

/** Limits of the table, as shares of the teacher's. */
const LIMITS = [0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97];

const percent = (fraction: number): string => (100 * fraction).toFixed(2);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
/** Runs by what they have in common, in the order of the first of each. */
const eachOf = <T>(runs: readonly T[], common: (run: T) => string): [string, T[]][] =>
  unique(runs.map(common)).map((name) => [name, runs.filter((run) => common(run) === name)]);
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
  const controls = runs.flatMap(({ accuracy: { control } }) => (control === undefined ? [] : [control]));
  return line([
    name,
    runs.map(({ seed }) => seed).join(', '),
    spread(of('teacher')),
    spread(of('assembled')),
    spread(of('student')),
    `${difference < 0 ? '−' : '+'}${percent(Math.abs(difference))}`,
    controls.length === 0 ? '' : spread(controls),
    ratio('params'),
    ratio('macs'),
    speeds.join(', '),
    unique(runs.map(({ processor }) => processor)).join('; '),
  ]);
}

/** The same layers on several processors: ": students of ... ran 1.17 to 1.56 times as fast ... on one, ... on another". */
function widths(students: readonly StudentRun[]): string {
  const alike = students.filter(({ row }) => row.startsWith(ALIKE));
  const on = eachOf(alike, ({ processor }) => processor).map(([processor, runs]) => {
    const speeds = runs.flatMap(({ speedups }) =>
      speedups.filter(({ batch }) => batch === LARGE).map(({ times }) => times),
    );
    const [low, high] = [Math.min(...speeds), Math.max(...speeds)].map((times) => times.toFixed(2));
    return `${speeds.length === 1 ? low : `${low} to ${high}`} times on ${processor} (${plural(speeds.length, 'run')})`;
  });
  return on.length === 0
    ? ''
    : `: students of the VGG16 at a ratio of 0.375, all of the same layers, are faster at a batch of ${LARGE} by ${on.join(' and ')}`;
}

const ALIKE = 'ratio 0.375,';
const LARGE = 64;

type Measure = 'macs' | 'latencyMs';
const TITLES: Readonly<Record<Measure, string>> = { macs: 'Multiply-accumulates', latencyMs: 'Latency' };

function bestWithin({ points, teacher }: CurveRun, measure: Measure, share: number): string {
  const limit = share * teacher[measure];
  const within = points.filter((point) => point[measure] <= limit && point.accuracy !== undefined);
  return within.length === 0 ? 'none' : percent(Math.max(...within.map(({ accuracy = 0 }) => accuracy)));
}

function curvesOf(network: string, runs: readonly CurveRun[]): string {
  const teacher = line(['teacher', ...runs.map((run) => percent(run.teacher.accuracy))]);
  const tables = (['macs', 'latencyMs'] as const).map((measure) => {
    const head = line([TITLES[measure], ...runs.map(({ candidates }) => candidates)]);
    const rows = LIMITS.map((share) => line([figure(share), ...runs.map((run) => bestWithin(run, measure, share))]));
    return `${head}${line(['---', ...runs.map(() => '---:')])}${rows.join('')}${teacher}`;
  });
  return `\n### ${network}\n\n${tables.join('\n')}`;
}

function curvesTable(runs: readonly CurveRun[]): string {
  if (runs.length === 0) return '';
  const tables = eachOf(runs, ({ network }) => network).map((one) => curvesOf(...one));
  return `${CURVES}${tables.join('')}`;
}

const ONE_BY_ONE = 'Keras, one by one, one core';
const FUSED = 'Keras, fused, one core';

/** What the ways took with one network on one machine. */
function kerasTable(title: string, runs: readonly KerasRun[]): string {
  const of = (way: string, measure: 'seconds' | 'trainingSeconds'): number =>
    median(runs.filter((run) => run.way === way).map((run) => run[measure]));
  const rows = unique(runs.map(({ way }) => way)).map((way) => {
    const [all, training] = [of(way, 'seconds'), of(way, 'trainingSeconds')];
    return line([
      way,
      all.toFixed(0),
      (all / of(ONE_BY_ONE, 'seconds')).toFixed(2),
      training.toFixed(0),
      (training / of(FUSED, 'trainingSeconds')).toFixed(2),
    ]);
  });
  const rounds = runs.filter(({ way }) => way === ONE_BY_ONE).length;
  return `\n### ${title}, ${plural(rounds, 'round')}\n\n${KERAS_COLUMNS}${rows.join('')}`;
}

/** Each machine by itself: a ratio is of one machine. */
function kerasTables(runs: readonly KerasRun[]): string {
  if (runs.length === 0) return '';
  const tables = eachOf(
    runs,
    ({ network, images, processor }) => `${network}, ${plural(images, 'image')}, ${processor}`,
  ).map((one) => kerasTable(...one));
  return `${KERAS}${tables.join('')}`;
}

/** @throws DISTILL_E_INTERNAL when a file of results is damaged */
export const benchmarksText = (): string =>
  benchmarksPage({
    students: studentRunsIn(readFileSync(STUDENTS_JSON, 'utf8')),
    curves: curveRunsIn(readFileSync(CURVES_JSON, 'utf8')),
    keras: kerasRunsIn(readFileSync(KERAS_JSON, 'utf8')),
  });

interface Results {
  readonly students: readonly StudentRun[];
  readonly curves: readonly CurveRun[];
  readonly keras: readonly KerasRun[];
}

/** The page for these results. */
export function benchmarksPage({ students, curves, keras }: Results): string {
  const rows = eachOf(students, ({ row }) => row).map((one) => studentRow(...one));
  const machines = unique(
    [...students, ...curves, ...keras].map(({ processor, finishedAt }) => `${processor}, ${finishedAt.slice(0, 10)}`),
  );
  return `${head(students)}${rows.join('')}${curvesTable(curves)}${kerasTables(keras)}\nMeasured on: ${machines.join('; ')}.\n`;
}
