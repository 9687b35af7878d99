import { describe, expect, it } from 'vitest';
import type { BinSchedule } from '@distillation/api/plan';
import type { CostedBlock } from './pass-cost.ts';
import { scheduleBlocks } from './schedule.ts';
import { simulate } from './simulate.ts';

/**
 * Figure 6 of the paper (Blakeney et al. 2020, arXiv:2012.03096): thirteen tasks of VGG16 at 32x32 on four GPUs.
 *
 * The paper's text does not state the thirteen times, so they are built. It says that VGG16's tasks differ because its feature maps do
 * (section 4.4), so each time is taken proportional to the values that go into the replacement and come out of it,
 * height x width x (channels in + channels out), and their sum is the 1-GPU time of Table III, 3920.53 s. What is asserted is what
 * the text says of the figure: GPU 0 and GPU 1 carry much more than the others under round robin, the speed-up rises from about 2.5
 * to 3.0 and the efficiency from .65 to .8 by packing.
 */
const STAGES = [
  { convolutions: 2, channels: 64, size: 32 },
  { convolutions: 2, channels: 128, size: 16 },
  { convolutions: 3, channels: 256, size: 8 },
  { convolutions: 3, channels: 512, size: 4 },
  { convolutions: 3, channels: 512, size: 2 },
];
const ONE_GPU_SECONDS = 3920.53;

function vgg16Tasks(): CostedBlock[] {
  let channelsIn = 3;
  const sizes = STAGES.flatMap(({ convolutions, channels, size }, stage) =>
    Array.from({ length: convolutions }, (_, i) => {
      const values = size * size * (channelsIn + channels);
      channelsIn = channels;
      return { name: `block${stage + 1}_conv${i + 1}`, values };
    }),
  );
  const total = sizes.reduce((sum, { values }) => sum + values, 0);
  return sizes.map(({ name, values }) => ({
    name,
    cost: { prefix: 0, own: (ONE_GPU_SECONDS * values) / total },
  }));
}

describe('the paper’s Figure 6', () => {
  const blocks = vgg16Tasks();
  const on4 = (policy: BinSchedule['policy']): BinSchedule =>
    scheduleBlocks(blocks, 1, { policy, bins: 4, passes: 'Independent' });
  const speedUp = (makespan: number): number => ONE_GPU_SECONDS / makespan;

  it('(c) round robin overloads GPU 0 and GPU 1: speed-up about 2.5, efficiency about .65', () => {
    const schedule = on4('RoundRobin');
    const [gpu0 = 0, gpu1 = 0, gpu2 = 0, gpu3 = 0] = schedule.bins.map((bin) => bin.cost);
    expect(Math.min(gpu0, gpu1)).toBeGreaterThan(1.25 * Math.max(gpu2, gpu3));
    expect(speedUp(schedule.makespan)).toBeCloseTo(2.5, 0);
    expect(speedUp(schedule.makespan) / 4).toBeCloseTo(0.65, 1);
  });

  it('(d) bin packing lifts the speed-up above 3.0 and the efficiency above .8, as far as the longest task lets it', () => {
    const schedule = on4('BinPacking');
    expect(speedUp(schedule.makespan)).toBeGreaterThan(3.0);
    expect(speedUp(schedule.makespan) / 4).toBeGreaterThan(0.8);
    expect(schedule.makespan).toBe(schedule.lowerBound);
  });

  /**
   * The paper's own work stealing put the two longest tasks on one worker: 1556 s where its block times allowed 1106 s, 1.41 times
   * (shown by its result files). Longest first cannot do that while another worker is free.
   */
  it('work stealing, longest first, keeps the two longest tasks apart and reaches the bound', () => {
    const schedule = on4('WorkStealing');
    const [first, second] = blocks.toSorted((a, b) => b.cost.own - a.cost.own).map((block) => block.name);
    const { passes, makespan } = simulate({ blocks, epochs: 1, schedule });
    const binOf = (name?: string) => passes.find((pass) => pass.blocks.includes(name ?? ''))?.bin;
    expect(binOf(first)).not.toBe(binOf(second));
    expect(makespan).toBeLessThanOrEqual(schedule.lowerBound * 1.001);
  });

  it('shows the loss when the two longest share a worker and the queue does not start with them', () => {
    // Network order, first come first served: blocks 1 and 2 of GPU 0 are the two longest but for block2_conv2.
    const schedule = on4('BinPacking');
    const longest = blocks.toSorted((a, b) => b.cost.own - a.cost.own).map((block) => block.name);
    const together = longest.slice(0, 2);
    const bins = schedule.bins.map((bin) => ({
      ...bin,
      blocks: [...bin.blocks.filter((name) => !together.includes(name)), ...(bin.index === 0 ? together : [])],
    }));
    const { makespan } = simulate({ blocks, epochs: 1, schedule: { ...schedule, bins } });
    expect(makespan / schedule.lowerBound).toBeGreaterThan(1.4);
  });
});
