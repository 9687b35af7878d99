import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readDecimal } from './decimal.ts';
import {
  FRACTION_PATTERN,
  POSITIVE_PATTERN,
  PROPER_FRACTION_PATTERN,
  SIGNED_DECIMAL_PATTERN,
} from '../schema/scalars.ts';

it('reads what the patterns admit', () => {
  expect(readDecimal('1e-3')).toBe(0.001);
  expect(() => readDecimal('')).toThrow(RangeError);
  expect(() => readDecimal('1,5')).toThrow('"1,5"');
});

it.each([
  ['positive', POSITIVE_PATTERN, (value: number) => value > 0],
  ['fraction', FRACTION_PATTERN, (value: number) => value >= 0 && value <= 1],
  ['proper fraction', PROPER_FRACTION_PATTERN, (value: number) => value > 0 && value < 1],
  ['signed', SIGNED_DECIMAL_PATTERN, () => true],
])('keeps the pattern "%s" within its range', (_, pattern, holds) => {
  const regex = new RegExp(pattern, 'u');
  fc.assert(
    fc.property(fc.stringMatching(regex), (text) => {
      expect(holds(readDecimal(text))).toBe(true);
    }),
  );
  // The plain way of writing such a number is admitted too.
  const [low, high] = pattern === PROPER_FRACTION_PATTERN || pattern === FRACTION_PATTERN ? [1, 99] : [1, 1e6];
  fc.assert(
    fc.property(fc.integer({ min: low, max: high }), (n) => {
      expect(regex.test((n / 100).toFixed(2))).toBe(true);
    }),
  );
});
