import { expect, test } from 'vitest';
import { median, quantile } from './median.ts';

test('the median is the value in the middle, or the mean of the two', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test('a quantile lies between the two values beside it', () => {
  expect(quantile([10, 20, 30, 40, 50], 0.25)).toBe(20);
  expect(quantile([40, 10, 30, 20], 0.25)).toBe(17.5);
  expect(quantile([40, 10, 30, 20], 0.75)).toBe(32.5);
  expect([0, 1].map((share) => quantile([3, 1, 2], share))).toEqual([1, 3]);
  expect(quantile([7], 0.75)).toBe(7);
  expect(quantile([], 0.25)).toBeNaN();
});
