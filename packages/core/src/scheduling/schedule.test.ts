import { POLICIES } from '@distillation/api/words';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Passes } from './pass-cost.ts';
import { scheduleBlocks } from './schedule.ts';
import { blocksOf, blocksArbitrary, passesArbitrary } from '../../test/scheduling.ts';

const policyArbitrary = fc.constantFrom(...POLICIES);
const scheduleArbitrary = fc.record({
  blocks: blocksArbitrary(12),
  epochs: fc.integer({ min: 1, max: 5 }),
  scheduling: fc.record({ policy: policyArbitrary, bins: fc.integer({ min: 1, max: 6 }), passes: passesArbitrary }),
});
const shuffledArbitrary = scheduleArbitrary.chain((input) =>
  fc.shuffledSubarray(input.blocks, { minLength: input.blocks.length }).map((shuffled) => ({ ...input, shuffled })),
);

describe('scheduleBlocks', () => {
  it('puts every block into exactly one of the bins asked for', () => {
    fc.assert(
      fc.property(scheduleArbitrary, ({ blocks, epochs, scheduling }) => {
        const { bins } = scheduleBlocks(blocks, epochs, scheduling);
        expect(bins.map((bin) => bin.index)).toEqual(Array.from({ length: scheduling.bins }, (_, i) => i));
        expect(bins.flatMap((bin) => bin.blocks).sort()).toEqual(blocks.map((block) => block.name).sort());
      }),
    );
  });

  it('states costs of all epochs and a bound that its makespan keeps', () => {
    fc.assert(
      fc.property(scheduleArbitrary, ({ blocks, epochs, scheduling }) => {
        const schedule = scheduleBlocks(blocks, epochs, scheduling);
        const cost = new Map(blocks.map((block) => [block.name, block.cost]));
        for (const bin of schedule.bins) {
          const costs = bin.blocks.map((name) => cost.get(name) ?? { prefix: NaN, own: NaN });
          const own = costs.reduce((sum, c) => sum + c.own, 0);
          const prefixes = costs.map((c) => c.prefix);
          const prefix =
            scheduling.passes === 'Fused' ? Math.max(0, ...prefixes) : prefixes.reduce((sum, p) => sum + p, 0);
          expect(bin.cost).toBeCloseTo(epochs * (prefix + own), 6);
        }
        expect(schedule.makespan).toBe(Math.max(...schedule.bins.map((bin) => bin.cost)));
        expect(schedule.lowerBound).toBeLessThanOrEqual(schedule.makespan);
        expect(schedule.lowerBound).toBeGreaterThan(0);
      }),
    );
  });

  it('does not depend on the order of the blocks, but for round robin', () => {
    fc.assert(
      fc.property(shuffledArbitrary, ({ blocks, shuffled, epochs, scheduling }) => {
        fc.pre(scheduling.policy !== 'RoundRobin');
        expect(scheduleBlocks(shuffled, epochs, scheduling)).toEqual(scheduleBlocks(blocks, epochs, scheduling));
      }),
    );
  });

  it('leaves surplus bins empty and free of cost', () => {
    for (const policy of POLICIES) {
      const { bins } = scheduleBlocks(blocksOf([2, 3], [5, 1]), 3, { policy, bins: 4, passes: 'Fused' });
      expect(bins.filter((bin) => bin.blocks.length === 0).map((bin) => bin.cost)).toEqual([0, 0]);
    }
  });

  it('knows the bound of the passes: fused blocks share a prefix, independent ones pay it each', () => {
    const blocks = blocksOf([10, 1], [10, 1], [10, 1], [10, 1]);
    const bound = (bins: number, passes: Passes): number =>
      scheduleBlocks(blocks, 1, { policy: 'BinPacking', bins, passes }).lowerBound;
    expect(bound(1, 'Fused')).toBeCloseTo(14, 9);
    expect(bound(2, 'Fused')).toBeCloseTo(12, 9);
    expect(bound(1, 'Independent')).toBeCloseTo(44, 9);
    expect(bound(2, 'Independent')).toBeCloseTo(22, 9);
  });
});
