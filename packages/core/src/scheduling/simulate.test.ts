import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BinSchedule } from '@distillation/api/plan';
import { lowerBound, toTask } from './pass-cost.ts';
import { scheduleBlocks } from './schedule.ts';
import { simulate, type Simulation } from './simulate.ts';
import { blocksArbitrary, blocksOf, passesArbitrary } from '../../test/scheduling.ts';

/** Rounding of sums in another order. */
const SLACK = 1 + 1e-9;

/** A schedule to steal from: packed well, or dealt out badly so that there is something to steal. */
const scheduleFor = (
  start: 'RoundRobin' | 'WorkStealing',
  ...rest: Parameters<typeof scheduleBlocks>
): BinSchedule => ({
  ...scheduleBlocks(rest[0], rest[1], { ...rest[2], policy: start }),
  policy: 'WorkStealing',
});

const caseArbitrary = fc
  .record({
    blocks: blocksArbitrary(14),
    epochs: fc.integer({ min: 1, max: 5 }),
    bins: fc.integer({ min: 1, max: 5 }),
    passes: passesArbitrary,
    start: fc.constantFrom('RoundRobin' as const, 'WorkStealing' as const),
  })
  .map(({ blocks, epochs, bins, passes, start }) => ({
    blocks,
    epochs,
    bins,
    passes,
    schedule: scheduleFor(start, blocks, epochs, { policy: start, bins, passes }),
  }));

/** Every epoch of every block once, in order, one pass of a bin and one bin of a block at a time. */
function expectWholeAndInOrder({ passes }: Simulation, blocks: readonly string[], epochs: number): void {
  const ended = new Map<string, { epoch: number; at: number }>();
  const binFree = new Map<number, number>();
  for (const pass of passes) {
    expect(pass.start).toBeGreaterThanOrEqual(binFree.get(pass.bin) ?? 0);
    binFree.set(pass.bin, pass.end);
    for (const block of pass.blocks) {
      const last = ended.get(block) ?? { epoch: 0, at: 0 };
      expect(pass.epoch).toBe(last.epoch + 1);
      expect(pass.start).toBeGreaterThanOrEqual(last.at);
      ended.set(block, { epoch: pass.epoch, at: pass.end });
    }
  }
  expect([...ended.keys()].sort()).toEqual([...blocks].sort());
  expect([...ended.values()].every(({ epoch }) => epoch === epochs)).toBe(true);
}

describe('simulate', () => {
  it('loses no epoch of a block and does none twice, even where costs are not as planned', () => {
    const surprising = caseArbitrary.chain((input) =>
      fc
        .array(fc.integer({ min: 1, max: 100 }), { minLength: input.blocks.length, maxLength: input.blocks.length })
        .map((own) => ({
          ...input,
          actual: new Map(
            input.blocks.map((block, i) => [block.name, { prefix: block.cost.prefix, own: own[i] ?? 1 }]),
          ),
        })),
    );
    fc.assert(
      fc.property(surprising, (input) => {
        const names = input.blocks.map((block) => block.name);
        expectWholeAndInOrder(simulate(input), names, input.epochs);
      }),
    );
  });

  it('takes as long as planned without stealing', () => {
    fc.assert(
      fc.property(caseArbitrary, ({ blocks, epochs, schedule }) => {
        const { makespan, left, thefts } = simulate({
          blocks,
          epochs,
          schedule: { ...schedule, policy: 'BinPacking' },
        });
        expect(makespan).toBeCloseTo(schedule.makespan, 6);
        left.forEach((time, bin) => {
          expect(time).toBeCloseTo(schedule.bins[bin]?.cost ?? NaN, 6);
        });
        expect(thefts).toEqual([]);
      }),
    );
  });

  it('ends with stealing no later than the schedule it starts from, and never below the bound', () => {
    let gained = 0;
    fc.assert(
      fc.property(caseArbitrary, ({ blocks, epochs, bins, passes, schedule }) => {
        const { makespan } = simulate({ blocks, epochs, schedule });
        const tasks = blocks.map((block) => toTask(block, passes));
        expect(makespan).toBeLessThanOrEqual(schedule.makespan * SLACK);
        expect(makespan * SLACK).toBeGreaterThanOrEqual(epochs * lowerBound(tasks, bins));
        if (makespan < 0.95 * schedule.makespan) gained++;
      }),
      { seed: 3, numRuns: 300 },
    );
    expect(gained).toBeGreaterThan(30);
  });

  it('mends a schedule made from wrong costs, with both kinds of passes', () => {
    const blocks = blocksOf(...Array.from({ length: 12 }, () => [2, 10] as const));
    // The blocks of bin 0 take four times as long as planned.
    for (const passes of ['Fused', 'Independent'] as const) {
      const schedule = scheduleBlocks(blocks, 6, { policy: 'WorkStealing', bins: 3, passes });
      const slow = schedule.bins[0]?.blocks ?? [];
      const actual = new Map(slow.map((name) => [name, { prefix: 2, own: 40 }]));
      const fixed = simulate({ blocks, epochs: 6, schedule: { ...schedule, policy: 'BinPacking' }, actual });
      const stolen = simulate({ blocks, epochs: 6, schedule, actual });
      expect(stolen.makespan).toBeLessThan(0.75 * fixed.makespan);
      expect(stolen.thefts[0]?.victim).toBe(0);
    }
  });

  it('holds no worker that has nothing to do: the left-over leave, the surplus never start', () => {
    const blocks = blocksOf([100, 5], [100, 5]);
    const schedule = scheduleBlocks(blocks, 3, { policy: 'WorkStealing', bins: 4, passes: 'Independent' });
    const { left, makespan } = simulate({ blocks, epochs: 3, schedule });
    expect(makespan).toBe(315);
    expect([...left].sort()).toEqual([0, 0, 315, 315]);
  });
});
