import { isFinished } from '@distillation/api/words';
import type { FinalizerProgress, WorkerProgress } from '@distillation/api/ledger';
import type { PlanSummary } from '@distillation/api/termination';
import type { BinSchedule } from '@distillation/api/plan';
import type { WorkerSeconds } from '@distillation/api/progress';
import { type FinalizerPlan, type FinalizerSpec, finalizerWork, totalWork, workDone } from './finalizer-work.ts';
import type { BlockStatus } from '../job/state.ts';

/** What the progress and the ETA of a job are computed from. */
export interface ProgressView {
  readonly spec: FinalizerSpec;
  readonly plan?: FinalizerPlan & Pick<PlanSummary, 'epochs' | 'costUnit'>;
  readonly schedule?: Pick<BinSchedule, 'passes' | 'bins' | 'makespan'>;
  readonly blocks: readonly BlockStatus[];
  /** Last reports of the running workers. */
  readonly workers: readonly WorkerProgress[];
  /** Worker time spent on training so far, if known. */
  readonly seconds?: WorkerSeconds;
  /** Last report of the running finalizer. */
  readonly finalizer?: FinalizerProgress;
  /** Whether the job has its result. */
  readonly finished: boolean;
}

/** Percentage for a finished plan, small because planning takes only seconds. */
const PLANNED = 2;

/**
 * Progress in whole percent, 0 to 100; 100 only when the result exists. Training and finalizer share the scale in proportion to their
 * expected times: the planned makespan and the finalizer's estimated work. Both depend only on plan, schedule and spec, so the scale does
 * not change while the job runs.
 */
export function percentDone(view: ProgressView): number {
  const { plan, schedule, spec, finalizer, finished } = view;
  if (finished) return 100;
  if (plan === undefined) return 0;
  if (schedule === undefined) return PLANNED;
  const work = finalizerWork(plan, spec);
  const trained = trainedFraction(view);
  const total = schedule.makespan + totalWork(work);
  const done = schedule.makespan * trained + (trained < 1 ? 0 : workDone(work, finalizer));
  return Math.min(99, Math.floor(PLANNED + (100 - PLANNED) * (total > 0 ? done / total : trained)));
}

/**
 * Fraction of the training that is done, 0 to 1: epochs weighted by cost, unfinished ones by their steps. A block that failed or stopped
 * early counts in full, since it needs no more training.
 */
export function trainedFraction({ plan, schedule, blocks, workers }: ProgressView): number {
  if (plan === undefined || plan.blocks.length === 0) return 0;
  const byName = new Map(blocks.map((block) => [block.name, block]));
  // The blocks of a fused pass advance together; an equal share of the prefix for each is a good approximation.
  const sharers = schedule?.passes === 'Fused' ? plan.blocks.length : 1;
  let done = 0;
  let total = 0;
  let left = 0;
  for (const { name, cost } of plan.blocks) {
    const weight = cost.own + cost.prefix / sharers;
    const block = byName.get(name);
    total += weight;
    const finished = block !== undefined && isFinished(block.state);
    if (!finished) left += 1;
    if (block === undefined) continue;
    done += weight * (finished ? 1 : Math.min(1, (block.epoch + underWay(block, workers)) / plan.epochs));
  }
  if (left === 0) return 1;
  return total > 0 ? done / total : 0;
}

/** Fraction of the block's current epoch that is done, by the worker's report. */
function underWay(block: BlockStatus, workers: readonly WorkerProgress[]): number {
  const worker = workers.find(({ blocks, epoch }) => blocks.includes(block.name) && epoch === block.epoch + 1);
  return worker === undefined ? 0 : passPart(worker);
}

/** Fraction of its pass that a worker has done, below 1: an epoch is finished only when it is recorded. */
export const passPart = ({ step, steps }: WorkerProgress): number => (steps === 0 ? 0 : Math.min(0.99, step / steps));
