import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutEveryNth, cutLast } from './split.ts';

describe('cutLast', () => {
  it('holds out the last samples', () => {
    expect(cutLast(10, 0.2)).toStrictEqual({ train: [0, 1, 2, 3, 4, 5, 6, 7], validation: [8, 9] });
    expect(cutLast(30, 0.1).validation).toStrictEqual([27, 28, 29]);
    expect(cutLast(5, 0)).toStrictEqual({ train: [0, 1, 2, 3, 4], validation: [] });
    expect(cutLast(2, 1)).toStrictEqual({ train: [], validation: [0, 1] });
  });
});

describe('cutEveryNth', () => {
  it('holds out every n-th sample of each class', () => {
    const labels = [0, 1, 0, 1, 0, 0, 1, 0, 0, 1];
    // Class 0: 0 2 4 5 7 8, class 1: 1 3 6 9.
    expect(cutEveryNth(10, 0.5, labels).validation).toStrictEqual([2, 3, 5, 8, 9]);
    expect(cutEveryNth(9, 1 / 3).validation).toStrictEqual([2, 5, 8]);
  });

  it('loses no sample, keeps the order, and holds out the right share of every class', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 200 }),
        fc.integer({ min: 0, max: 100 }),
        (labels, percent) => {
          const { train, validation } = cutEveryNth(labels.length, percent / 100, labels);
          expect([...train, ...validation].sort((a, b) => a - b)).toStrictEqual(labels.map((_, at) => at));
          expect(validation).toStrictEqual([...validation].sort((a, b) => a - b));
          for (const label of new Set(labels)) {
            const held = validation.filter((at) => labels[at] === label).length;
            const all = labels.filter((one) => one === label).length;
            expect(held).toBe(Math.floor((percent * all) / 100));
          }
        },
      ),
    );
  });
});
