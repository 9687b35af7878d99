import { describe, expect, it } from 'vitest';
import { accuracyError, cautions } from './report-words.ts';
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

describe('a speed', () => {
  const measured = (lowerQuartile: number, upperQuartile: number): string[] =>
    cautions({
      fineTuning: { epochs: [], keptEpoch: 0 },
      onnx: {
        runtime: 'ONNX Runtime 1.30.0',
        rows: [
          {
            threads: 1,
            batch: 64,
            teacherMs: 84.1,
            studentMs: 14.1,
            speedup: { median: 3.49, lowerQuartile, upperQuartile },
          },
        ],
      },
    });

  it('that was measured beside other work is not told without saying so', () => {
    expect(measured(2.7, 7.92)).toEqual([
      'The machine did other work while speed was measured: 3.49× (2.70 to 7.92) is no figure to rely on. Delete finalize/result.json of the output folder and run the job again on a machine that is idle; nothing is trained anew.',
    ]);
    expect(measured(2.72, 2.73)).toEqual([]);
    expect(measured(2.4, 3.5)).toEqual([]);
  });
});
