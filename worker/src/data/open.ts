import type { DatasetSpec } from '@distillation/api/job';
import type { Dataset, Expected } from './types.ts';

/**
 * Opens and checks the data set of a job.
 *
 * @param volume folder that `spec.path` is relative to
 * @throws DistillError DISTILL_E_DATASET_* naming the file, sample or class at fault
 */
export function openDataset(volume: string, spec: DatasetSpec, expected: Expected = {}): Promise<Dataset> {
  return Promise.reject(new Error(`not yet: ${volume} ${spec.path} ${JSON.stringify(expected)}`));
}
