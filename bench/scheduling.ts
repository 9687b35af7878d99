import type { SchedulingSpec } from '@distillation/api/job';
import { type CostedBlock, makespanOf, toTask } from '@distillation/core/pass-cost';
import { worstFitDecreasing } from '@distillation/core/bin-packing';
import { scheduleBlocks } from '@distillation/core/schedule';
import { simulate } from '@distillation/core/simulate';
import { vgg16Blocks } from '../packages/core/test/scheduling.ts';
import { randomStream } from '@distillation/core/random';
import { summarize, table } from './measure.ts';

/**
 * Benefit of the schedulers: makespans of the sample teacher's thirteen blocks under every policy, relative to one worker that
 * trains them one by one (the table of docs/scheduling.md), and the time it takes to plan many blocks.
 */

const EPOCHS = 4;
type Policy = SchedulingSpec['policy'];
type Passes = SchedulingSpec['passes'];

function makespan(
  blocks: readonly CostedBlock[],
  scheduling: { policy: Policy; bins: number; passes: Passes },
): number {
  return simulate({ blocks, epochs: EPOCHS, schedule: scheduleBlocks(blocks, EPOCHS, scheduling) }).makespan;
}

function speedUps(blocks: readonly CostedBlock[]): string {
  const sequential = makespan(blocks, { policy: 'RoundRobin', bins: 1, passes: 'Independent' });
  const rows = [['passes', 'bins', 'RoundRobin', 'plain WFD', 'BinPacking', 'WorkStealing', 'no schedule beats']];
  for (const passes of ['Independent', 'Fused'] as const) {
    for (const bins of [1, 2, 3, 4, 8]) {
      const over = (cost: number): string => `${(sequential / cost).toFixed(2)}x`;
      const tasks = blocks.map((block) => toTask(block, passes));
      const { lowerBound } = scheduleBlocks(blocks, EPOCHS, { policy: 'BinPacking', bins, passes });
      const [roundRobin = 0, packing = 0, stealing = 0] = (['RoundRobin', 'BinPacking', 'WorkStealing'] as const).map(
        (policy) => makespan(blocks, { policy, bins, passes }),
      );
      const plain = EPOCHS * makespanOf(worstFitDecreasing(tasks, bins));
      rows.push([passes, String(bins), ...[roundRobin, plain, packing, stealing, lowerBound].map(over)]);
    }
  }
  return table(rows);
}

/** Blocks of a network as deep as that, with uneven costs. */
function deepNetwork(count: number): CostedBlock[] {
  const random = randomStream('bench', 'scheduling', count);
  let prefix = 0;
  return Array.from({ length: count }, (_, i) => {
    prefix += random.next();
    return { name: `layer${i}`, cost: { prefix, own: 5 * random.next() } };
  });
}

function planningTimes(): string {
  const rows = [['blocks', 'bins', 'passes', 'ms min', 'median', 'max', 'round robin / packed', 'packed / bound']];
  for (const [count, bins] of [
    [13, 4],
    [53, 8],
    [500, 8],
    [500, 64],
    [5000, 64],
    [5000, 512],
  ] as const) {
    const blocks = deepNetwork(count);
    for (const passes of ['Independent', 'Fused'] as const) {
      const times = Array.from({ length: 5 }, () => {
        const start = performance.now();
        scheduleBlocks(blocks, 1, { policy: 'BinPacking', bins, passes });
        return performance.now() - start;
      });
      const packed = scheduleBlocks(blocks, 1, { policy: 'BinPacking', bins, passes });
      const dealt = scheduleBlocks(blocks, 1, { policy: 'RoundRobin', bins, passes });
      const ratios = [dealt.makespan / packed.makespan, packed.makespan / packed.lowerBound];
      rows.push([String(count), String(bins), passes, ...summarize(times), ...ratios.map((ratio) => ratio.toFixed(3))]);
    }
  }
  return table(rows);
}

console.log('Speed-up of training over one worker with independent passes; quarter-width VGG16, estimated costs:');
console.log(speedUps(vgg16Blocks(0.25)));
console.log('\nPlanning:');
console.log(planningTimes());
