import { expect, test } from 'vitest';
import { openBackend } from '../../backend/select.ts';
import { asTeacher, tinyModel } from '../../../test/finalize.ts';
import { comparisonOf, onnxSpeed, roundsOf } from './onnx-speed.ts';

const { tf } = await openBackend({ cpuThreads: 1 });

test('the speed of both is measured for one image and a batch, on one thread and on those asked for', async () => {
  const [teacher, student] = [await asTeacher(tinyModel(tf), tf), await asTeacher(tinyModel(tf), tf)];
  const { runtime, rows, absent } = await onnxSpeed({ teacher, student, batch: 8, threads: 2 });
  expect(absent).toBeUndefined();
  expect(runtime).toMatch(/^ONNX Runtime \d+\.\d+/);
  expect(rows.map(({ threads, batch }) => [threads, batch])).toEqual([
    [1, 1],
    [1, 8],
    [2, 1],
    [2, 8],
  ]);
  for (const { teacherMs, studentMs, speedup } of rows) {
    expect(Math.min(teacherMs, studentMs)).toBeGreaterThan(0);
    expect(speedup?.lowerQuartile).toBeGreaterThan(0);
    expect(speedup?.upperQuartile).toBeGreaterThanOrEqual(speedup?.lowerQuartile ?? Infinity);
  }
});

test('a teacher that is returned unchanged is as fast as itself', async () => {
  const teacher = await asTeacher(tinyModel(tf), tf);
  const { rows } = await onnxSpeed({ teacher, student: teacher, batch: 2, threads: 1 });
  for (const { teacherMs, studentMs, speedup } of rows) {
    expect(studentMs).toBe(teacherMs);
    expect(speedup).toBeUndefined();
  }
});

test('the speeds of two networks are compared turn by turn, so that what slows a turn says nothing', () => {
  const teacher = [40, 80, 42, 400, 41];
  const student = [10, 20, 21, 100, 10];
  expect(comparisonOf([teacher, student])).toEqual({
    teacherMs: 42,
    studentMs: 20,
    speedup: { median: 4, lowerQuartile: 4, upperQuartile: 4 },
  });
  // A clock that cannot tell a run from nothing.
  expect(comparisonOf([[0], [0]])).toEqual({ teacherMs: 0, studentMs: 0 });
});

test.each([
  ['long runs', 2000, 9],
  ['runs of 20 ms', 20, 25],
  ['short runs', 0.3, 99],
  ['runs that a clock cannot tell from nothing', 0, 99],
])('%s are measured often enough, and no longer than needed', (_, round, rounds) => {
  expect(roundsOf(round)).toBe(rounds);
});
