import type { BlockOutcome, WorkerProgress } from '@distillation/api/ledger';
import type { BackendSignature } from '@distillation/api/plan';
import type { FinalizeProgress } from '../finalize/finalize.ts';
import type { PulseLimits } from './pulse.ts';

/** What the main thread and the serving thread tell each other. The serving thread loads no TensorFlow and answers whatever the main thread does. */

export type Role = 'planner' | 'worker' | 'finalizer';

/** The serving thread's `workerData`. */
export interface Setup {
  readonly role: Role;
  /** Of a worker. */
  readonly bin?: number;
  /** The job's folder on the volume. */
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  readonly version: string;
  readonly limits: PulseLimits;
  /** One double: joules that the pod's GPUs took since sampling began; NaN as long as none were measured. */
  readonly gpuJoules: SharedArrayBuffer;
}

/** To the serving thread. Each is whole in itself: what is not known yet is absent. */
export type News =
  /** The main thread got on. Totals since its start. */
  | { readonly type: 'Signs'; readonly batches: number; readonly images: number }
  | { readonly type: 'Backend'; readonly backend: BackendSignature }
  | { readonly type: 'Training'; readonly progress: WorkerProgress }
  /** A finished (block, epoch) is on record. */
  | { readonly type: 'Epoch' }
  /** A block needs no more training. */
  | { readonly type: 'Block'; readonly outcome: BlockOutcome; readonly seconds: number }
  | { readonly type: 'Finalizing'; readonly progress: FinalizeProgress }
  | { readonly type: 'Close' };

/** From the serving thread. */
export type Reply =
  { readonly type: 'Listening'; readonly port: number } | { readonly type: 'Failed'; readonly message: string };
