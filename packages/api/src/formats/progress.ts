import { BLOCK_OUTCOMES, BLOCK_STATES } from '../words.ts';
import { finalizerProgress, ON_WIRE, workerProgress } from './ledger.ts';
import { among, amount, count, listOf, number, object, type Of, optional, text, word } from './shape.ts';

const name = text(ON_WIRE.name);

/** Summary of a block: enough for a status, too little to resume from. */
export type BlockDigest = Of<typeof blockDigest>;
export const blockDigest = object({
  name,
  state: among(...BLOCK_STATES),
  /** Finished epochs of the current attempt. */
  epoch: count,
  outcome: optional(among(...BLOCK_OUTCOMES)),
  /** Bin that finished the last epoch. */
  bin: optional(count),
  /** Training loss of the last finished epoch. */
  loss: optional(number),
  /** Seconds of worker time for the finished epochs, share of the prefix included. */
  seconds: optional(amount),
  /** With `Failed`: code of the error catalogue. */
  failure: optional(name),
});

/** Seconds of worker time by what became of them, according to the ledger; times GPUs per worker they are GPU-seconds. */
export type WorkerSeconds = Of<typeof workerSeconds>;
export const workerSeconds = object({
  /** Epochs that are part of the result. */
  useful: amount,
  /** Epochs that were computed more than once, or that belong to failed attempts. */
  redone: amount,
});

/** The answer of a running planner to `GET /progress`: it has no ledger to tell of. */
export type PlannerProgress = Of<typeof isPlannerProgress>;
export const isPlannerProgress = object({
  version: among(1),
  role: among('planner'),
  /** What of teacher and data it waits for, as sentences; absent when all is there. */
  awaits: optional(word),
  /** Milliseconds since the UNIX epoch, by the answering pod's clock. */
  at: amount,
});

/** What a running pod may answer. */
export type PodProgress = LiveProgress | PlannerProgress;

/**
 * The answer of a running worker or finalizer to `GET /progress`: the whole ledger as that pod sees it. The operator asks any one
 * pod of a job.
 */
export type LiveProgress = Of<typeof isLiveProgress>;
export const isLiveProgress = object({
  version: among(1),
  /** `planKey` of the plan on the volume; an answer about another plan is ignored. */
  planKey: name,
  /** In the order of the plan. */
  blocks: listOf(blockDigest, ON_WIRE.list),
  /** Last progress of each worker, by bin. */
  workers: listOf(workerProgress(ON_WIRE), ON_WIRE.list),
  /** Last progress of the finalizer, while it runs. */
  finalizer: optional(finalizerProgress),
  seconds: workerSeconds,
  /** Milliseconds since the UNIX epoch, by the answering pod's clock. */
  at: amount,
});
