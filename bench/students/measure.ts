import { writeFile } from 'node:fs/promises';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { internalError } from '@distillation/api/errors';
import { jobOf, ROWS, type Variant } from './rows.ts';
import { readStudentRuns, STUDENTS_JSON, type StudentRun } from './runs.ts';
import { layOut, processor, reportOf } from './volume.ts';

/**
 * `npm run bench -- students [--seed N ...] [ROW ...]`: how good students are. Whole jobs on the sample teachers, three seeds each, whose
 * reports become docs/benchmarks/students.json, and by `npm run generate` docs/benchmarks.md. Hours on two cores; what is there already is not
 * run again.
 */

const { values, positionals } = parseArgs({
  options: { seed: { type: 'string', multiple: true, default: ['7', '8', '9'] } },
  allowPositionals: true,
  args: process.argv.slice(2),
});

async function measure(row: string, variant: Variant, seed: number): Promise<StudentRun> {
  const { teacher, student, assembled, onnx, time, provenance } = await reportOf(await jobOf(variant, seed), volume);
  const tested = (accuracy: number | undefined): number => {
    if (accuracy === undefined) throw internalError(`The job of the row ${row} has no test accuracy.`);
    return accuracy;
  };
  const single = onnx?.rows.filter(({ threads }) => threads === 1) ?? [];
  return {
    row,
    seed,
    processor: processor(),
    finishedAt: provenance.finishedAt,
    accuracy: {
      teacher: tested(teacher.testAccuracy),
      assembled: tested(assembled.testAccuracy),
      student: tested(student.testAccuracy),
    },
    params: { teacher: teacher.params, student: student.params },
    macs: { teacher: teacher.macs, student: student.macs },
    speedups: single.map(({ batch, teacherMs, studentMs }) => ({ batch, times: teacherMs / studentMs })),
    seconds: (time.trainingSeconds ?? 0) + time.finalizeSeconds,
  };
}

const unknown = positionals.filter((row) => !ROWS.has(row));
if (unknown.length > 0)
  throw internalError(`There is no row ${unknown.join(', ')}; there are ${[...ROWS.keys()].join('; ')}.`);
const volume = await layOut();
for (const seed of values.seed.map(Number)) {
  for (const [row, variant] of ROWS) {
    if (positionals.length > 0 && !positionals.includes(row)) continue;
    const isKnown = (run: StudentRun): boolean => run.row === row && run.seed === seed;
    if ((await readStudentRuns()).some(isKnown)) continue;
    console.log(`${row}, seed ${seed}`);
    const run = await measure(row, variant, seed);
    const runs = [...(await readStudentRuns()).filter((other) => !isKnown(other)), run];
    await writeFile(STUDENTS_JSON, `${JSON.stringify(runs, undefined, 2)}\n`);
  }
}
