import type { SchedulingSpec } from '@distillation/api/job';
import type { BlockCost } from '@distillation/api/plan';

/**
 * What a bin costs. Independent passes pay teacher prefix and data once a block, fused passes once a bin, for its deepest block.
 * Independent blocks are fused blocks without a prefix whose own cost holds it, so every algorithm here knows one model only.
 */

export type Passes = SchedulingSpec['passes'];

/** A block as the schedulers take it; `cost` is of one epoch. */
export interface CostedBlock {
  readonly name: string;
  readonly cost: BlockCost;
}

/** A block as a bin pays it for one epoch: the largest `prefix` of the bin once, plus every `own`. */
export interface Task {
  readonly name: string;
  readonly prefix: number;
  readonly own: number;
}

/** The block's part in a pass of this kind; costs are per epoch. */
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

/** Cost of the task when it is alone in a bin. */
export const aloneCost = (task: Task): number => task.prefix + task.own;

/** Total order of names by code units: the same on every machine, whatever its locale. */
export const byName = (a: Task, b: Task): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** Most costly alone first; names break ties, so equal inputs in another order give equal output. */
export const longestFirst = (a: Task, b: Task): number => aloneCost(b) - aloneCost(a) || byName(a, b);

/** Deepest prefix first. */
export const deepestFirst = (a: Task, b: Task): number => b.prefix - a.prefix || longestFirst(a, b);

/**
 * What no schedule on so many bins can beat, for one epoch, even one that moves blocks between bins at epoch boundaries: the
 * heaviest task alone, and the least x with sum over tasks of own / (x - prefix) <= bins. Without prefixes the latter is total / bins.
 *
 * Proof, for E epochs done in time E x. Let pass q pay prefix P_q and last L_q, and divide L_q among its tasks in proportion to their
 * own costs: task b takes own_b L_q / (L_q - P_q) >= own_b L_q / (L_q - prefix_b) of machine time, which is convex and falls with
 * L_q. The E passes of b follow one another, so their mean length is at most x, and by Jensen's inequality b takes at least
 * E own_b x / (x - prefix_b). All tasks together have bins * E x. Division by E x gives the condition.
 *
 * It may be sharpened. For any depth p, count what the deepest task pays beyond p as its own cost, and lower every prefix to p at
 * most: no pass becomes dearer, so the bound for these tasks holds too. The best over all p is taken.
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
