import { type CostedBlock, deepestFirst, longestFirst, type Passes, toTask } from './pass-cost.ts';

/**
 * Work stealing (Blakeney et al. 2020, arXiv:2012.03096, section 3.3):
 * an idle bin takes work from the tail of another. Pure decisions, made from the current state
 * whenever a bin is idle. A block moves only between two of its epochs, and its new bin resumes from its checkpoint.
 */

/** A block with epochs still to train. */
export interface RemainingBlock extends CostedBlock {
  readonly epochsLeft: number;
}

/** A bin as a thief sees it. */
export interface QueueView {
  readonly bin: number;
  /** `Gone`: the worker has used up its retries, so all of the queue may be taken. */
  readonly owner: 'Working' | 'Gone';
  /** In the owner's order. With independent passes the owner is training the first one. */
  readonly blocks: readonly RemainingBlock[];
}

interface StealingView {
  readonly passes: Passes;
  readonly queues: readonly QueueView[];
}

/** What moves to the thief: immediately with independent passes or when the owner is gone, else at the owner's next epoch boundary. */
interface Theft {
  readonly victim: number;
  /** Block names, in the order in which the thief trains them. */
  readonly blocks: readonly string[];
}

/** Minimum relative gain of a fused theft, which costs reading a checkpoint, building a graph and an additional pass. */
const MIN_GAIN = 0.1;

/** Maximum number of block pairs for which swaps are tried, since a GPU waits for the decision. */
const MAX_SWAPS = 1000;

/**
 * Which blocks the idle bin should take, and from which bin; undefined when nothing is worth taking. Queues without an owner come first,
 * then the owner that would finish last and can give something away; ties are broken by the order of bins.
 */
export function chooseVictim(view: StealingView, thiefBin: number): Theft | undefined {
  const finish = (queue: QueueView): number => finishTime(queue.blocks, view.passes);
  const victims = view.queues
    .filter((queue) => queue.bin !== thiefBin && queue.blocks.length > 0)
    .map((queue) => ({ queue, gone: queue.owner === 'Gone', finish: finish(queue) }))
    .sort((a, b) => Number(b.gone) - Number(a.gone) || b.finish - a.finish || a.queue.bin - b.queue.bin);
  for (const { queue, gone } of victims) {
    const blocks = gone ? inherit(queue, view.passes) : splitForThief({ remaining: queue.blocks, passes: view.passes });
    if (blocks.length > 0) return { victim: queue.bin, blocks };
  }
  return undefined;
}

/** Fused: the whole queue, which one pass trains and others may then steal from. Independent: the longest block, one for each thief. */
function inherit(queue: QueueView, passes: Passes): readonly string[] {
  const names = queue.blocks.map((block) => block.name);
  return passes === 'Fused' ? names : names.slice(0, 1);
}

/**
 * Which blocks an owner gives to an idle bin: none when it does not pay, and never all.
 *
 * Independent: the last block of the queue, which the owner has not begun; the first one is in training and stays.
 * Fused, at an epoch boundary: the division that minimizes the finish time of the later part, where the thief pays the teacher's prefix of
 * its part again. A gain below `MIN_GAIN` is not worth it. The part that finishes first goes to the thief, which has to load it.
 */
export function splitForThief(owner: { remaining: readonly RemainingBlock[]; passes: Passes }): readonly string[] {
  const { remaining, passes } = owner;
  if (remaining.length < 2) return [];
  if (passes === 'Independent') return remaining.slice(-1).map((block) => block.name);

  const { given, finish } = bestDivision(remaining);
  if (finish > (1 - MIN_GAIN) * finishTime(remaining, passes)) return [];
  return given.toSorted((a, b) => longestFirst(toTask(a, passes), toTask(b, passes))).map((block) => block.name);
}

interface Division {
  readonly kept: readonly RemainingBlock[];
  readonly given: readonly RemainingBlock[];
  /** Finish time of the later of the two parts. */
  readonly finish: number;
}

/** Gives away the part that finishes first. */
function divide(deep: readonly RemainingBlock[], shallow: readonly RemainingBlock[]): Division {
  const times = [finishTime(deep, 'Fused'), finishTime(shallow, 'Fused')] as const;
  return times[0] < times[1]
    ? { kept: shallow, given: deep, finish: times[1] }
    : { kept: deep, given: shallow, finish: times[0] };
}

/** The best cut of the blocks sorted by depth, improved by moving and swapping single blocks as long as that helps. */
function bestDivision(blocks: readonly RemainingBlock[]): Division {
  const order = blocks.toSorted((a, b) => deepestFirst(toTask(a, 'Fused'), toTask(b, 'Fused')));
  return climb(order.map((_, cut) => divide(order.slice(0, cut), order.slice(cut))).reduce(better));
}

function climb(division: Division): Division {
  const next = neighbours(division).reduce(better, division);
  return next === division ? division : climb(next);
}

const better = (a: Division, b: Division): Division => (b.finish < a.finish * (1 - 1e-12) ? b : a);

/** Divisions that differ by one moved block or, if there are few enough, by two swapped blocks. */
function neighbours({ kept, given }: Division): Division[] {
  const without = (part: readonly RemainingBlock[], block: RemainingBlock) => part.filter((other) => other !== block);
  return [
    ...kept.map((block) => divide(without(kept, block), [...given, block])),
    ...given.map((block) => divide([...kept, block], without(given, block))),
    ...(kept.length * given.length > MAX_SWAPS ? [] : kept).flatMap((a) =>
      given.map((b) => divide([...without(kept, a), b], [...without(given, b), a])),
    ),
  ];
}

/**
 * Time that one worker needs for the blocks' remaining epochs. A fused pass trains blocks of the same epoch, so blocks that are behind
 * catch up first, in passes that pay only the deepest prefix among them, and then all end together.
 */
export function finishTime(blocks: readonly RemainingBlock[], passes: Passes): number {
  const tasks = blocks.map((block) => ({ ...toTask(block, passes), epochs: block.epochsLeft }));
  let time = 0;
  // Deepest first: each task pays its prefix only for the passes without a deeper task.
  let passesPaid = 0;
  for (const task of tasks.sort(deepestFirst)) {
    time += task.own * task.epochs + task.prefix * Math.max(0, task.epochs - passesPaid);
    passesPaid = Math.max(passesPaid, task.epochs);
  }
  return time;
}
