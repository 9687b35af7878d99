import process from 'node:process';
import { parseArgs } from 'node:util';
import { internalError } from '@distillation/api/errors';
import type { Report } from '@distillation/api/report';
import { timesAsFast } from '@distillation/api/report-words';
import { jobOf, ROWS, type Variant } from './rows.ts';
import { readStudentRuns, STUDENTS_JSON, type StudentRun, writeRuns } from '../results.ts';
import { layOut, processor, reportOf } from './volume.ts';

/**
 * `npm run bench -- students [--seed N ...] [--speeds] [ROW ...]`: how good students are. Whole jobs on the sample teachers, three seeds each,
 * whose reports become docs/benchmarks/students.json, and by `npm run generate` docs/benchmarks.md. Hours on two cores; what is there already is
 * not run again. With `--speeds` only the speeds of the rows that this kind of processor has measured are measured again, for a machine that has nothing else to do.
 */

const { values, positionals } = parseArgs({
  options: {
    seed: { type: 'string', multiple: true, default: ['7', '8', '9'] },
    speeds: { type: 'boolean', default: false },
  },
  allowPositionals: true,
  args: process.argv.slice(2),
});

async function measure(row: string, variant: Variant, seed: number): Promise<StudentRun> {
  const { teacher, student, assembled, control, onnx, time, provenance } = await reportOf(
    await jobOf(variant, seed),
    volume,
  );
  const tested = (accuracy: number | undefined): number => {
    if (accuracy === undefined) throw internalError(`The job of the row ${row} has no test accuracy.`);
    return accuracy;
  };
  return {
    row,
    seed,
    processor: processor(),
    finishedAt: provenance.finishedAt,
    accuracy: {
      teacher: tested(teacher.testAccuracy),
      assembled: tested(assembled.testAccuracy),
      student: tested(student.testAccuracy),
      ...(control?.testAccuracy !== undefined && { control: control.testAccuracy }),
    },
    params: { teacher: teacher.params, student: student.params },
    macs: { teacher: teacher.macs, student: student.macs },
    speedups: speedupsOf(onnx),
    seconds: (time.trainingSeconds ?? 0) + time.finalizeSeconds,
  };
}

const speedupsOf = (onnx: Report['onnx']): StudentRun['speedups'] =>
  (onnx?.rows ?? [])
    .filter(({ threads }) => threads === 1)
    .map((row) => ({ batch: row.batch, times: timesAsFast(row) }));

/** The speeds of a row's students: those of one that is not fine-tuned, since speed does not depend on the weights. */
async function speeds({ sample, changes }: Variant, seed: number): Promise<StudentRun['speedups']> {
  const fineTuning = { epochs: 0 };
  const { onnx } = await reportOf(await jobOf({ sample, changes: { ...changes, fineTuning } }, seed), volume);
  return speedupsOf(onnx);
}

/** Keeps them in the order of the rows, then of the seeds. */
const keep = (runs: readonly StudentRun[]): Promise<void> => {
  const rows = [...ROWS.keys()];
  const inOrder = runs.toSorted((a, b) => rows.indexOf(a.row) - rows.indexOf(b.row) || a.seed - b.seed);
  return writeRuns(STUDENTS_JSON, inOrder);
};

const unknown = positionals.filter((row) => !ROWS.has(row));
if (unknown.length > 0)
  throw internalError(`There is no row ${unknown.join(', ')}; there are ${[...ROWS.keys()].join('; ')}.`);
const volume = await layOut();
for (const seed of values.seed.map(Number)) {
  for (const [row, variant] of ROWS) {
    if (positionals.length > 0 && !positionals.includes(row)) continue;
    const isKnown = (run: StudentRun): boolean => run.row === row && run.seed === seed;
    const known = (await readStudentRuns()).find(isKnown);
    // Another processor's speeds would stand beside what was measured on that one.
    if (values.speeds ? known?.processor !== processor() : known !== undefined) continue;
    console.log(`${row}, seed ${seed}`);
    if (values.speeds) {
      const speedups = await speeds(variant, seed);
      await keep((await readStudentRuns()).map((run) => (isKnown(run) ? { ...run, speedups } : run)));
      continue;
    }
    const run = await measure(row, variant, seed);
    await keep([...(await readStudentRuns()).filter((other) => !isKnown(other)), run]);
  }
}
