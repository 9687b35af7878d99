import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SelectionSpec } from '@distillation/api/job';
import { selectBlocks, threshold } from './select.ts';

const drop = (maxAccuracyDrop?: string): SelectionSpec => ({
  rule: 'Accuracy',
  split: 'Validation',
  ...(maxAccuracyDrop === undefined ? {} : { maxAccuracyDrop }),
});
const least = (minAccuracy: string): SelectionSpec => ({ rule: 'Accuracy', split: 'Validation', minAccuracy });

describe('threshold', () => {
  test.each([
    // 0.29 * 100 is 28.999999999999996 in floating point, which would refuse the 29th lost sample.
    { spec: drop('0.29'), correct: 90, total: 100, needs: 61 },
    { spec: drop('0.02'), correct: 3945, total: 5000, needs: 3845 },
    { spec: drop(), correct: 3945, total: 5000, needs: 3845 },
    { spec: drop('2e-2'), correct: 3945, total: 5000, needs: 3845 },
    { spec: drop('0'), correct: 50, total: 100, needs: 50 },
    { spec: drop('0.02'), correct: 40, total: 49, needs: 40 },
    { spec: drop('1'), correct: 40, total: 49, needs: 0 },
    // 0.07 * 100 is 7.000000000000001, which would ask for an eighth sample.
    { spec: least('0.07'), correct: 90, total: 100, needs: 7 },
    { spec: least('0.755'), correct: 90, total: 100, needs: 76 },
    { spec: least('1.0'), correct: 90, total: 100, needs: 100 },
    { spec: least('0'), correct: 90, total: 100, needs: 0 },
  ])('$spec of $correct/$total needs $needs', ({ spec, correct, total, needs }) => {
    expect(threshold(spec, { correct, total })?.correct).toBe(needs);
  });

  test('says the rule in words', () => {
    expect(threshold(drop(), { correct: 789, total: 1000 })?.rule).toBe("at most 2 points below the teacher's 78.90 %");
    expect(threshold(least('0.755'), { correct: 789, total: 1000 })?.rule).toBe('accuracy of at least 75.50 %');
  });

  test('says the count where whole images make another accuracy of the rule', () => {
    const rule = (spec: SelectionSpec, correct: number, total: number) => threshold(spec, { correct, total })?.rule;
    expect(rule(drop(), 45, 45)).toBe(
      "at most 2 points below the teacher's 100.00 %, that is 45 of 45 validation images",
    );
    expect(rule({ ...least('0.755'), split: 'Train' }, 90, 100)).toBe(
      'accuracy of at least 75.50 %, that is 76 of 100 training images',
    );
    expect(rule(drop('1'), 40, 49)).toBe("at most 100 points below the teacher's 81.63 %");
    expect(rule(drop('0.00001'), 99_000, 99_999)).toBe("at most 0.001 points below the teacher's 99.00 %");
  });

  test('refuses both rules at once and an empty split', () => {
    const both = { ...drop('0.02'), minAccuracy: '0.5' };
    expect(() => threshold(both, { correct: 1, total: 2 })).toThrow(/exclude each other/);
    expect(() => threshold(drop(), { correct: 0, total: 0 })).toThrow(/no sample/);
  });

  test('never asks for more than the rule and never lets a sample more be lost', () => {
    const cases = fc.record({
      total: fc.integer({ min: 1, max: 100000 }),
      thousandths: fc.integer({ min: 0, max: 1000 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(cases, ({ total, thousandths, share }) => {
        const text = (thousandths / 1000).toFixed(3);
        const correct = Math.floor(share * total);
        const lost = correct - (threshold(drop(text), { correct, total })?.correct ?? NaN);
        if (lost < correct) expect((lost + 1) * 1000).toBeGreaterThan(thousandths * total);
        expect(lost * 1000).toBeLessThanOrEqual(thousandths * total);
        const needed = threshold(least(text), { correct, total })?.correct ?? NaN;
        expect(needed * 1000).toBeGreaterThanOrEqual(thousandths * total);
        expect((needed - 1) * 1000).toBeLessThan(thousandths * total);
      }),
    );
  });
});

describe('selectBlocks', () => {
  const limit = threshold(drop('0.02'), { correct: 80, total: 100 });

  test('keeps a block at the border, not one sample below, nor one that failed', () => {
    const verdicts = selectBlocks(
      [
        { block: 'better', score: { correct: 81, total: 100 } },
        { block: 'border', score: { correct: 78, total: 100 } },
        { block: 'below', score: { correct: 77, total: 100 } },
        { block: 'failed', failure: 'the loss became NaN in epoch 2' },
      ],
      limit,
    );
    expect(verdicts.map((v) => v.selected)).toEqual([true, true, false, false]);
    expect(verdicts.map((v) => v.accuracy)).toEqual([0.81, 0.78, 0.77, undefined]);
    expect(verdicts[1]?.reason).toMatch(/^78\.00 % alone in the teacher, exactly at the threshold/);
    expect(verdicts[2]?.reason).toMatch(/1 of 100 images below the threshold \(at most 2 points below/);
    expect(verdicts[3]?.reason).toBe('not trained: the loss became NaN in epoch 2');
  });

  test('without a threshold keeps every trained block, scored or not; with one asks for a score', () => {
    expect(threshold({ rule: 'AllTrained', split: 'Validation' }, { correct: 0, total: 0 })).toBeUndefined();
    const blocks = [{ block: 'a', score: { correct: 1, total: 100 } }, { block: 'b' }, { block: 'c', failure: 'NaN' }];
    const verdicts = selectBlocks(blocks, undefined);
    expect(verdicts.map((v) => v.selected)).toEqual([true, true, false]);
    expect(verdicts[0]?.reason).toBe('every trained block is kept: 1.00 % alone in the teacher');
    expect(() => selectBlocks(blocks, limit)).toThrow(/Block b was not scored/);
  });

  test('a block more right is never out while one less right is in', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 })), (counts) => {
        const verdicts = selectBlocks(
          counts.map((correct, i) => ({ block: `b${i}`, score: { correct, total: 100 } })),
          limit,
        );
        const worstIn = Math.min(...verdicts.map((v, i) => (v.selected ? (counts[i] ?? 0) : 101)));
        const bestOut = Math.max(...verdicts.map((v, i) => (v.selected ? -1 : (counts[i] ?? 0))));
        expect(bestOut).toBeLessThan(worstIn);
        expect(verdicts.map((v) => v.block)).toEqual(counts.map((_, i) => `b${i}`));
      }),
    );
  });
});
