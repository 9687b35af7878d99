import type { ErrorCode } from '@distillation/api/errors';
import type { PreprocessingSpec } from '@distillation/api/job';
import type { BatchRequest, MadeBatch } from '../batch.ts';
import type { DatasetData } from '../types.ts';

/** Messages between the training thread and its loader threads. */

export interface ThreadSetup {
  readonly data: DatasetData;
  readonly preprocessing: PreprocessingSpec;
}

export interface ThreadRequest {
  readonly id: number;
  readonly request: BatchRequest;
}

export type ThreadReply =
  | { readonly id: number; readonly batch: MadeBatch }
  | {
      readonly id: number;
      readonly error: { readonly code: ErrorCode; readonly message: string; readonly subject?: string };
    };
