import type { ErrorCode, ErrorReason } from '@distillation/api/errors';
import type { BlockOutcome, ResultOutcome } from '@distillation/api/words';
import type { SchedulingSpec } from '@distillation/api/job';
import type { BinSchedule } from '@distillation/api/plan';
import type { CostedBlock } from '../scheduling/pass-cost.ts';

/**
 * All that decisions on a job are made from: what is on the volume and which processes run (children of local mode, pods on a
 * cluster). It is read anew each time; nothing is remembered between two decisions.
 */
export interface JobState {
  readonly suspend: boolean;
  /** Ended runs of a process that are followed by another one; the next is the last straw. */
  readonly backoffLimit: number;
  readonly scheduling: Pick<SchedulingSpec, 'policy' | 'bins' | 'passes'>;
  readonly planner: ProcessState;
  /** Present once the planner has made one that fits the job. */
  readonly plan?: PlannedBlocks;
  /** As it was written, perhaps for another plan or spec. */
  readonly schedule?: BinSchedule;
  /** Of the plan's blocks, as the ledger tells; one that is missing is pending. */
  readonly blocks: readonly BlockStatus[];
  /** By bin; one that is missing was never started. */
  readonly workers: ReadonlyMap<number, ProcessState>;
  readonly finalizer: ProcessState;
  /** Present once the finalizer wrote its result, the last thing it does. */
  readonly result?: { readonly outcome: ResultOutcome };
}

/** Of a plan (or its summary), what decisions depend on. */
export interface PlannedBlocks {
  readonly epochs: number;
  /** In the order of the network. */
  readonly blocks: readonly CostedBlock[];
  /** Sentences on patterns of the job that have no effect. */
  readonly unmatched?: readonly string[];
}

export interface BlockStatus {
  readonly name: string;
  readonly state: 'Pending' | 'Training' | 'Done' | 'Failed';
  /** Finished epochs of the attempt under way. */
  readonly epoch: number;
  readonly outcome?: BlockOutcome;
  /** With `Failed`: code of the error catalogue, where it is known. */
  readonly failure?: string;
}

/** A process of the job. */
export interface ProcessState {
  /** `Idle`: never started, or ended by us or by a preemption. */
  readonly state: 'Idle' | 'Running' | 'Exited';
  /** Runs that ended by themselves, however they ended; preemptions do not count. */
  readonly ended: number;
  /** Of the last run, when `Exited`. */
  readonly exitCode?: number;
  /** What the process said when it ended. */
  readonly termination?: { readonly code?: string; readonly message?: string; readonly fix?: string };
}

export const NEVER_STARTED: ProcessState = { state: 'Idle', ended: 0 };

/** What to do next; each is safe to do again when it was done already. */
export type Action =
  | { readonly type: 'StartPlanner' }
  | { readonly type: 'StartWorker'; readonly bin: number }
  | { readonly type: 'StartFinalizer' }
  /** End every process that runs. What is on the volume stays. */
  | { readonly type: 'StopAll' };

/** Of the error catalogue, or one that no process names: a code of a newer catalogue, a deadline of the job. */
export type FailureReason = ErrorReason | 'InputRejected' | 'DeadlineExceeded' | 'PendingDeadlineExceeded';

/** Why a job failed, for a condition. */
export interface FailureCause {
  /** `planner`, `bin 3`, `finalizer`; `job` for what no single process is to blame for. */
  readonly process: string;
  readonly exitCode: number | undefined;
  /** Of the error catalogue, where the process named one. */
  readonly code?: ErrorCode;
  readonly reason: FailureReason;
  /** What happened, as sentences. */
  readonly message: string;
  /** What to do about it. */
  readonly fix?: string;
}
