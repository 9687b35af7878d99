import { describe, expect, it } from 'vitest';
import { billionths } from './quantity.ts';

describe('a quantity', () => {
  it.each([
    ['1', 1, '1000m'],
    ['0.5', '500m', '0.50'],
    ['1Ki', 1024, '1.024k'],
    ['1.5Gi', '1536Mi', 1_610_612_736],
    ['1G', '1000M', '0.001T'],
    ['0.5Ei', '512Pi', '576460752303423488'],
    ['0', 0, '0Gi'],
  ])('is the same however it is written: %s', (...ways) => {
    expect(new Set(ways.map(billionths)).size).toBe(1);
  });

  it('is compared without loss', () => {
    expect(billionths('9007199254740993') > billionths(9007199254740992)).toBe(true);
    expect(billionths('1Gi') > billionths('1G')).toBe(true);
    expect(billionths('999m') < billionths(1)).toBe(true);
  });

  it('counts less than the smallest part as one', () => {
    expect(billionths('0.0000000001')).toBe(1n);
  });

  it.each(['8GB', '1e3', '-1', '', '.5', 'Gi'])('is nothing else: %s', (text) => {
    expect(() => billionths(text)).toThrow('not a quantity');
  });
});
