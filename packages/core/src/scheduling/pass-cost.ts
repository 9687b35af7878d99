import type { SchedulingSpec } from '@distillation/api/job';
import type { BlockCost } from '@distillation/api/plan';

/**
 * The cost of a bin. Independent passes pay for the teacher's prefix and the data once per block, fused passes once per bin, for its
 * deepest block. An independent block is modelled as a fused block whose own cost includes the prefix, so all algorithms share one model.
 */

export type Passes = SchedulingSpec['passes'];

/** A block as input of the schedulers; `cost` is for one epoch. */
export interface CostedBlock {
  readonly name: string;
  readonly cost: BlockCost;
}

/** A block's part in the cost of a bin for one epoch, which is the largest `prefix` plus the sum of all `own`. */
export interface Task {
  readonly name: string;
  readonly prefix: number;
  readonly own: number;
}

/** The block as a task for passes of this kind; costs are per epoch. */
export function toTask(block: CostedBlock, passes: Passes): Task {
  const { prefix, own } = block.cost;
  return passes === 'Fused' ? { name: block.name, prefix, own } : { name: block.name, prefix: 0, own: prefix + own };
}

/** Cost of one epoch of a bin that holds these tasks; 0 for none. */
export function binCost(tasks: readonly Task[]): number {
  let prefix = 0;
  let own = 0;
  for (const task of tasks) {
    prefix = Math.max(prefix, task.prefix);
    own += task.own;
  }
  return prefix + own;
}

/** Cost of the fullest bin for one epoch. */
export function makespanOf(bins: readonly (readonly Task[])[]): number {
  return bins.reduce((longest, bin) => Math.max(longest, binCost(bin)), 0);
}

/** Cost of a bin that holds only this task. */
export const aloneCost = (task: Task): number => task.prefix + task.own;

/** Total order of names by code units: the same on every machine, whatever its locale. */
export const byName = (a: Task, b: Task): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** Decreasing cost; names break ties, so the result does not depend on the order of the input. */
export const longestFirst = (a: Task, b: Task): number => aloneCost(b) - aloneCost(a) || byName(a, b);

/** Deepest prefix first. */
export const deepestFirst = (a: Task, b: Task): number => b.prefix - a.prefix || longestFirst(a, b);

/**
 * Lower bound on the makespan of any schedule for one epoch, even one that moves blocks between bins at epoch boundaries: the maximum of
 * the costliest task alone and the least x with sum over tasks of own / (x - prefix) <= bins. Without prefixes the latter is total / bins.
 *
 * Proof, for E epochs done in time E x. Let pass q pay prefix P_q and last L_q, and divide L_q among its tasks in proportion to their
 * own costs: task b takes own_b L_q / (L_q - P_q) >= own_b L_q / (L_q - prefix_b) of machine time, which is convex and falls with
 * L_q. The E passes of b follow one another, so their mean length is at most x, and by Jensen's inequality b takes at least
 * E own_b x / (x - prefix_b). All tasks together have bins * E x. Division by E x gives the condition.
 *
 * The bound can be sharpened. For any depth p, count what the deepest task pays beyond p as its own cost, and limit every prefix to p: no
 * pass becomes more expensive, so the bound for these tasks holds too. The maximum over all p is taken.
 */
export function lowerBound(tasks: readonly Task[], bins: number): number {
  const sorted = tasks.toSorted(deepestFirst);
  const deepest = sorted[0]?.prefix ?? 0;
  let bound = sorted.reduce((heaviest, task) => Math.max(heaviest, aloneCost(task)), 0);
  for (const depth of new Set(sorted.map((task) => task.prefix))) {
    const impossible = (time: number): boolean => {
      let needed = (deepest - depth) / (time - depth);
      for (const task of sorted) if (task.own > 0) needed += task.own / (time - Math.min(task.prefix, depth));
      return needed > bins;
    };
    if (bound <= depth || !impossible(bound)) continue;
    let high = binCost(tasks);
    for (let step = 0; step < 50; step++) {
      const middle = (bound + high) / 2;
      if (impossible(middle)) bound = middle;
      else high = middle;
    }
  }
  return bound;
}
