import { expect, test } from 'vitest';
import { openBackend } from '../../backend/select.ts';
import { asTeacher, tinyModel } from '../../../test/finalize.ts';
import { onnxSpeed, roundsOf } from './onnx-speed.ts';

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
  for (const { teacherMs, studentMs } of rows) expect(Math.min(teacherMs, studentMs)).toBeGreaterThan(0);
});

test('a teacher that is returned unchanged is as fast as itself', async () => {
  const teacher = await asTeacher(tinyModel(tf), tf);
  const { rows } = await onnxSpeed({ teacher, student: teacher, batch: 2, threads: 1 });
  for (const { teacherMs, studentMs } of rows) expect(studentMs).toBe(teacherMs);
});

test.each([
  ['long runs', 2000, 9],
  ['runs of 20 ms', 20, 25],
  ['short runs', 0.3, 99],
  ['runs that a clock cannot tell from nothing', 0, 99],
])('%s are measured often enough, and no longer than needed', (_, round, rounds) => {
  expect(roundsOf(round)).toBe(rounds);
});
