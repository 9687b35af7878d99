import { describe, expect, it, test } from 'vitest';
import { randomStream } from '@distillation/core/random';
import { leastCorrect, requireExpected } from './expected-accuracy.ts';

test('takes two points and the luck of the sample off, and less the more samples there are', () => {
  expect(leastCorrect(0.78, 2000)).toBe(1462);
  expect(leastCorrect(0.78, 100)).toBe(63);
  expect(leastCorrect(0.78, 48)).toBe(27);
  expect(leastCorrect(0.78, 6)).toBe(1);
  // Two points off one hundred per cent are an accuracy with an error, too.
  expect(leastCorrect(1, 2000)).toBe(1940);
  expect(leastCorrect(0.01, 2000)).toBe(0);
});

/** The chance of at most so many right answers, each as a product: what the sum of logarithms has to give. */
const upTo = (correct: number, samples: number, accuracy: number): number =>
  Array.from({ length: correct + 1 }, (_, k) =>
    Array.from({ length: samples }, (__, i) => (i < k ? ((samples - i) / (i + 1)) * accuracy : 1 - accuracy)).reduce(
      (product, factor) => product * factor,
      1,
    ),
  ).reduce((sum, chance) => sum + chance, 0);

it.each([
  [0.8, 48],
  [0.95, 30],
  [0.5, 100],
])(
  'refuses a teacher of %s, two points less, among %s samples less than once in 740 times, and hardly less often',
  (expected, samples) => {
    const least = leastCorrect(expected, samples);
    expect(upTo(least - 1, samples, expected - 0.02)).toBeLessThan(1 / 740);
    expect(upTo(least, samples, expected - 0.02)).toBeGreaterThanOrEqual(1 / 740);
  },
);

describe('requireExpected', () => {
  it('names both figures and where to look first', () => {
    expect(() => {
      requireExpected('0.78', { correct: 1420, total: 2000 });
    }).toThrow(
      expect.objectContaining({
        code: 'DISTILL_E_TEACHER_BELOW_EXPECTED',
        subject: 'spec.teacher.preprocessing',
        message:
          'The teacher gives the right class for 71.00 % of 2,000 validation samples, where 78.00 % are expected and at least 73.10 % are asked for, with two points and the luck of the sample taken off.',
        fix: expect.stringMatching(/^Look at spec\.teacher\.preprocessing first/) as string,
      }),
    );
  });

  it.each([
    ['at the limit', '0.78', { correct: 1462, total: 2000 }],
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
      return correct < leastCorrect(0.78, 400);
    }).filter(Boolean);
    expect(refused.length).toBeLessThan(5);
  });
});
