import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DivergenceSum, logProbabilities } from './divergence.ts';

const mean = (teacher: readonly number[], network: readonly number[], outputs: 'Logits' | 'Probabilities'): number => {
  const sum = new DivergenceSum();
  const classes = 3;
  sum.add(logProbabilities(teacher, classes, outputs), logProbabilities(network, classes, outputs), classes);
  return sum.mean;
};

test('is the mean over the samples of Σ p log p/q', () => {
  const p = [0.5, 0.25, 0.25, 0.2, 0.2, 0.6];
  const q = [0.25, 0.5, 0.25, 0.2, 0.2, 0.6];
  expect(mean(p, q, 'Probabilities')).toBeCloseTo((0.5 * Math.LN2 - 0.25 * Math.LN2) / 2, 12);
  expect(mean(p.map(Math.log), q.map(Math.log), 'Logits')).toBeCloseTo(mean(p, q, 'Probabilities'), 12);
});

test('does not change with a constant added to all logits, and is finite for certain answers', () => {
  expect(mean([5, 1, 2], [0, 3, 1], 'Logits')).toBeCloseTo(mean([1005, 1001, 1002], [-100, -97, -99], 'Logits'), 9);
  expect(mean([1, 0, 0], [0, 1, 0], 'Probabilities')).toBeCloseTo(Math.log(1e7), 3);
  expect(mean([1, Number.NaN, 0], [0, 1, 0], 'Logits')).toBeNaN();
});

test('is never negative, and zero between equal outputs', () => {
  const logits = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(logits, logits, (a, b) => {
      expect(mean(a, b, 'Logits')).toBeGreaterThanOrEqual(0);
      expect(mean(a, a, 'Logits')).toBe(0);
    }),
  );
});
