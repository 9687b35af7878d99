import type { Tensor4D } from '@tensorflow/tfjs';
import { DistillError } from '@distillation/api/errors';
import type { Tf } from '../backend/tf.ts';
import type { Loader } from '../data/loading/loader.ts';
import type { Dataset } from '../data/types.ts';

/** Enough for a loss with two significant digits, and few enough that their time is negligible beside an epoch. */
const PROBE_SAMPLES = 256;

/**
 * The images on which every block is measured after every epoch: the first of the validation split, or of the training split where
 * there is none.
 */
export async function probeImages(tf: Tf, loader: Loader, dataset: Dataset): Promise<Tensor4D> {
  const split = dataset.splits.validation.count > 0 ? 'validation' : 'train';
  for await (const { images, shape } of loader.batches({ split, batchSize: PROBE_SAMPLES })) {
    return tf.tensor4d(images, [...shape]);
  }
  throw new DistillError('DISTILL_E_DATASET_EMPTY', `The ${split} split of ${dataset.summary.sha256} has no sample.`);
}
