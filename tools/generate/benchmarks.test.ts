import { expect, test } from 'vitest';
import type { CurveRun, StudentRun } from '../../bench/students/runs.ts';
import { ROWS } from '../../bench/students/rows.ts';
import { benchmarksPage, benchmarksText } from './benchmarks.ts';

const machine = { processor: 'A processor', finishedAt: '2026-01-02T03:04:05.000Z' };
const run = (seed: number, student: number, times: number): StudentRun => ({
  row: 'a job',
  seed,
  ...machine,
  accuracy: { teacher: 0.8, assembled: 0.5, student },
  params: { teacher: 1000, student: 250 },
  macs: { teacher: 900, student: 300 },
  speedups: [{ batch: 64, times }],
  seconds: 1,
});
const curve = (candidates: string, points: CurveRun['points']): CurveRun => ({
  candidates,
  seed: 7,
  ...machine,
  teacher: { macs: 1000, params: 1000, accuracy: 0.8 },
  points,
});

test('a row is the mean over its seeds, with the lowest and highest', () => {
  const page = benchmarksPage([run(7, 0.79, 2), run(8, 0.82, 3)], []);
  expect(page).toContain(
    '| a job | 7, 8 | 80.00 (80.00 to 80.00) | 50.00 (50.00 to 50.00) | 80.50 (79.00 to 82.00) | +0.50 | 4.00× | 3.00× | 2.50× (64) |',
  );
  expect(page).toContain('Measured on: A processor, 2026-01-02.');
});

test('a limit has the most accurate of the students within it', () => {
  const first = curve('first', [
    { macs: 250, params: 100, accuracy: 0.6 },
    { macs: 300, params: 100, accuracy: 0.55 },
    { macs: 310, params: 100 },
  ]);
  const page = benchmarksPage([], [first, curve('second', [{ macs: 400, params: 100, accuracy: 0.7 }])]);
  expect(page).toContain('| Limit | first | second |');
  expect(page).toContain('| 0.2 | none | none |');
  expect(page).toContain('| 0.3 | 60.00 | none |');
  expect(page).toContain('| 0.5 | 60.00 | 70.00 |');
});

test('every result is of a row that can be measured again', () => {
  const rows = benchmarksText().match(/^\| [^|]* \| [0-9, ]+ \|/gm) ?? [];
  expect(rows.map((row) => row.split('|')[1]?.trim()).filter((name) => !ROWS.has(name ?? ''))).toEqual([]);
});
