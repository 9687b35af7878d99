import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { internalError } from '@distillation/api/errors';
import { readerOf } from '@distillation/api/reading';
import { amount, count, fraction, listOf, object, type Of, optional, type Shape, word } from '@distillation/api/shape';

/** What the benchmarks of students wrote down, of which docs/benchmarks.md is made. */

const file = (name: string): string => fileURLToPath(new URL(`../docs/benchmarks/${name}`, import.meta.url));
export const STUDENTS_JSON = file('students.json');
export const CURVES_JSON = file('curves.json');
export const KERAS_JSON = file('keras.json');

const ofBoth = object({ teacher: count, student: count });
const machine = { processor: word, finishedAt: word } as const;

export type StudentRun = Of<typeof studentRun>;
const studentRun = object({
  row: word,
  seed: count,
  ...machine,
  /** On the test split. */
  accuracy: object({
    teacher: fraction,
    assembled: fraction,
    student: fraction,
    /** The teacher fine-tuned as the student was, where the row asks for it. */
    control: optional(fraction),
  }),
  params: ofBoth,
  macs: ofBoth,
  /** In ONNX Runtime with one thread: how many times as fast as the teacher, by batch size. */
  speedups: listOf(object({ batch: count, times: amount })),
  /** Of training and finalizing, on a machine that did other things as well. */
  seconds: amount,
});

export type CurveRun = Of<typeof curveRun>;
const curveRun = object({
  /** Name of the sample teacher. */
  network: word,
  /** Name of the set of architectures. */
  candidates: word,
  seed: count,
  ...machine,
  teacher: object({ macs: count, params: count, latencyMs: amount, accuracy: fraction }),
  /** The most accurate student within each limit on one of the costs, as assembled, on the validation split. */
  points: listOf(object({ macs: count, params: count, latencyMs: amount, accuracy: optional(fraction) })),
});

export type KerasRun = Of<typeof kerasRun>;
const kerasRun = object({
  /** Name of the sample teacher. */
  network: word,
  /** What did the work: a name of `bench/keras/against.ts`. */
  way: word,
  images: count,
  /** Of the whole process, from its start to its end. */
  seconds: amount,
  /** Of them those in which blocks were trained. */
  trainingSeconds: amount,
  /** Steps of that training; of several blocks at once it is one. */
  steps: count,
  ...machine,
});

const reading = <T>(shape: Shape<T>, path: string): ((text: string) => readonly T[]) => {
  const read = readerOf(listOf(shape));
  return (text) => {
    const found = read(JSON.parse(text));
    if (found.as !== 'Value') throw internalError(`${path} is damaged.`);
    return found.value;
  };
};

/** @throws DISTILL_E_INTERNAL when the text is not what was written */
export const studentRunsIn = reading(studentRun, STUDENTS_JSON);
/** @throws DISTILL_E_INTERNAL when the text is not what was written */
export const curveRunsIn = reading(curveRun, CURVES_JSON);

/** @throws DISTILL_E_INTERNAL when the text is not what was written */
export const kerasRunsIn = reading(kerasRun, KERAS_JSON);

export const readStudentRuns = async (): Promise<readonly StudentRun[]> =>
  studentRunsIn(await readFile(STUDENTS_JSON, 'utf8'));
export const readCurveRuns = async (): Promise<readonly CurveRun[]> => curveRunsIn(await readFile(CURVES_JSON, 'utf8'));
export const readKerasRuns = async (): Promise<readonly KerasRun[]> => kerasRunsIn(await readFile(KERAS_JSON, 'utf8'));

/** Keeps results in one of these files. */
export const writeRuns = (path: string, runs: readonly object[]): Promise<void> =>
  writeFile(path, `${JSON.stringify(runs, undefined, 2)}\n`);
