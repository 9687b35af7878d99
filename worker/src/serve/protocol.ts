import type { Address } from '@distillation/runtime/address';
import type { FinalizerProgress, WorkerProgress } from '@distillation/api/ledger';
import type { BlockOutcome, Role } from '@distillation/api/words';
import type { BackendSignature } from '@distillation/api/plan';
import type { Holder } from '@distillation/ledger/claims';
import type { WatchdogLimits } from './watchdog.ts';

/** Messages between the main thread and the monitoring thread, which loads no TensorFlow and so can write and answer at any time. */

/** The monitoring thread's `workerData`. */
export interface Setup {
  readonly role: Role;
  /** Only of a worker. */
  readonly bin?: number;
  /** The job's folder on the volume. */
  readonly folder: string;
  /** When absent, nothing is served and no GPU is sampled. */
  readonly listen?: Address;
  readonly version: string;
  readonly limits: WatchdogLimits;
  /** One double: joules used by the pod's GPUs since sampling began; NaN as long as none were measured. */
  readonly gpuJoules: SharedArrayBuffer;
}

/** Messages to the monitoring thread. Each is complete in itself: what is not known yet is absent. */
export type MonitorMessage =
  /** Heartbeat of the main thread, with totals since its start. */
  | { readonly type: 'Heartbeat'; readonly batches: number; readonly images: number }
  | { readonly type: 'Backend'; readonly backend: BackendSignature }
  /** What of teacher and data the planner waits for, as sentences; absent when all is there. */
  | { readonly type: 'Awaits'; readonly what?: string }
  /** The life of the worker whose claims are renewed from now on. */
  | { readonly type: 'Holder'; readonly holder: Holder }
  | { readonly type: 'Training'; readonly progress: WorkerProgress }
  /** A finished (block, epoch) has been recorded. */
  | { readonly type: 'Epoch' }
  /** A block needs no more training. */
  | { readonly type: 'Block'; readonly outcome: BlockOutcome; readonly seconds: number }
  | { readonly type: 'Finalizing'; readonly progress: Omit<FinalizerProgress, 'updatedAt'> }
  | { readonly type: 'Close' };

/** Messages from the monitoring thread. */
export type Reply =
  | { readonly type: 'Ready'; readonly port?: number }
  | { readonly type: 'Failed'; readonly message: string };
