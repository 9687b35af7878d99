import { describe, expect, it } from 'vitest';
import * as format from './format.ts';

describe('numbers in words', () => {
  it.each([
    [format.percent(0.77834), '77.83 %'],
    [format.percent(undefined), 'not measured'],
    [format.percent(Number.NaN), 'not measured'],
    [format.percent(0), '0.00 %'],
    [format.points(-0.0207), '−2.07 points'],
    [format.points(0.002), '+0.20 points'],
    [format.points(-0.00001), '±0.00 points'],
    [format.points(undefined), 'not measured'],
    [format.count(922074), '922,074'],
    [format.count(999.4), '999'],
    [format.count(999.5), '1,000'],
    [format.count(-1000), '-1,000'],
    [format.count(-0.4), '0'],
    [format.someOf(['a', 'b'], 2), 'a, b'],
    [format.someOf(['a', 'b', 'c', 'd'], 2), 'a, b and 2 more'],
    [format.short(0), '0'],
    [format.short(640), '640'],
    [format.short(999_700), '1.00 M'],
    [format.short(922_074), '922 k'],
    [format.short(19_910_000), '19.9 M'],
    [format.bytes(12), '12 B'],
    [format.bytes(3_708_000), '3.71 MB'],
    [format.ratio(3.9, 1), '3.90×'],
    [format.ratio(39, 1), '39.0×'],
    [format.ratio(undefined, 1), undefined],
    [format.ratio(1, 0), undefined],
    [format.milliseconds(12.345), '12.3 ms'],
    [format.milliseconds(1234.5), '1235 ms'],
    [format.milliseconds(undefined), 'not measured'],
    [format.duration(8.44), '8.4 s'],
    [format.duration(9.96), '10 s'],
    [format.duration(59.6), '1 min 00 s'],
    [format.duration(200), '3 min 20 s'],
    [format.duration(3725), '1 h 02 min'],
    [format.duration(86_400 + 3 * 3600), '1 d 3 h'],
    [format.duration(undefined), 'not measured'],
    [format.figure(0.01234), '0.0123'],
    [format.figure(4.56e-7), '4.56e-7'],
    [format.figure(Number.NaN), 'not a number'],
  ])('%s', (actual, expected) => {
    expect(actual).toBe(expected);
  });
});
