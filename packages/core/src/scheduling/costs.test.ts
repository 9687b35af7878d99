import { describe, expect, it } from 'vitest';
import { combineCosts, type Costs, estimateCost } from './costs.ts';
import { binCost, toTask } from './pass-cost.ts';
import { vgg16Blocks } from '../../test/scheduling.ts';

describe('estimateCost', () => {
  it('counts what is read and written beside the arithmetic, and training three times the forward pass', () => {
    const cost = estimateCost({ prefixMacs: 5000, prefixElements: 100 }, { macs: 300, elements: 40 });
    expect(cost).toEqual({ prefix: 5000 + 20 * 100, own: 3 * (300 + 20 * 40) });
  });

  /** CPU-ms of a step of each of the paper's blocks alone, as a graph, 256 images, one thread of a Xeon with AVX-512. */
  const QUARTER_WIDTH = [77, 102, 67, 90, 93, 92, 104, 122, 112, 110, 109, 111, 113];

  it.each([
    ['full', 1, 3.46],
    ['a quarter', 0.25, 2.79],
  ])(
    'agrees with VGG16 of %s width: all steps alone take so many times what one of all takes',
    (_, width, measured) => {
      const tasks = vgg16Blocks(width).map((block) => toTask(block, 'Fused'));
      const separate = tasks.reduce((sum, task) => sum + binCost([task]), 0);
      const ratio = separate / binCost(tasks) / measured;
      expect(ratio).toBeGreaterThan(0.85);
      expect(ratio).toBeLessThan(1.15);
    },
  );

  it('agrees with the share of each block of quarter-width VGG16, early ones of few channels included', () => {
    const costs = vgg16Blocks(0.25).map((block) => binCost([toTask(block, 'Fused')]));
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    costs.forEach((cost, i) => {
      const ratio = cost / sum(costs) / ((QUARTER_WIDTH[i] ?? 0) / sum(QUARTER_WIDTH));
      expect(ratio).toBeGreaterThan(0.7);
      expect(ratio).toBeLessThan(1.3);
    });
  });
});

describe('combineCosts', () => {
  const estimated: Costs = new Map([
    ['a', { prefix: 100, own: 10 }],
    ['b', { prefix: 200, own: 30 }],
    ['c', { prefix: 300, own: 20 }],
  ]);
  const none: Costs = new Map();

  it('takes estimates for estimated costs whatever else is known, and where nothing is known', () => {
    const recorded: Costs = new Map([['a', { prefix: 1, own: 1 }]]);
    expect(combineCosts('Estimated', { estimated, recorded, measured: recorded }, 1)).toEqual({
      unit: 'MAC',
      costs: estimated,
    });
    expect(combineCosts('Recorded', { estimated, recorded: none, measured: none }, 1)).toEqual({
      unit: 'MAC',
      costs: estimated,
    });
  });

  it('scales the estimates of unknown blocks by the known ones, prefix and own apart', () => {
    const recorded: Costs = new Map([
      ['a', { prefix: 2, own: 1 }],
      ['b', { prefix: 4, own: 1 }],
      ['of another job', { prefix: 9, own: 9 }],
    ]);
    const { unit, costs } = combineCosts('Recorded', { estimated, recorded, measured: none }, 1);
    expect(unit).toBe('Second');
    expect([...costs.keys()]).toEqual(['a', 'b', 'c']);
    expect(costs.get('a')).toEqual({ prefix: 2, own: 1 });
    expect(costs.get('c')?.prefix).toBeCloseTo(300 * 0.02, 12);
    expect(costs.get('c')?.own).toBeCloseTo(20 * 0.05, 12);
  });

  it('gives the costs of an epoch of so many samples', () => {
    const recorded: Costs = new Map([['a', { prefix: 2, own: 1 }]]);
    const costs = (source: 'Estimated' | 'Recorded') =>
      combineCosts(source, { estimated, recorded, measured: none }, 50).costs;
    expect(costs('Estimated').get('b')).toEqual({ prefix: 10000, own: 1500 });
    expect(costs('Recorded').get('a')).toEqual({ prefix: 100, own: 50 });
    expect(costs('Recorded').get('b')?.prefix).toBeCloseTo(200, 9);
  });

  it('takes measured costs for measured', () => {
    const measured: Costs = new Map([...estimated.keys()].map((name, i) => [name, { prefix: i, own: 1 }]));
    expect(combineCosts('Measured', { estimated, recorded: none, measured }, 1).costs).toEqual(measured);
  });
});
