import { binCost, byName, type Task } from './pass-cost.ts';

/** Maximum number of evaluated changes, so that planning hundreds of blocks takes only milliseconds. */
const MAX_PRICED = 300_000;

/** A bin with what is needed to compute the cost of a change in constant time. */
interface Load {
  tasks: Task[];
  own: number;
  /** The two deepest prefixes; the second is what the bin pays when its deepest task leaves. */
  first: number;
  second: number;
  cost: number;
}

/** Moves a task of the fullest bin to another bin, possibly in exchange for one of its tasks. */
interface Change {
  readonly to: Load;
  readonly given: Task;
  readonly taken: Task | undefined;
}

/**
 * Improves a packing: as long as it helps, the fullest bin moves a task to another bin or swaps one with it, choosing the change that
 * minimizes the larger cost of the two bins. Every change leaves both bins cheaper than the fullest one was, so the makespan never grows.
 * Ties are broken by the order of bins and names.
 */
export function improve(bins: readonly (readonly Task[])[]): Task[][] {
  const loads = bins.map((tasks) => loadOf(tasks.toSorted(byName)));
  const count = bins.reduce((sum, bin) => sum + bin.length, 0);
  for (let priced = 0; priced < MAX_PRICED;) {
    const fullest = loads.reduce((worst, load) => (load.cost > worst.cost ? load : worst), loadOf([]));
    priced += fullest.tasks.length * (count + loads.length);
    const change = bestChange(loads, fullest);
    if (change === undefined) break;
    const { to, given, taken } = change;
    Object.assign(
      fullest,
      loadOf([...fullest.tasks.filter((task) => task !== given), ...(taken === undefined ? [] : [taken])]),
    );
    Object.assign(to, loadOf([...to.tasks.filter((task) => task !== taken), given]));
  }
  return loads.map((load) => load.tasks);
}

function bestChange(loads: readonly Load[], fullest: Load): Change | undefined {
  let best: Change | undefined;
  let limit = fullest.cost;
  for (const to of loads) {
    if (to === fullest) continue;
    for (const given of fullest.tasks) {
      // The index past the last task stands for a move without a swap.
      for (let index = to.tasks.length; index >= 0; index--) {
        const taken = to.tasks[index];
        const worse = Math.max(priceOf(fullest, given, taken), priceOf(to, taken, given));
        // The tolerance keeps rounding errors from counting as improvements, which could loop for ever.
        if (worse < limit * (1 - 1e-12)) {
          best = { to, given, taken };
          limit = worse;
        }
      }
    }
  }
  return best;
}

/** Cost of the bin without `leaves` and with `joins`. */
function priceOf(load: Load, leaves: Task | undefined, joins: Task | undefined): number {
  const prefix = leaves?.prefix === load.first ? load.second : load.first;
  return Math.max(prefix, joins?.prefix ?? 0) + load.own - (leaves?.own ?? 0) + (joins?.own ?? 0);
}

function loadOf(tasks: Task[]): Load {
  const [first = 0, second = 0] = tasks.map((task) => task.prefix).sort((a, b) => b - a);
  return { tasks, own: tasks.reduce((sum, task) => sum + task.own, 0), first, second, cost: binCost(tasks) };
}
