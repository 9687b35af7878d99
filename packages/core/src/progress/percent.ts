import { isFinished } from '@distillation/api/words';
import type { FinalizerProgress, WorkerProgress } from '@distillation/api/ledger';
import type { PlanSummary } from '@distillation/api/termination';
import type { BinSchedule } from '@distillation/api/plan';
import type { WorkerSeconds } from '@distillation/api/progress';
import { type FinalizerPlan, type FinalizerSpec, finalizerWork, totalWork, workDone } from './finalizer-work.ts';
import type { BlockStatus } from '../job/state.ts';

/** What progress and ETA of a job are told from. */
export interface ProgressView {
  readonly spec: FinalizerSpec;
  readonly plan?: FinalizerPlan & Pick<PlanSummary, 'epochs' | 'costUnit'>;
  readonly schedule?: Pick<BinSchedule, 'passes' | 'bins' | 'makespan'>;
  readonly blocks: readonly BlockStatus[];
  /** What running workers last said. */
  readonly workers: readonly WorkerProgress[];
  /** Worker time that training took so far, where that is known. */
  readonly seconds?: WorkerSeconds;
  /** What the finalizer last said, while it runs. */
  readonly finalizer?: FinalizerProgress;
  /** Whether the result is there. */
  readonly finished: boolean;
}

/** Planning takes seconds. */
const PLANNED = 2;

/**
 * Whole percent, 0 to 100; 100 only when the result is there. Training and finalizer share it as they are expected to share the
 * time: the longest bin's planned cost against the finalizer's estimated work. Both follow from plan, schedule and spec alone, so
 * the scale stays while the job runs.
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
  let left = 0;
  for (const { name, cost } of plan.blocks) {
    const weight = cost.own + cost.prefix / sharers;
    const block = standings.get(name);
    total += weight;
    const finished = block !== undefined && isFinished(block.state);
    if (!finished) left += 1;
    if (block === undefined) continue;
    done += weight * (finished ? 1 : Math.min(1, (block.epoch + underWay(block, workers)) / plan.epochs));
  }
  if (left === 0) return 1;
  return total > 0 ? done / total : 0;
}

/** Part of the block's next epoch that a worker has done, by what it says. */
function underWay(block: BlockStatus, workers: readonly WorkerProgress[]): number {
  const worker = workers.find(({ blocks, epoch }) => blocks.includes(block.name) && epoch === block.epoch + 1);
  return worker === undefined ? 0 : passPart(worker);
}

/** Part of its pass that a worker has done. A last step that is not on record yet is not an epoch. */
export const passPart = ({ step, steps }: WorkerProgress): number => (steps === 0 ? 0 : Math.min(0.99, step / steps));
