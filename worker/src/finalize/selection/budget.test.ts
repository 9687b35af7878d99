import { budgetWords } from '@distillation/api/budget-words';
import { describe, expect, it } from 'vitest';
import { blocksOf, choicesOf, type CostedBlock, costsOf, limitsOf, requireFeasible, smallest } from './budget.ts';
import { ladder, RUNGS } from './ladder.ts';
import { openSolver } from './solve.ts';
import { wholeValues } from './values.ts';

const solver = await openSolver();
const TEACHER = { params: 1000, macs: 50_000 };

const block = (name: string, layer: string, [params, macs]: readonly [number, number]): CostedBlock => ({
  name,
  params,
  macs,
  layer: { name: layer, params: 400, macs: 20_000 },
});
/** Of conv1 one candidate has fewer parameters, the other fewer multiply-accumulates. */
const BLOCKS = [
  block('conv1@a', 'conv1', [100, 12_000]),
  block('conv1@b', 'conv1', [300, 5_000]),
  block('conv2@a', 'conv2', [100, 5_000]),
];
const choices = choicesOf(TEACHER, BLOCKS);

describe('a budget', () => {
  it('counts what is not to be chosen, and each layer once', () => {
    expect(choices.fixed).toEqual({ parameters: 200, macs: 10_000 });
    expect(costsOf(choices, [0, 0])).toEqual({ parameters: 1000, macs: 50_000 });
    expect(costsOf(choices, [2, 1])).toEqual({ parameters: 600, macs: 20_000 });
    expect(blocksOf(choices, [2, 0])).toEqual(['conv1@b']);
  });

  it('is a limit in whole units, computed from the decimal that was written', () => {
    const teacher = { parameters: 1_000_000_000_000_001, macs: 10 };
    expect(limitsOf({ parameters: '0.3' }, teacher)).toEqual([{ measure: 'parameters', limit: 300_000_000_000_000 }]);
    expect(limitsOf({ parameters: '1', macs: '0.35' }, teacher).map(({ limit }) => limit)).toEqual([
      1_000_000_000_000_001, 3,
    ]);
    expect(budgetWords({ macs: '0.35', parameters: '1' })).toBe(
      '1 of the parameters and 0.35 of the multiply-accumulates',
    );
  });

  it('that no student keeps is refused with the smallest that one does', () => {
    const refusal = (budget: object) => () => requireFeasible(solver, choices, budget);
    const code = 'DISTILL_E_BUDGET_INFEASIBLE';
    expect(refusal({ parameters: '0.39' })).toThrow(
      expect.objectContaining({
        code,
        subject: 'spec.selection.budget.parameters',
        message: "No student keeps the budget of 0.39 of the teacher's parameters: the smallest has 0.4 of them.",
      }),
    );
    expect(() => requireFeasible(solver, { ...choices, failed: ['conv3'] }, { macs: '0.1' })).toThrow(
      'the smallest has 0.4 of them. Not to be had, since their training failed: conv3.',
    );
    expect(requireFeasible(solver, choices, { parameters: '0.4' })).toBe('0.4 of the parameters');
    // Each for itself could be kept, by another candidate of conv1.
    expect(refusal({ parameters: '0.4', macs: '0.4' })).toThrow(
      "No student keeps the budget of 0.4 of the teacher's parameters together with 0.4 of its multiply-accumulates: the smallest has 0.6 of them.",
    );
    expect(refusal({ parameters: '0.6', macs: '0.4' })).not.toThrow();
  });

  it('of which each limit contradicts each other is refused with two of them', () => {
    const apart = [
      block('conv1@a', 'conv1', [100, 19_000]),
      block('conv1@b', 'conv1', [390, 5_000]),
      block('conv1@c', 'conv1', [390, 19_000]),
    ];
    const three = choicesOf(TEACHER, apart, {
      teacher: 1_000_000,
      layers: new Map([['conv1', 400_000]]),
      blocks: new Map([
        ['conv1@a', 390_000],
        ['conv1@b', 390_000],
        ['conv1@c', 100_000],
      ]),
    });
    const budget = { parameters: '0.7', macs: '0.7', latency: '0.7' };
    for (const [measure, share] of Object.entries(budget))
      expect(() => requireFeasible(solver, three, { [measure]: share })).not.toThrow();
    expect(() => requireFeasible(solver, three, budget)).toThrow(
      expect.objectContaining({
        code: 'DISTILL_E_BUDGET_INFEASIBLE',
        message: expect.stringMatching(/together with 0\.7 of its \S+: the smallest has/) as string,
      }),
    );
  });

  it('of latency is predicted from what each block saves, and is one more limit', () => {
    const latencies = {
      teacher: 1_000_000,
      layers: new Map([
        ['conv1', 700_000],
        ['conv2', 500_000],
      ]),
      blocks: new Map([
        ['conv1@a', 750_000],
        ['conv1@b', 400_000],
        ['conv2@a', 200_000],
      ]),
    };
    const timed = choicesOf(TEACHER, BLOCKS, latencies);
    expect(costsOf(timed, [0, 0])).toEqual({ parameters: 1000, macs: 50_000, latency: 1_000_000 });
    expect(costsOf(timed, [2, 1]).latency).toBe(400_000);
    expect(requireFeasible(solver, timed, { latency: '0.4' })).toBe('0.4 of the latency');
    expect(() => requireFeasible(solver, timed, { latency: '0.39' })).toThrow(
      "No student keeps the budget of 0.39 of the teacher's latency: the smallest has 0.4 of it.",
    );
    // The candidate with fewer parameters is the slower one.
    expect(() => requireFeasible(solver, timed, { latency: '0.4', parameters: '0.4' })).toThrow(
      "0.4 of the teacher's parameters together with 0.4 of its latency: the smallest has 0.6 of them.",
    );
    expect(ladder(solver, timed).filter(({ measure }) => measure === 'latency')).toHaveLength(RUNGS);
    expect(() => requireFeasible(solver, choices, { latency: '1' })).toThrow('The latency of a network is not known.');
  });
});

describe('the ladder', () => {
  it('goes from the smallest student to the teacher, in each measure that candidates lower', () => {
    const limits = ladder(solver, choices);
    expect(limits).toHaveLength(2 * RUNGS);
    expect(limits.filter(({ measure }) => measure === 'macs').map(({ limit }) => limit)).toEqual([
      20_000, 23_333, 26_666, 30_000, 33_333, 36_666, 40_000, 43_333, 46_666, 50_000,
    ]);
    expect(smallest(solver, choices, { measure: 'parameters' })).toBe(limits[0]?.limit);
    const dearer = choicesOf(TEACHER, [block('conv1', 'conv1', [400, 12_000])]);
    expect(new Set(ladder(solver, dearer).map(({ measure }) => measure))).toEqual(new Set(['macs']));
    expect(ladder(solver, choicesOf(TEACHER, []))).toEqual([]);
  });
});

describe('divergences', () => {
  it('are summed in millionths of a nat, coarser where they are large', () => {
    expect(wholeValues([[0, 1], [0.5]])).toEqual([[0, 2 ** 20], [2 ** 19]]);
    const [[, large = 0] = [], [, small = 0] = []] = wholeValues([
      [0, 1e6],
      [0, 1e6 / 2],
    ]);
    expect(large).toBeLessThanOrEqual(2 ** 30);
    expect(large / small).toBeCloseTo(2, 6);
  });
});
