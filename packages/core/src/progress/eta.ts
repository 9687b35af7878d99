import { isFinished } from '@distillation/api/words';
import type { FinalizerProgress, WorkerProgress } from '@distillation/api/ledger';
import { binCost, type Passes, toTask } from '../scheduling/pass-cost.ts';
import { finishTime, type RemainingBlock } from '../scheduling/work-stealing.ts';
import {
  controlWork,
  epochWork,
  type FinalizerWork,
  finalizerWork,
  stepsPart,
  totalWork,
  workDone,
} from './finalizer-work.ts';
import { passPart, type ProgressView } from './percent.ts';

/**
 * Estimates the time left of a job: the remaining work, in the unit of the plan's costs, divided by a measured speed, for the workers and
 * then for the finalizer. Without a known speed there is no estimate. Assumes that the finalizer runs on a device like a worker's and
 * starts at once.
 */

/** A hundred years: an estimate this long means that the speed is meaningless. */
const LONGEST = 100 * 365 * 86_400;

/** Seconds until the job has succeeded, at least 1 until it has. */
export function secondsLeft(view: ProgressView): number | undefined {
  const training = secondsToTrain(view);
  const finalizing = secondsToFinalize(view);
  const left = (training ?? NaN) + (finalizing ?? NaN);
  return left < LONGEST ? Math.max(1, left) : undefined;
}

/** Seconds until the last block is trained; undefined while no speed is known. */
export function secondsToTrain(view: ProgressView): number | undefined {
  const times = secondsOfBins(view);
  return times && Math.max(0, ...times.values());
}

/**
 * Seconds until each bin has finished its own blocks; undefined while no speed is known, empty when all blocks are trained. A worker's
 * speed is that of its current pass relative to the pass's planned cost; its remaining blocks are those it holds and those planned for it
 * that nobody else holds. Future work stealing shortens the actual time.
 */
export function secondsOfBins(view: ProgressView): ReadonlyMap<number, number> | undefined {
  const { plan, schedule, workers } = view;
  if (plan === undefined || schedule === undefined) return undefined;
  const remaining = new Map<string, RemainingBlock>();
  for (const { name, cost } of plan.blocks) {
    const block = view.blocks.find((standing) => standing.name === name);
    if (block !== undefined && isFinished(block.state)) continue;
    remaining.set(name, { name, cost, epochsLeft: Math.max(0, plan.epochs - (block?.epoch ?? 0)) });
  }
  if (remaining.size === 0) return new Map();

  const speeds = workerSpeeds(view);
  const usual = meanOf([...speeds.values()]) ?? pastSpeed(view);
  if (usual === undefined) return undefined;
  const holders = new Map(workers.flatMap(({ bin, blocks }) => blocks.map((name) => [name, bin] as const)));
  const times = schedule.bins.map(({ index }) => {
    const queue = schedule.bins
      .flatMap((bin) => bin.blocks.map((name) => ({ name, bin: holders.get(name) ?? bin.index })))
      .flatMap(({ name, bin }) => (bin === index ? (remaining.get(name) ?? []) : []));
    const worker = workers.find(({ bin }) => bin === index);
    const spent = worker === undefined ? 0 : spentOnPass(worker, remaining, { ...schedule, epochs: plan.epochs });
    const cost = finishTime(queue, schedule.passes) - spent;
    return [index, Math.max(0, cost) / (speeds.get(index) ?? usual)] as const;
  });
  return new Map(times);
}

/** Speed, in cost per second, of each worker that has reported one, by bin. */
function workerSpeeds({ plan, schedule, workers }: ProgressView): Map<number, number> {
  const speeds = new Map<number, number>();
  if (plan === undefined || schedule === undefined || plan.samples.train <= 0) return speeds;
  const costs = new Map(plan.blocks.map((block) => [block.name, block]));
  for (const { bin, blocks, imagesPerSecond } of workers) {
    const held = blocks.flatMap((name) => costs.get(name) ?? []).map((block) => toTask(block, schedule.passes));
    const speed = (binCost(held) * imagesPerSecond) / plan.samples.train;
    if (speed > 0) speeds.set(bin, speed);
  }
  return speeds;
}

/** Cost that the worker has already spent on its current pass; none once the pass is recorded. */
function spentOnPass(
  worker: WorkerProgress,
  remaining: ReadonlyMap<string, RemainingBlock>,
  { epochs, passes }: { readonly epochs: number; readonly passes: Passes },
): number {
  const held = worker.blocks
    .flatMap((name) => remaining.get(name) ?? [])
    .filter(({ epochsLeft }) => epochs - epochsLeft === worker.epoch - 1);
  return binCost(held.map((block) => toTask(block, passes))) * passPart(worker);
}

/**
 * Cost per second of one worker, averaged over all recorded epochs. Before the first record it is 1 if costs are in seconds. The prefix of
 * a stolen block counts in the bin that it was planned for.
 */
function pastSpeed({ plan, schedule, blocks, seconds }: ProgressView): number | undefined {
  if (plan === undefined || schedule === undefined) return undefined;
  // The cost of the recorded epochs is what a bin with that many epochs left would cost.
  const trained = new Map(
    blocks.flatMap(({ name, state, epoch }) => {
      const block = plan.blocks.find((planned) => planned.name === name);
      return block === undefined || state === 'Failed' ? [] : [[name, { ...block, epochsLeft: epoch }] as const];
    }),
  );
  const costs = schedule.bins.map((bin) =>
    finishTime(
      bin.blocks.flatMap((name) => trained.get(name) ?? []),
      schedule.passes,
    ),
  );
  const cost = costs.reduce((sum, each) => sum + each, 0);
  if (seconds !== undefined && seconds.useful > 0 && cost > 0) return cost / seconds.useful;
  return plan.costUnit === 'Second' ? 1 : undefined;
}

/** Seconds until the finalizer is done; for all of its work while it has reported no progress. */
export function secondsToFinalize(view: ProgressView): number | undefined {
  const { plan, spec, finalizer } = view;
  if (plan === undefined) return undefined;
  const work = finalizerWork(plan, spec);
  const left = totalWork(work) - workDone(work, finalizer);
  if (left <= 0) return 0;
  // The average over all workers and epochs, so that it does not change when workers leave.
  const trained = pastSpeed(view) ?? meanOf([...workerSpeeds(view).values()]);
  const speed =
    finalizer === undefined
      ? trained
      : (tuningSpeed(work, finalizer, trained) ?? trained ?? stageSpeed(work, finalizer));
  return speed === undefined ? undefined : left / speed;
}

/**
 * The finalizer's own speed in its fine-tuning epochs, which are most of its work. In the first epoch the remaining part is assumed to run
 * at the workers' speed, since the first steps include set-up and would make the estimate too long.
 */
function tuningSpeed(
  work: FinalizerWork,
  finalizer: FinalizerProgress,
  trained: number | undefined,
): number | undefined {
  const { stage, epoch = 1, seconds = 0, epochSeconds } = finalizer;
  const control = stage === 'Control';
  const cost = control ? controlWork(work) : epochWork(work);
  if (cost <= 0) return undefined;
  if (stage !== 'FineTune' && !control) return speedOf(cost, epochSeconds);
  const part = ((control ? work.controlTraining : work.training) * stepsPart(finalizer)) / cost;
  if (epochSeconds !== undefined && epoch > 1) {
    return speedOf((epoch - 1 + part) * cost, (epoch - 1) * epochSeconds + seconds);
  }
  return trained === undefined ? speedOf(part * cost, seconds) : speedOf(cost, seconds + ((1 - part) * cost) / trained);
}

/** The speed in the current stage alone. */
function stageSpeed(work: FinalizerWork, finalizer: FinalizerProgress): number | undefined {
  const { stage, seconds } = finalizer;
  const cost = stage === 'Measure' ? work.measure : stage === 'Evaluate' ? work.evaluate : 0;
  return speedOf(cost * stepsPart(finalizer), seconds);
}

const speedOf = (cost: number, seconds: number | undefined): number | undefined =>
  seconds !== undefined && seconds > 0 && cost > 0 ? cost / seconds : undefined;

const meanOf = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
