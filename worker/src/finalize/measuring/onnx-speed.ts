import { availableParallelism } from 'node:os';
import { toDistillError } from '@distillation/api/errors';
import { median, quantile } from '@distillation/api/median';
import type { OnnxSpeed, OnnxTimes } from '@distillation/api/report';
import { onnxModel } from '../../onnx/model.ts';
import { type OnnxSession, openOnnxRuntime, openSession } from '../../onnx/runtime.ts';
import { modelCosts } from '../../teacher/graph/costs.ts';
import type { Network } from '../../teacher/graph/graph.ts';
import { inputShape } from './batches.ts';
import { timesInTurns } from './turns.ts';

/** Multiply-accumulates of a batch that a CPU computes in a few tenths of a second; larger batches are cut to it. */
const SLICE = 4e9;
/** Larger batches are no faster by the image. */
const LARGEST_BATCH = 64;
/** Rounds that are counted. */
const ROUNDS = { least: 9, most: 99 };
/** How long a measurement should take at least, so that a moment of other work does not decide the median of short runs. */
const LEAST_MS = 500;

interface Networks {
  readonly teacher: Network;
  readonly student: Network;
  /** The student's .onnx file, where it is made already. */
  readonly studentFile?: Uint8Array;
  /** The job's batch size. */
  readonly batch: number;
  readonly threads?: number;
}

/**
 * Speed of teacher and student in ONNX Runtime on the CPU: batches of one image and of the job's size, on one thread and on all. The
 * two take turns, so that other load on the machine affects both alike. Nothing is thrown: where it cannot be measured, the
 * result says why. The files are made in memory and exist no longer than the measurement.
 */
export async function onnxSpeed({ teacher, student, studentFile, ...sizes }: Networks): Promise<OnnxSpeed> {
  const { runtime, version, missing } = await openOnnxRuntime();
  if (runtime === undefined) return { rows: [], absent: `${missing}.` };
  const name = `ONNX Runtime ${version}`;
  const networks = [...new Set([teacher, student])];
  const batch = speedBatch(teacher, sizes.batch);
  const threads = sizes.threads ?? availableParallelism();
  const rows: OnnxSpeed['rows'][number][] = [];
  try {
    const files = networks.map((network) =>
      network === student && studentFile !== undefined ? studentFile : onnxModel(network, UNNAMED),
    );
    for (const count of new Set([1, threads])) {
      const sessions: OnnxSession[] = [];
      try {
        for (const file of files) sessions.push(await openSession(runtime, file, { threads: count }));
        for (const size of new Set([1, batch])) {
          const times = await measure(sessions, [size, ...inputShape(teacher.model)]);
          rows.push({ threads: count, batch: size, ...comparisonOf(times) });
        }
      } finally {
        for (const session of sessions) await session.close();
      }
    }
  } catch (error) {
    return { runtime: name, rows: [], absent: toDistillError(error).message };
  }
  return { runtime: name, rows };
}

/** Images in a batch of which the speed is measured. @param batch the job's batch size */
export const speedBatch = (teacher: Network, batch: number): number =>
  Math.max(1, Math.min(batch, LARGEST_BATCH, Math.floor(SLICE / modelCosts(teacher).macs)));

/** Of files that exist no longer than a measurement. */
export const UNNAMED = { output: 'scores', producerVersion: '', description: '', metadata: {} } as const;

/** How many rounds are counted. @param round milliseconds of one */
export const roundsOf = (round: number): number =>
  Math.min(ROUNDS.most, Math.max(ROUNDS.least, Math.ceil(LEAST_MS / Math.max(round, Number.MIN_VALUE))));

/** What the times of teacher and student say, turn by turn, or those of the one that both are. Pure. */
export function comparisonOf(times: readonly (readonly number[])[]): Omit<OnnxTimes, 'threads' | 'batch'> {
  const [teacher = [], student] = times;
  if (student === undefined) return { teacherMs: median(teacher), studentMs: median(teacher) };
  const speedups = student.map((milliseconds, turn) => (teacher[turn] ?? NaN) / milliseconds).filter(Number.isFinite);
  return {
    teacherMs: median(teacher),
    studentMs: median(student),
    ...(speedups.length > 0 && {
      speedup: {
        median: median(speedups),
        lowerQuartile: quantile(speedups, 0.25),
        upperQuartile: quantile(speedups, 0.75),
      },
    }),
  };
}

/** Milliseconds of each session for images of this shape, turn by turn. */
function measure(sessions: readonly OnnxSession[], shape: readonly number[]): Promise<number[][]> {
  const images = new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(0.5);
  const once = (session: OnnxSession) => async (): Promise<number> => {
    const start = performance.now();
    await session.run(images, shape);
    return performance.now() - start;
  };
  return timesInTurns(sessions.map(once), roundsOf);
}
