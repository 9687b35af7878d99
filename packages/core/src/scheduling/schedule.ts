import type { SchedulingSpec } from '@distillation/api/job';
import type { BinSchedule } from '@distillation/api/plan';
import { packBins } from './bin-packing.ts';
import { binCost, type CostedBlock, lowerBound, longestFirst, type Task, toTask } from './pass-cost.ts';
import { roundRobin } from './round-robin.ts';

/**
 * Spreads blocks over bins by the job's policy. Costs are of one epoch; those of the schedule are of all `epochs`, in the same unit.
 *
 * Every bin of `scheduling.bins` is in the result, the surplus ones without blocks and at cost 0: start no worker for them. Work
 * stealing starts from the packed bins; what it does later is in `work-stealing.ts`. The result depends on the blocks' names and
 * costs only, and but for round robin not on their order.
 */
export function scheduleBlocks(
  blocks: readonly CostedBlock[],
  epochs: number,
  scheduling: Pick<SchedulingSpec, 'policy' | 'bins' | 'passes'>,
): BinSchedule {
  const { policy, passes } = scheduling;
  const tasks = blocks.map((block) => toTask(block, passes));
  const packed =
    policy === 'RoundRobin' ? roundRobin(tasks, scheduling.bins) : ordered(packBins(tasks, scheduling.bins));
  const bins = packed.map((bin, index) => ({
    index,
    blocks: bin.map((task) => task.name),
    cost: epochs * binCost(bin),
  }));
  const makespan = bins.reduce((longest, bin) => Math.max(longest, bin.cost), 0);
  // The bound is summed in another order than the bins: rounding must not lift it above what was reached.
  return {
    version: 1,
    policy,
    passes,
    bins,
    makespan,
    lowerBound: Math.min(makespan, epochs * lowerBound(tasks, scheduling.bins)),
  };
}

/** Longest block first in each bin and the costliest bin first: what is stolen late is then small, and bin 0 is where to look. */
function ordered(bins: readonly (readonly Task[])[]): Task[][] {
  const sorted = bins.map((bin) => bin.toSorted(longestFirst));
  const first = (bin: readonly Task[]): string => bin[0]?.name ?? '';
  return sorted.sort((a, b) => binCost(b) - binCost(a) || (first(a) < first(b) ? -1 : first(a) > first(b) ? 1 : 0));
}
