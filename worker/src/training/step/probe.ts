import type { Tensor4D } from '@tensorflow/tfjs';
import type { EpochMetrics } from '@distillation/api/ledger';
import type { Tf } from '../../backend/tf.ts';

/**
 * How well a block imitates its layer on the probe images.
 * @param target the layer's output, [batch, height, width, channels]; `output` the block's, of the same shape.
 */
export function probe(tf: Tf, { target, output }: { target: Tensor4D; output: Tensor4D }): Omit<EpochMetrics, 'loss'> {
  return tf.tidy(() => {
    const axes = [0, 1, 2];
    const read = (value: { dataSync(): ArrayLike<number> }): number => value.dataSync()[0] ?? Number.NaN;
    return {
      probeLoss: read(tf.mean(tf.squaredDifference(output, target))),
      // Variance about each channel's own mean: the loss of the best constant answer.
      probeBaseline: read(tf.mean(tf.moments(target, axes).variance)),
      probeOutputVariance: read(tf.mean(tf.moments(output, axes).variance)),
    };
  });
}
