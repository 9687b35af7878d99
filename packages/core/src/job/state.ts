import type { ErrorCode, ErrorReason } from '@distillation/api/errors';
import type { BlockOutcome, ResultOutcome } from '@distillation/api/words';
import type { SchedulingSpec } from '@distillation/api/job';
import type { BinSchedule } from '@distillation/api/plan';
import type { CostedBlock } from '../scheduling/pass-cost.ts';

/**
 * The observed state of a job, the only input of decisions: what is on the volume and which processes run (child processes in local mode,
 * pods on a cluster). It is observed anew each time; nothing is remembered between two decisions.
 */
export interface JobState {
  readonly suspend: boolean;
  /** Number of retries of a process. When a further run ends before its work is done, the job fails. */
  readonly backoffLimit: number;
  readonly scheduling: Pick<SchedulingSpec, 'policy' | 'bins' | 'passes'>;
  readonly planner: ProcessState;
  /** Present once the planner has written a plan that matches the job. */
  readonly plan?: PlannedBlocks;
  /** As recorded, possibly for another plan or spec. */
  readonly schedule?: BinSchedule;
  /** State of the plan's blocks by the ledger; a block that is missing here is pending. */
  readonly blocks: readonly BlockStatus[];
  /** By bin; a worker that is missing here was never started. */
  readonly workers: ReadonlyMap<number, ProcessState>;
  readonly finalizer: ProcessState;
  /** Present once the finalizer has written its result, which is its last step. */
  readonly result?: { readonly outcome: ResultOutcome };
}

/** The part of a plan (or its summary) that decisions depend on. */
export interface PlannedBlocks {
  readonly epochs: number;
  /** In the order of the network's layers. */
  readonly blocks: readonly CostedBlock[];
  /** One sentence for each pattern of the job that matches nothing. */
  readonly unmatched?: readonly string[];
}

export interface BlockStatus {
  readonly name: string;
  readonly state: 'Pending' | 'Training' | 'Done' | 'Failed';
  /** Number of finished epochs of the current attempt. */
  readonly epoch: number;
  readonly outcome?: BlockOutcome;
  /** With `Failed`: code of the error catalogue, if known. */
  readonly failure?: string;
}

/** A planner, worker or finalizer. */
export interface ProcessState {
  /** `Idle`: never started, or stopped by us or by a preemption. */
  readonly state: 'Idle' | 'Running' | 'Exited';
  /** Number of runs that exited by themselves, successfully or not; preemptions do not count. */
  readonly ended: number;
  /** Exit code of the last run, when `Exited`. */
  readonly exitCode?: number;
  /** The error that the process reported when it ended. */
  readonly termination?: { readonly code?: string; readonly message?: string; readonly fix?: string };
}

export const NEVER_STARTED: ProcessState = { state: 'Idle', ended: 0 };

/** What to do next. Every action is idempotent. */
export type Action =
  | { readonly type: 'StartPlanner' }
  | { readonly type: 'StartWorker'; readonly bin: number }
  | { readonly type: 'StartFinalizer' }
  /** Stop every running process. The volume is left as it is. */
  | { readonly type: 'StopAll' };

/** A reason of the error catalogue, or one for an unknown code of a newer catalogue or for a deadline of the job. */
export type FailureReason = ErrorReason | 'InputRejected' | 'DeadlineExceeded' | 'PendingDeadlineExceeded';

/** Why a job failed, for its conditions. */
export interface FailureCause {
  /** `planner`, `bin 3`, `finalizer`; `job` if the cause is no single process. */
  readonly process: string;
  readonly exitCode: number | undefined;
  /** Code of the error catalogue, if the process reported one. */
  readonly code?: ErrorCode;
  readonly reason: FailureReason;
  /** What happened, as sentences. */
  readonly message: string;
  /** What to do about it. */
  readonly fix?: string;
}
