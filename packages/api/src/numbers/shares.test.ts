import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactDecimal, largestWithin, shareOf } from './shares.ts';

test('exactDecimal reads every form the schema allows', () => {
  const value = (text: string): number => {
    const { numerator, denominator } = exactDecimal(text);
    return Number(numerator) / Number(denominator);
  };
  expect(['0', '1.0', '0.125', '5e-3', '1E2', '2.5e+1'].map(value)).toEqual([0, 1, 0.125, 0.005, 100, 25]);
  expect(() => exactDecimal('-1')).toThrow(/not a decimal number/);
});

test('a share that is named can be written, and is kept', () => {
  expect(shareOf(1, 3)).toBe('0.3334');
  expect(shareOf(5, 5)).toBe('1');
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 50 }), fc.double({ min: 1e-3, max: 1, noNaN: true }), (whole, part) => {
      const cost = Math.max(1, Math.floor(whole * part));
      expect(largestWithin(shareOf(cost, whole), whole)).toBeGreaterThanOrEqual(cost);
    }),
  );
});
