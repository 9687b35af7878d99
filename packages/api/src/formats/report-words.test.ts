import { describe, expect, it } from 'vitest';
import { accuracyError } from './report-words.ts';
import type { Report } from './report.ts';

/** As much of a report as says how many images tested the student. */
const tested = (testAccuracy: number | undefined, test: number): Pick<Report, 'student' | 'plan'> =>
  ({ student: { testAccuracy }, plan: { dataset: { test } } }) as Pick<Report, 'student' | 'plan'>;

describe('the standard error of the accuracy', () => {
  it('is that of a share of so many images', () => {
    expect(accuracyError(tested(0.8, 10_000))).toBe(
      "Tested on 10,000 images: the standard error of the student's accuracy is 0.40 points.",
    );
    expect(accuracyError(tested(0.5, 100))).toContain(
      "100 images: the standard error of the student's accuracy is 5.0 points",
    );
    expect(accuracyError(tested(0.9, 1))).toContain('1 image:');
  });

  it('is not told where it says nothing', () => {
    for (const [share, images] of [
      [undefined, 100],
      [1, 100],
      [0, 100],
      [0.5, 0],
    ] as const)
      expect(accuracyError(tested(share, images))).toBeUndefined();
  });
});
