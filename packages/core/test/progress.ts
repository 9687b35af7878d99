import type { FinalizerProgress, WorkerProgress } from '@distillation/api/ledger';
import type { BinSchedule } from '@distillation/api/plan';
import { workerProgress } from '../../api/test/testing.ts';
import { binCost, makespanOf, type Passes, toTask } from '../src/scheduling/pass-cost.ts';
import { epochWork, type FinalizerSpec, finalizerWork, totalWork } from '../src/progress/finalizer-work.ts';
import type { ProgressView } from '../src/progress/percent.ts';
import { planOf, scheduleOf } from './job.ts';
import type { BlockStatus } from '../src/job/state.ts';

/** Shared by the tests of progress and ETA: hand-made views, and the views of a simulated job that runs at constant speed. */

export const NAMES = ['a', 'b', 'c', 'd'];
export const SCHEDULING = { policy: 'WorkStealing', bins: 2, passes: 'Independent' } as const;
export const EPOCHS = 4;
/** Nothing to measure or fine-tune: the job ends with its training. */
export const TRAINING_ONLY: FinalizerSpec = {
  dataset: { labels: 'None' },
  selection: { split: 'Validation' },
  fineTuning: { epochs: 0 },
};
export const LABELLED: FinalizerSpec = {
  dataset: { labels: 'Used' },
  selection: { split: 'Validation' },
  fineTuning: { epochs: 3 },
};

/** Four blocks of cost 10 + 10 and 100 samples; a and c in bin 0, b and d in bin 1. */
export const viewOf = (changes: Partial<ProgressView> = {}): ProgressView => ({
  spec: TRAINING_ONLY,
  plan: planOf(NAMES, EPOCHS),
  schedule: { ...scheduleOf(NAMES, SCHEDULING), makespan: 2 * 20 * EPOCHS },
  blocks: [],
  workers: [],
  finished: false,
  ...changes,
});

export const standing = (name: string, epoch: number, state: BlockStatus['state'] = 'Training'): BlockStatus => ({
  name,
  epoch,
  state,
});

export const worker = (bin: number, blocks: readonly string[], changes: Partial<WorkerProgress> = {}): WorkerProgress =>
  workerProgress({ bin, blocks, imagesPerSecond: 50, ...changes });

export interface Life {
  readonly plan: NonNullable<ProgressView['plan']>;
  readonly bins: readonly (readonly string[])[];
  readonly passes: Passes;
  readonly spec: FinalizerSpec;
  /** Cost per second of each worker; `tuningSpeed` is the finalizer's. */
  readonly speed: number;
  readonly tuningSpeed: number;
}

/** Steps per pass, enough to be practically continuous. */
const STEPS = 10_000;

/** A job whose workers and finalizer run at constant speed, start at once and take no time between passes. */
export function lifeOf({ plan, bins, passes, spec, speed, tuningSpeed }: Life) {
  const costs = new Map(plan.blocks.map((block) => [block.name, toTask(block, passes)]));
  const costOf = (blocks: readonly string[]): number => binCost(blocks.flatMap((name) => costs.get(name) ?? []));
  /** Passes of a bin in order: all blocks together, or one after the other. */
  const passesOf = (blocks: readonly string[]) =>
    (passes === 'Fused' ? [blocks] : blocks.map((name) => [name])).flatMap((together) =>
      Array.from({ length: plan.epochs }, (_, i) => ({ blocks: together, epoch: i + 1, cost: costOf(together) })),
    );
  const tasks = bins.map((blocks) => blocks.flatMap((name) => costs.get(name) ?? []));
  const makespan = makespanOf(tasks) * plan.epochs;
  const schedule: Pick<BinSchedule, 'passes' | 'bins' | 'makespan'> = {
    passes,
    bins: bins.map((blocks, index) => ({ index, blocks, cost: plan.epochs * costOf(blocks) })),
    makespan,
  };
  const work = finalizerWork(plan, spec);
  const trained = makespan / speed;
  const end = trained + totalWork(work) / tuningSpeed;

  const training = (at: number): Pick<ProgressView, 'blocks' | 'workers' | 'seconds'> => {
    const epochs = new Map(plan.blocks.map(({ name }) => [name, 0]));
    const workers: WorkerProgress[] = [];
    let useful = 0;
    bins.forEach((blocks, bin) => {
      let left = at * speed;
      for (const pass of passesOf(blocks)) {
        if (left < pass.cost * (1 - 1e-12)) {
          const step = Math.floor((STEPS * left) / pass.cost);
          const imagesPerSecond = (speed * plan.samples.train) / pass.cost;
          workers.push(worker(bin, pass.blocks, { epoch: pass.epoch, step, steps: STEPS, imagesPerSecond }));
          break;
        }
        left -= pass.cost;
        useful += pass.cost / speed;
        for (const name of pass.blocks) epochs.set(name, pass.epoch);
      }
    });
    const blocks = [...epochs].map(([name, epoch]) =>
      standing(name, epoch, epoch === plan.epochs ? 'Done' : 'Training'),
    );
    return { blocks, workers, ...(useful > 0 && { seconds: { useful, redone: 0 } }) };
  };

  const finalizing = (after: number): FinalizerProgress => {
    let left = after * tuningSpeed;
    const counted = (cost: number) => {
      const step = Math.floor(STEPS * Math.min(1, left / cost));
      return { step, steps: STEPS, seconds: (step * cost) / STEPS / tuningSpeed };
    };
    const common = { epochs: work.epochs, updatedAt: 0 };
    if (left < work.measure) return { stage: 'Measure', ...common, ...counted(work.measure) };
    left -= work.measure;
    const pace = { epochSeconds: epochWork(work) / tuningSpeed };
    for (let epoch = 1; epoch <= work.epochs; epoch++) {
      if (left < epochWork(work)) {
        return { stage: 'FineTune', ...common, epoch, ...(epoch > 1 && pace), ...counted(work.training) };
      }
      left -= epochWork(work);
    }
    if (left < work.evaluate) {
      return { stage: 'Evaluate', ...common, ...(work.epochs > 0 && pace), ...counted(work.evaluate) };
    }
    return { stage: 'Export', ...common };
  };

  return {
    work,
    /** Seconds from the job's start until the last block is trained. */
    trained,
    end,
    /** The view at a time, in seconds from the start. */
    at: (seconds: number): ProgressView => ({
      spec,
      plan,
      schedule,
      ...training(seconds),
      ...(seconds > trained && { finalizer: finalizing(seconds - trained) }),
      finished: seconds >= end,
    }),
  };
}
