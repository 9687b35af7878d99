import { expect, test } from 'vitest';
import { bestEpoch, divergence, type FineTuneRecord, meanSeconds } from './fine-tune-progress.ts';
import type { Score } from '../select.ts';

const of100 = (correct: number): Score => ({ correct, total: 100 });
const checkpoint = { file: 'f', sha256: 's', bytes: 1 };
const records = (...counts: number[]): FineTuneRecord[] =>
  counts.map((correct, i) => ({ epoch: i + 1, loss: 1, validation: of100(correct), seconds: 1, checkpoint }));

test.each([
  { assembled: 50, counts: [], best: 0 },
  { assembled: 50, counts: [40, 49], best: 0 },
  { assembled: 50, counts: [50], best: 0 },
  { assembled: 50, counts: [51, 60, 60, 55], best: 3 },
  // Half a standard error of 60 of 100 is 2.4.
  { assembled: 50, counts: [51, 60, 58, 55], best: 3 },
  { assembled: 50, counts: [51, 60, 57, 55], best: 2 },
  { assembled: 59, counts: [60, 59, 58], best: 1 },
  { assembled: 50, counts: [70, 60], best: 1 },
])('best of $assembled then $counts is epoch $best', ({ assembled, counts, best }) => {
  expect(bestEpoch(of100(assembled), records(...counts))).toBe(best);
});

test('an epoch without a checkpoint cannot be the best', () => {
  const diverged: FineTuneRecord = { epoch: 2, loss: 1, validation: of100(90), seconds: 1, diverged: 'seen' };
  expect(bestEpoch(of100(50), [...records(60), diverged])).toBe(1);
});

test('without scores the last epoch is the best', () => {
  expect(bestEpoch(undefined, [])).toBe(0);
  expect(bestEpoch(undefined, records(0, 0, 0))).toBe(3);
});

test.each([
  { now: 10, best: 60, seen: 'validation accuracy fell from 60.00 % to 10.00 %, which is guessing' },
  { now: 30, best: 60, seen: undefined },
  // A student that never was better than guessing has lost nothing, so training continues.
  { now: 10, best: 12, seen: undefined },
])('from $best to $now of 100 in ten classes: $seen', ({ now, best, seen }) => {
  expect(divergence(of100(now), of100(best), 10)).toBe(seen);
});

test('an epoch takes the mean of those on record; nothing is known before there is one', () => {
  expect(meanSeconds([])).toEqual({});
  expect(meanSeconds(records(1, 1).map((record, i) => ({ ...record, seconds: 10 + 4 * i })))).toEqual({
    epochSeconds: 12,
  });
});
