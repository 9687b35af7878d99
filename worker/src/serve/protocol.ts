import type { Address } from '@distillation/runtime/address';
import type { FinalizerProgress, WorkerProgress } from '@distillation/api/ledger';
import type { BlockOutcome, Role } from '@distillation/api/words';
import type { BackendSignature } from '@distillation/api/plan';
import type { Holder } from '@distillation/ledger/claims';
import type { WatchdogLimits } from './watchdog.ts';

/** What the main thread and the monitoring thread tell each other. The latter loads no TensorFlow; it writes and answers whatever the main thread does. */

/** The monitoring thread's `workerData`. */
export interface Setup {
  readonly role: Role;
  /** Of a worker. */
  readonly bin?: number;
  /** The job's folder on the volume. */
  readonly folder: string;
  /** Absent: nothing is served and no GPU sampled. */
  readonly listen?: Address;
  readonly version: string;
  readonly limits: WatchdogLimits;
  /** One double: joules that the pod's GPUs took since sampling began; NaN as long as none were measured. */
  readonly gpuJoules: SharedArrayBuffer;
}

/** To the monitoring thread. Each is whole in itself: what is not known yet is absent. */
export type MonitorMessage =
  /** The main thread got on. Totals since its start. */
  | { readonly type: 'Signs'; readonly batches: number; readonly images: number }
  | { readonly type: 'Backend'; readonly backend: BackendSignature }
  /** The life of a worker whose claims are to be renewed from now on. */
  | { readonly type: 'Holder'; readonly holder: Holder }
  | { readonly type: 'Training'; readonly progress: WorkerProgress }
  /** A finished (block, epoch) is on record. */
  | { readonly type: 'Epoch' }
  /** A block needs no more training. */
  | { readonly type: 'Block'; readonly outcome: BlockOutcome; readonly seconds: number }
  | { readonly type: 'Finalizing'; readonly progress: Omit<FinalizerProgress, 'updatedAt'> }
  | { readonly type: 'Close' };

/** From the monitoring thread. */
export type Reply =
  { readonly type: 'Ready'; readonly port?: number } | { readonly type: 'Failed'; readonly message: string };
