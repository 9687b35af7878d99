import type { SchedulingSpec } from '@distillation/api/job';
import type { BinSchedule } from '@distillation/api/plan';
import { packBins } from './bin-packing.ts';
import { binCost, type CostedBlock, lowerBound, longestFirst, type Task, toTask } from './pass-cost.ts';
import { roundRobin } from './round-robin.ts';

/**
 * Distributes blocks over bins by the job's policy (the paper's section 3.3). Input costs are for one epoch; those of the schedule are for
 * all `epochs`, in the same unit.
 *
 * The result has all `scheduling.bins` bins; surplus ones have no blocks and cost 0, and get no worker. Work stealing starts from the
 * packed bins; its decisions at run time are in `work-stealing.ts`. The result depends only on the blocks' names and costs and, except for
 * round robin, not on their order.
 */
export function scheduleBlocks(
  blocks: readonly CostedBlock[],
  epochs: number,
  scheduling: Pick<SchedulingSpec, 'policy' | 'bins' | 'passes'>,
): BinSchedule {
  const { policy, passes } = scheduling;
  const tasks = blocks.map((block) => toTask(block, passes));
  const bins = SCHEDULERS[policy](tasks, scheduling.bins).map((bin, index) => ({
    index,
    blocks: bin.map((task) => task.name),
    cost: epochs * binCost(bin),
  }));
  const makespan = bins.reduce((longest, bin) => Math.max(longest, bin.cost), 0);
  // The bound is summed in another order than the bins, so rounding could lift it above the makespan.
  return {
    version: 1,
    policy,
    passes,
    bins,
    makespan,
    lowerBound: Math.min(makespan, epochs * lowerBound(tasks, scheduling.bins)),
  };
}

/** How each policy deals tasks out; what work stealing does later is in `work-stealing.ts`. */
const SCHEDULERS: Readonly<
  Record<SchedulingSpec['policy'], (tasks: readonly Task[], bins: number) => readonly (readonly Task[])[]>
> = {
  RoundRobin: roundRobin,
  BinPacking: (tasks, bins) => ordered(packBins(tasks, bins)),
  WorkStealing: (tasks, bins) => ordered(packBins(tasks, bins)),
};

/** Costliest block first in each bin, so that late thefts are small, and costliest bin first, so that bin 0 sets the makespan. */
function ordered(bins: readonly (readonly Task[])[]): Task[][] {
  const sorted = bins.map((bin) => bin.toSorted(longestFirst));
  const first = (bin: readonly Task[]): string => bin[0]?.name ?? '';
  return sorted.sort((a, b) => binCost(b) - binCost(a) || (first(a) < first(b) ? -1 : first(a) > first(b) ? 1 : 0));
}
