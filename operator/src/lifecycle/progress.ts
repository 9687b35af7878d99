import type { FinalizerProgress, WorkerProgress } from '@distillation/api/ledger';
import type { BinSchedule } from '@distillation/api/plan';
import { binCost, type Passes, toTask } from '../scheduling/pass-cost.ts';
import { finishTime, type RemainingBlock } from '../scheduling/work-stealing.ts';
import type { BlockStanding, PlannedBlocks } from './world.ts';

/** How far a job is and how long it will take, from the ledger's view. */
export interface ProgressView {
  readonly plan?: PlannedBlocks & { readonly dataset: { readonly train: number } };
  readonly schedule?: Pick<BinSchedule, 'passes' | 'bins'>;
  readonly blocks: readonly BlockStanding[];
  /** What running workers last said. */
  readonly workers: readonly WorkerProgress[];
  /** What the finalizer last said, while it runs. */
  readonly finalizer?: FinalizerProgress;
  /** Whether the result is there. */
  readonly finished: boolean;
}

/** Parts of the whole: planning takes seconds, the finalizer measures, fine-tunes and evaluates. */
const PLANNED = 2;
const TRAINED = 80;
/** Of the finalizer's part, before each of its stages. Fine-tuning is most of it. */
const FINALIZED = { Measure: 0, FineTune: 0.15, Evaluate: 0.9, Export: 0.95 } as const;

/** Whole percent, 0 to 100; 100 only when the result is there. */
export function percentDone(view: ProgressView): number {
  if (view.finished) return 100;
  if (view.plan === undefined) return 0;
  const trained = trainedFraction(view);
  const training = PLANNED + (TRAINED - PLANNED) * trained;
  const finalizing = trained < 1 ? 0 : (100 - TRAINED) * finalizedFraction(view.finalizer);
  return Math.min(99, Math.floor(training + finalizing));
}

/**
 * Part of the training that is done, 0 to 1: epochs weighted by their cost, those under way by their steps. A block that failed or
 * stopped early needs no more, so it counts in full.
 */
export function trainedFraction({ plan, schedule, blocks, workers }: ProgressView): number {
  if (plan === undefined || plan.blocks.length === 0) return 0;
  const standings = new Map(blocks.map((block) => [block.name, block]));
  // Fused, the blocks of a pass advance together: an equal part of a prefix each is near enough.
  const sharers = schedule?.passes === 'Fused' ? plan.blocks.length : 1;
  let done = 0;
  let total = 0;
  for (const { name, cost } of plan.blocks) {
    const weight = cost.own + cost.prefix / sharers;
    const block = standings.get(name);
    total += weight;
    if (block === undefined) continue;
    const finished = block.state === 'Done' || block.state === 'Failed';
    done += weight * (finished ? 1 : Math.min(1, (block.epoch + underWay(block, workers)) / plan.epochs));
  }
  return total > 0 ? done / total : 0;
}

/**
 * Seconds until the last block is trained, or undefined as long as no worker has told its speed. Each worker's speed is that of its
 * pass under way against the pass's planned cost; its remaining blocks are those it holds and those planned for it that nobody else
 * holds. Work that will yet be stolen makes the true time shorter.
 */
export function secondsToTrain(view: ProgressView): number | undefined {
  const { plan, schedule, workers } = view;
  if (plan === undefined || schedule === undefined) return undefined;
  const costs = new Map(plan.blocks.map((block) => [block.name, block.cost]));
  const remaining = new Map<string, RemainingBlock>();
  for (const { name, cost } of plan.blocks) {
    const block = view.blocks.find((standing) => standing.name === name);
    if (block?.state === 'Done' || block?.state === 'Failed') continue;
    remaining.set(name, { name, cost, epochsLeft: plan.epochs - (block?.epoch ?? 0) });
  }
  if (remaining.size === 0) return 0;

  const speeds = new Map<number, number>();
  for (const { bin, blocks, imagesPerSecond } of workers) {
    const held = blocks.flatMap((name) => {
      const cost = costs.get(name);
      return cost === undefined ? [] : [toTask({ name, cost }, schedule.passes)];
    });
    if (imagesPerSecond > 0 && held.length > 0) speeds.set(bin, (binCost(held) * imagesPerSecond) / plan.dataset.train);
  }
  if (speeds.size === 0) return undefined;
  const usual = [...speeds.values()].reduce((sum, speed) => sum + speed, 0) / speeds.size;

  const holders = new Map(workers.flatMap(({ bin, blocks }) => blocks.map((name) => [name, bin] as const)));
  const times = schedule.bins.map(({ index }) => {
    const queue = schedule.bins
      .flatMap((bin) => bin.blocks.map((name) => ({ name, bin: holders.get(name) ?? bin.index })))
      .flatMap(({ name, bin }) => (bin === index ? (remaining.get(name) ?? []) : []));
    const worker = workers.find(({ bin }) => bin === index);
    const cost = finishTime(queue, schedule.passes) - passUnderWay(worker, remaining, schedule.passes);
    return Math.max(0, cost) / (speeds.get(index) ?? usual);
  });
  return Math.max(...times);
}

/** Cost that the worker has already put into its unfinished pass. */
function passUnderWay(
  worker: WorkerProgress | undefined,
  remaining: ReadonlyMap<string, RemainingBlock>,
  passes: Passes,
): number {
  if (worker === undefined || worker.steps === 0) return 0;
  const held = worker.blocks.flatMap((name) => remaining.get(name) ?? []);
  return (binCost(held.map((block) => toTask(block, passes))) * worker.step) / worker.steps;
}

/** Part of the block's next epoch that a worker has done, by what it says. */
function underWay(block: BlockStanding, workers: readonly WorkerProgress[]): number {
  const worker = workers.find(({ blocks, epoch }) => blocks.includes(block.name) && epoch === block.epoch + 1);
  // A last step that is not on record yet is not an epoch.
  return worker === undefined || worker.steps === 0 ? 0 : Math.min(0.99, worker.step / worker.steps);
}

function finalizedFraction(finalizer: FinalizerProgress | undefined): number {
  if (finalizer === undefined) return 0;
  const { stage, epoch = 1, epochs } = finalizer;
  const before = FINALIZED[stage];
  if (stage !== 'FineTune' || epochs === 0) return before;
  return before + ((FINALIZED.Evaluate - before) * (epoch - 1)) / epochs;
}
