import { expect, test } from 'vitest';
import type { CurveRun, KerasRun, StudentRun } from '../../bench/results.ts';
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
const curve = (candidates: string, points: CurveRun['points'], network = 'a network'): CurveRun => ({
  network,
  candidates,
  seed: 7,
  ...machine,
  teacher: { macs: 1000, params: 1000, latencyMs: 10, accuracy: 0.8 },
  points,
});

const NONE = { students: [], curves: [], keras: [] };

test('a row is the mean over its seeds, with the lowest and highest', () => {
  const page = benchmarksPage({ ...NONE, students: [run(7, 0.79, 2), run(8, 0.82, 3)] });
  expect(page).toContain(
    '| a job | 7, 8 | 80.00 (80.00 to 80.00) | 50.00 (50.00 to 50.00) | 80.50 (79.00 to 82.00) | +0.50 |  | 4.00× | 3.00× | 2.50× (64) | A processor |',
  );
  expect(page).toContain('Measured on: A processor, 2026-01-02.');
});

test('a row has the teacher that was fine-tuned as long, where one was', () => {
  const { accuracy, ...rest } = run(7, 0.79, 2);
  const students = [{ ...rest, accuracy: { ...accuracy, control: 0.81 } }, run(8, 0.79, 2)];
  expect(benchmarksPage({ ...NONE, students })).toContain('| 79.00 (79.00 to 79.00) | −1.00 | 81.00 | 4.00× |');
});

test('a limit has the most accurate of the students within it, by what it limits', () => {
  const first = curve('first', [
    { macs: 250, params: 100, latencyMs: 9, accuracy: 0.6 },
    { macs: 300, params: 100, latencyMs: 2, accuracy: 0.55 },
    { macs: 310, params: 100, latencyMs: 1 },
  ]);
  const second = curve('second', [{ macs: 400, params: 100, latencyMs: 5, accuracy: 0.7 }]);
  const page = benchmarksPage({ ...NONE, curves: [first, second] });
  const [, macs = '', latency = ''] = page.split(/^(?=\| (?:Multiply-accumulates|Latency) \|)/m);
  expect(macs).toContain('| Multiply-accumulates | first | second |');
  expect(macs).toContain('| 0.2 | none | none |');
  expect(macs).toContain('| 0.3 | 60.00 | none |');
  expect(macs).toContain('| 0.5 | 60.00 | 70.00 |');
  expect(latency).toContain('| Latency | first | second |');
  expect(latency).toContain('| 0.2 | 55.00 | none |');
  expect(latency).toContain('| 0.5 | 55.00 | 70.00 |');
  expect(latency).toContain('| 0.9 | 60.00 | 70.00 |');
});

test('each network has a table of its own', () => {
  const point = { macs: 250, params: 100, latencyMs: 9, accuracy: 0.6 };
  const curves = [curve('first', [point], 'one'), curve('second', [point], 'other'), curve('third', [point], 'one')];
  const [, ...parts] = benchmarksPage({ ...NONE, curves }).split(/^### /m);
  expect(parts.map((part) => part.split('\n')[0])).toEqual(['one', 'other']);
  expect(parts[0]).toContain('| Multiply-accumulates | first | third |');
  expect(parts[1]).toContain('| Multiply-accumulates | second |');
});

test('a way of the work is the median of its rounds, beside Keras', () => {
  const taken = (way: string, seconds: number, trainingSeconds: number): KerasRun => ({
    network: 'A network',
    way,
    images: 100,
    seconds,
    trainingSeconds,
    steps: 10,
    ...machine,
  });
  const elsewhere = (run: KerasRun): KerasRun => ({ ...run, processor: 'Another' });
  const deeper = (run: KerasRun): KerasRun => ({ ...run, network: 'A deeper one' });
  const keras = [
    taken('Keras, one by one, one core', 100, 80),
    taken('Keras, fused, one core', 60, 40),
    ...[30, 50, 90].map((seconds) => taken('one bin', seconds, seconds / 2)),
    elsewhere(taken('Keras, one by one, one core', 400, 300)),
    elsewhere(taken('Keras, fused, one core', 200, 100)),
    elsewhere(taken('one bin', 100, 50)),
    deeper(taken('Keras, one by one, one core', 1000, 800)),
    deeper(taken('one bin', 100, 80)),
  ];
  const page = benchmarksPage({ ...NONE, keras });
  expect(page).toContain('| Keras, fused, one core | 60 | 0.60 | 40 | 1.00 |');
  expect(page).toContain('| one bin | 50 | 0.50 | 25 | 0.63 |');
  expect(page).toContain('### A network, 100 images, A processor, 1 round\n');
  expect(page.split('### A network, 100 images, Another')[1]).toContain('| one bin | 100 | 0.25 | 50 | 0.50 |');
  expect(page.split('### A deeper one, 100 images, A processor')[1]).toContain('| one bin | 100 | 0.10 |');
  expect(benchmarksPage(NONE)).not.toContain('Keras one by one');
});

test('every result is of a row that can be measured again', () => {
  const [students = ''] = benchmarksText().split('\n## ');
  const rows = students.match(/^\| [^|]* \| [0-9, ]+ \|/gm) ?? [];
  expect(rows.map((row) => row.split('|')[1]?.trim()).filter((name) => !ROWS.has(name ?? ''))).toEqual([]);
});
