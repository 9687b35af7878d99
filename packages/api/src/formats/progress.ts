import type { BlockOutcome, FinalizerProgress, WorkerProgress } from './ledger.ts';

/**
 * What a running worker or finalizer answers to `GET /progress`: the whole ledger as that pod sees it. The operator asks one pod of
 * a job; which one does not matter.
 */
export interface LiveProgress {
  readonly version: 1;
  /** `planKey` of the plan on the volume; an answer about another plan is ignored. */
  readonly planKey: string;
  /** In the order of the plan. */
  readonly blocks: readonly BlockDigest[];
  /** What each worker last said, by bin. */
  readonly workers: readonly WorkerProgress[];
  /** What the finalizer last said, while it runs. */
  readonly finalizer?: FinalizerProgress;
  readonly seconds: WorkerSeconds;
  /** Milliseconds since the epoch of UNIX time, by the answering pod's clock. */
  readonly at: number;
}

/** A block in a line: enough for a status, too little to resume from. */
export interface BlockDigest {
  readonly name: string;
  readonly state: 'Pending' | 'Training' | 'Done' | 'Failed';
  /** Finished epochs of the attempt under way. */
  readonly epoch: number;
  readonly outcome?: BlockOutcome;
  /** Bin that finished the last epoch. */
  readonly bin?: number;
  /** Training loss of the last finished epoch. */
  readonly loss?: number;
  /** Seconds of worker time that the finished epochs took, prefix share included. */
  readonly seconds?: number;
  /** With `Failed`: code of the error catalogue. */
  readonly failure?: string;
}

/** Seconds of worker time (times GPUs a worker: GPU-seconds) by what became of them, as far as the ledger tells. */
export interface WorkerSeconds {
  /** Epochs that are part of the result. */
  readonly useful: number;
  /** Epochs that were computed more than once, or of attempts given up. */
  readonly redone: number;
}
