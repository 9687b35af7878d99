import { aloneCost, binCost, deepestFirst, longestFirst, makespanOf, type Task } from './pass-cost.ts';
import { improve } from './local-search.ts';

/**
 * Bin packing (Blakeney et al. 2020, arXiv:2012.03096, section 3.3), extended
 * to the prefix that the blocks of a fused pass share. Three initial packings are each
 * improved by a bounded local search. The best is chosen by makespan, then by total cost (a prefix paid in fewer bins saves GPU time),
 * then by the order below.
 */
export function packBins(tasks: readonly Task[], bins: number): Task[][] {
  const starts = [worstFitDecreasing(tasks, bins)];
  // Without prefixes a task costs the same in every bin, and depth is meaningless.
  if (tasks.some((task) => task.prefix > 0))
    starts.push(packByDepth(tasks, bins, inOrder), packByDepth(tasks, bins, bestFit));
  let best: { bins: Task[][]; makespan: number; total: number } | undefined;
  for (const start of starts) {
    const packed = improve(start);
    const makespan = makespanOf(packed);
    const total = packed.reduce((sum, bin) => sum + binCost(bin), 0);
    if (best === undefined || makespan < best.makespan || (makespan === best.makespan && total < best.total)) {
      best = { bins: packed, makespan, total };
    }
  }
  return best?.bins ?? [];
}

/**
 * Worst-fit decreasing, as in the paper: tasks in order of decreasing cost, each into the emptiest bin. It ignores what fused tasks share.
 * Without prefixes its makespan is at most 4/3 - 1/(3 bins) times the optimum (Graham 1969, there called LPT).
 */
export function worstFitDecreasing(tasks: readonly Task[], bins: number): Task[][] {
  const packed: Task[][] = Array.from({ length: bins }, () => []);
  const loads = new Float64Array(bins);
  for (const task of tasks.toSorted(longestFirst)) {
    let emptiest = 0;
    for (let bin = 1; bin < bins; bin++) if ((loads[bin] ?? 0) < (loads[emptiest] ?? 0)) emptiest = bin;
    packed[emptiest]?.push(task);
    loads[emptiest] = (loads[emptiest] ?? 0) + aloneCost(task);
  }
  return packed;
}

/** Chooses tasks with a total own cost of at most `room` from tasks sorted deepest first. */
type Fill = (waiting: Task[], room: number) => Task[];

/**
 * Fills bins deepest first, with the smallest capacity that holds all tasks. The deepest remaining task opens a bin and sets its prefix;
 * every task that joins adds only its own cost. Filled in order, the bins are contiguous runs by depth, and the best such ones, at most
 * twice the optimum. Filled by best fit, they also use gaps that a costly task leaves.
 */
function packByDepth(tasks: readonly Task[], bins: number, fill: Fill): Task[][] {
  const sorted = tasks.toSorted(deepestFirst);
  const attempt = (capacity: number): Task[][] | undefined => {
    const packed: Task[][] = [];
    let waiting = sorted;
    while (waiting.length > 0) {
      const [first, ...rest] = waiting;
      if (first === undefined || packed.length === bins || aloneCost(first) > capacity) return undefined;
      const joined = new Set(fill(rest, capacity - aloneCost(first)));
      packed.push([first, ...joined]);
      waiting = rest.filter((task) => !joined.has(task));
    }
    while (packed.length < bins) packed.push([]);
    return packed;
  };
  let high = binCost(sorted);
  let low = sorted.reduce((heaviest, task) => Math.max(heaviest, aloneCost(task)), 0);
  let best = attempt(low) ?? [sorted, ...Array.from({ length: Math.max(0, bins - 1) }, (): Task[] => [])];
  // Each success lowers the upper end to a makespan that was reached, so thirty bisection steps are more than enough.
  for (let step = 0; step < 30 && makespanOf(best) > low && high - low > 1e-9 * high; step++) {
    const middle = (low + high) / 2;
    const packed = attempt(middle);
    if (packed === undefined) low = middle;
    else {
      best = packed;
      high = Math.min(middle, makespanOf(packed));
    }
  }
  return best;
}

const inOrder: Fill = (waiting, room) => {
  const taken: Task[] = [];
  let left = room;
  for (const task of waiting) {
    if (task.own > left) break;
    left -= task.own;
    taken.push(task);
  }
  return taken;
};

const bestFit: Fill = (waiting, room) => {
  const taken: Task[] = [];
  let left = room;
  for (const task of waiting.toSorted((a, b) => b.own - a.own || deepestFirst(a, b))) {
    if (task.own > left) continue;
    left -= task.own;
    taken.push(task);
  }
  return taken;
};
