import { describe, expect, it } from 'vitest';
import type { LayerInfo } from '@distillation/api/plan';
import { combineCosts, type Costs, estimateCost } from './costs.ts';
import { binCost, toTask } from './pass-cost.ts';
import { scheduleBlocks } from './schedule.ts';
import { vgg16Blocks } from '../../test/scheduling.ts';

describe('estimateCost', () => {
  const layer: Pick<LayerInfo, 'kernel' | 'inputShape' | 'outputShape' | 'prefixMacs'> = {
    kernel: [5, 5],
    inputShape: [8, 8, 16],
    outputShape: [4, 4, 32],
    prefixMacs: 5000,
  };

  it('counts training three times the forward pass, a depthwise multiply-accumulate 25 times a dense one', () => {
    const depthwise = 16 * (25 * 16 + 9 * 32);
    const pointwise = 16 * (16 * 32 + 32 * 32);
    const cost = estimateCost(layer, { macs: depthwise + pointwise, architecture: 'TwoLayer' });
    expect(cost).toEqual({ prefix: 5000, own: 3 * (pointwise + 25 * depthwise) });
  });

  it('knows the third layer of the longer architectures', () => {
    const depthwise = 16 * (25 * 16 + 2 * 9 * 32);
    expect(estimateCost(layer, { macs: depthwise, architecture: 'ThreeLayerSkip' }).own).toBe(3 * 25 * depthwise);
  });

  it('agrees with measured full-width VGG16 passes: separate over fused 2.75, thirds by depth about equal', () => {
    const tasks = vgg16Blocks(1).map((block) => toTask(block, 'Fused'));
    const separate = tasks.reduce((sum, task) => sum + binCost([task]), 0);
    expect(separate / binCost(tasks)).toBeGreaterThan(2.75 / 1.25);
    expect(separate / binCost(tasks)).toBeLessThan(2.75 * 1.25);
    // Measured: contiguous thirds 355, 336 and 333 ms where all at once took 763.
    const { makespan } = scheduleBlocks(vgg16Blocks(1), 1, { policy: 'BinPacking', bins: 3, passes: 'Fused' });
    expect(makespan / binCost(tasks)).toBeGreaterThan((355 / 763) * 0.8);
    expect(makespan / binCost(tasks)).toBeLessThan((355 / 763) * 1.25);
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
