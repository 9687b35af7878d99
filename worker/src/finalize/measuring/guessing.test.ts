import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { randomStream } from '@distillation/core/random';
import { type Agreement, AgreementCount, judgeKnowledge, refuseGuessing } from './guessing.ts';

function count(answers: readonly number[], labels: readonly number[]): Agreement {
  const counted = new AgreementCount();
  counted.add(answers, labels);
  return counted.result;
}

/**
 * Labels drawn with these shares of classes, and answers that are right with a given probability and otherwise drawn from the same
 * shares.
 */
function played(
  samples: number,
  shares: readonly number[],
  { accuracy, seed = 1 }: { accuracy: number; seed?: number },
): Agreement {
  const stream = randomStream('guessing', seed);
  const drawn = (): number => {
    let left = stream.below(1_000_000) / 1_000_000;
    return Math.max(
      0,
      shares.findIndex((share) => (left -= share) < 0),
    );
  };
  const labels = Array.from({ length: samples }, drawn);
  const answers = labels.map((label) => (stream.below(1_000_000) < accuracy * 1_000_000 ? label : drawn()));
  return count(answers, labels);
}

const even = (classes: number): number[] => Array.from({ length: classes }, () => 1 / classes);

describe('judgeKnowledge', () => {
  test.each<[string, correct: number, total: number, chance: number, classes: number, 'Knows' | 'Guesses' | 'Unclear']>(
    [
      // In a hard problem of two classes, 70, 73.5 and 58 % are clearly above 50 %.
      ['73.5 % of 200, two classes', 147, 200, 0.5, 2, 'Knows'],
      ['70 % of 100, two classes', 70, 100, 0.5, 2, 'Knows'],
      ['58 % of 2000, two classes', 1160, 2000, 0.5, 2, 'Knows'],
      ['50.5 % of 2000, two classes', 1010, 2000, 0.5, 2, 'Guesses'],
      // When nineteen in twenty are of one class, 94 % is worse than always naming it, while 85 % with both classes found shows
      // knowledge.
      ['94 % of 2000, uneven', 1880, 2000, 0.94, 2, 'Guesses'],
      ['85 % of 2000, uneven', 1695, 2000, 0.786, 2, 'Knows'],
      ['1 % of 2000, 1000 classes', 20, 2000, 0.001, 900, 'Knows'],
      ['0.1 % of 2000, 1000 classes', 2, 2000, 0.001, 900, 'Guesses'],
      // With too few samples to tell, nothing is refused by accident.
      ['4 of 8, two classes', 4, 8, 0.5, 2, 'Unclear'],
      ['6 of 8, two classes', 6, 8, 0.5, 2, 'Knows'],
      ['none at all', 0, 0, 0, 0, 'Unclear'],
    ],
  )('%s', (_, ...[correct, total, chance, classes, verdict]) => {
    expect(judgeKnowledge({ correct, total, chance, labels: classes, answers: classes })).toBe(verdict);
  });

  it('takes one that always says the same for a guesser, however frequent that class is', () => {
    const always = (samples: number, share: number): Agreement =>
      count(
        Array.from({ length: samples }, () => 0),
        Array.from({ length: samples }, (_, i) => (i < share * samples ? 0 : 1)),
      );
    expect(judgeKnowledge(always(2000, 0.5))).toBe('Guesses');
    expect(judgeKnowledge(always(2000, 0.95))).toBe('Guesses');
    expect(judgeKnowledge(always(300, 0.95))).toBe('Guesses');
    // Missing ten of 200 could be bad luck, and so could missing all of a few.
    expect(judgeKnowledge(always(200, 0.95))).toBe('Unclear');
    expect(judgeKnowledge(always(4, 0.5))).toBe('Unclear');
  });

  it('says nothing of samples that are all of one class, nor of a teacher of one class', () => {
    const labels = Array.from({ length: 500 }, () => 3);
    expect(
      judgeKnowledge(
        count(
          labels.map((label, i) => (i % 5 === 0 ? 1 : label)),
          labels,
        ),
      ),
    ).toBe('Unclear');
    expect(judgeKnowledge(count(labels, labels))).toBe('Unclear');
  });

  it('finds out chance, and tells knowing from guessing, at any number of classes and share of each', () => {
    const shares = fc.oneof(
      fc.integer({ min: 2, max: 200 }).map(even),
      fc.double({ min: 0.5, max: 0.9, noNaN: true }).map((most) => [most, 1 - most]),
    );
    fc.assert(
      fc.property(shares, fc.integer({ min: 1, max: 1e6 }), (parts, seed) => {
        const chance = parts.reduce((sum, share) => sum + share * share, 0);
        expect(Math.abs(played(2000, parts, { accuracy: 0, seed }).chance - chance)).toBeLessThan(0.05);
        expect(judgeKnowledge(played(2000, parts, { accuracy: 0.5, seed }))).toBe('Knows');
        expect(judgeKnowledge(played(20, parts, { accuracy: 1, seed }))).not.toBe('Guesses');
      }),
      { seed: 5, numRuns: 60 },
    );
    for (const classes of [2, 3, 10])
      expect(judgeKnowledge(played(2000, even(classes), { accuracy: 0 }))).toBe('Guesses');
  });
});

it('refuses in words: what was right, of how many, what chance is', () => {
  const constant = count(
    Array.from({ length: 200 }, () => 1),
    Array.from({ length: 200 }, (_, i) => i % 4),
  );
  expect(() => {
    refuseGuessing(constant, 'validation');
  }).toThrow(
    'The teacher gives the right class for 25.00 % of 200 validation samples, where chance is 25.00 %. It gives the same class for every image.',
  );
});
