import { expect, test } from 'vitest';
import { byQuality } from './select-by-budget.ts';
import { budgetVerdicts } from './verdicts.ts';

test('each block is told why it is in the student, or why not', () => {
  const score = { correct: 96, total: 100 };
  const verdicts = budgetVerdicts(
    [
      { block: 'a@x', score, divergence: 0.01234 },
      { block: 'a@y', score, divergence: 0.00001 },
      { block: 'b', divergence: 0 },
      { block: 'c', score, divergence: Number.NaN },
      { block: 'd', failure: 'The loss is NaN.' },
    ],
    {
      blocks: ['a@x'],
      budget: '0.3 of the multiply-accumulates',
      considered: 3,
      layerOf: (block) => block.replace(/@.*/, ''),
    },
  );
  expect(verdicts).toEqual([
    {
      block: 'a@x',
      accuracy: 0.96,
      divergence: 0.01234,
      selected: true,
      reason:
        '96.00 % alone in the teacher, 0.0123 nats from the teacher; in the best of 3 students measured within the budget of 0.3 of the multiply-accumulates',
    },
    {
      block: 'a@y',
      accuracy: 0.96,
      divergence: 0.00001,
      selected: false,
      reason:
        '96.00 % alone in the teacher, 1.0e-5 nats from the teacher; a@x replaces the layer within the budget of 0.3 of the multiply-accumulates',
    },
    {
      block: 'b',
      divergence: 0,
      selected: false,
      reason:
        '0 nats from the teacher; the layer is left as it is: the budget of 0.3 of the multiply-accumulates is met without it',
    },
    {
      block: 'c',
      accuracy: 0.96,
      selected: false,
      reason: 'with it the teacher computes numbers that are not finite',
    },
    { block: 'd', selected: false, reason: 'not trained: The loss is NaN.' },
  ]);
});

test('of students the most accurate comes first, then the closest to the teacher, then the first', () => {
  const student = (name: string, accuracy: number | undefined, divergence?: number) => ({
    blocks: [name],
    params: 1,
    macs: 1,
    ...(accuracy !== undefined && { accuracy }),
    ...(divergence !== undefined && { divergence }),
  });
  const order = (...students: ReturnType<typeof student>[]): string =>
    students
      .sort(byQuality)
      .map(({ blocks }) => blocks.join())
      .join('');
  expect(order(student('a', 0.5, 0.1), student('b', 0.6), student('c', 0.6, 0.3), student('d', 0.6, 0.3))).toBe('cdba');
  expect(order(student('a', undefined, 0.2), student('b', undefined, 0.1))).toBe('ba');
});
