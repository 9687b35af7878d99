import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { internalError } from '@distillation/api/errors';
import type { SampleShape } from './costs.ts';

/** Blocks see whatever a layer reads and gives as images: the vectors of a dense layer as images of one position. */

/**
 * A batch of samples as one of images: a vector [n] is [1, 1, n], a sequence [length, n] is [1, length, n]. Nothing is copied.
 * @throws DISTILL_E_INTERNAL for samples of more than three dimensions
 */
export function asImages(x: Tensor): Tensor4D {
  if (x.rank === 4) return x as Tensor4D;
  const [batch = 0, ...sample] = x.shape;
  const [channels = 1, width = 1, height = 1] = sample.toReversed();
  if (sample.length > 3) throw internalError(`Values of ${sample.length} dimensions are no images.`);
  return x.reshape([batch, height, width, channels]);
}

/** The inverse: a batch of images as samples of this shape. */
export function fromImages(x: Tensor4D, sample: SampleShape): Tensor {
  return sample.length === 3 ? x : x.reshape([x.shape[0], ...sample]);
}
