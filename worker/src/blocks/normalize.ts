import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import type { Tf } from '../backend/tf.ts';

/** Batch normalisation by the batch's own statistics, with the gradient through them. `mean` and `variance` carry no gradient and belong to the caller. */
export function batchStatistics(
  tf: Tf,
  { x, gamma, beta, epsilon }: { x: Tensor4D; gamma: Tensor1D; beta: Tensor1D; epsilon: number },
): { y: Tensor4D; mean: Tensor1D; variance: Tensor1D } {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const y = tf.batchNorm4d(x, mean as Tensor1D, variance as Tensor1D, beta, gamma, epsilon);
  return { y, mean: mean as Tensor1D, variance: variance as Tensor1D };
}
