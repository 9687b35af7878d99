import { describe, expect, it, test } from 'vitest';
import { randomStream } from '@distillation/core/random';
import { leastAccuracy, requireExpected } from './expected-accuracy.ts';

test('takes two points and three standard errors off, and less the more samples there are', () => {
  expect(leastAccuracy(0.78, 2000)).toBeCloseTo(0.7314, 4);
  expect(leastAccuracy(0.78, 100)).toBeCloseTo(0.6319, 4);
  // Two points off one hundred per cent are an accuracy with an error, too.
  expect(leastAccuracy(1, 2000)).toBeCloseTo(0.9706, 4);
  expect(leastAccuracy(0.01, 2000)).toBe(0);
});

describe('requireExpected', () => {
  it('names both figures and where to look first', () => {
    expect(() => {
      requireExpected('0.78', { correct: 1420, total: 2000 });
    }).toThrow(
      expect.objectContaining({
        code: 'DISTILL_E_TEACHER_BELOW_EXPECTED',
        subject: 'spec.teacher.preprocessing',
        message:
          'The teacher gives the right class for 71.00 % of 2,000 validation samples, where 78.00 % are expected and at least 73.14 % are asked for, with two points and three standard errors of the sample taken off.',
        fix: expect.stringMatching(/^Look at spec\.teacher\.preprocessing first/) as string,
      }),
    );
  });

  it.each([
    ['at the limit', '0.78', { correct: 1463, total: 2000 }],
    ['better than expected', '0.5', { correct: 1900, total: 2000 }],
    ['with nothing expected', undefined, { correct: 0, total: 2000 }],
    ['without a validation split', '0.78', { correct: 0, total: 0 }],
    ['with too few samples to tell', '0.78', { correct: 3, total: 6 }],
  ])('accepts one %s', (_, expected, score) => {
    expect(() => {
      requireExpected(expected, score);
    }).not.toThrow();
  });

  it('hardly ever refuses a teacher for the luck of the sample', () => {
    const stream = randomStream('expected', 1);
    const refused = Array.from({ length: 500 }, () => {
      const correct = Array.from({ length: 400 }, () => stream.below(1000)).filter((drawn) => drawn < 760).length;
      return correct / 400 < leastAccuracy(0.78, 400);
    }).filter(Boolean);
    expect(refused.length).toBeLessThan(5);
  });
});
