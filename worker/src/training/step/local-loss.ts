import { internalError } from '@distillation/api/errors';
import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs';
import { halfSquares, isNative } from '../../backend/native-ops.ts';
import type { Tf } from '../../backend/tf.ts';
import { ACTIVATIONS } from '../../blocks/forward.ts';

/**
 * Activations whose matching loss is used. They are monotone, and flat where a unit is off: there the plain gradient is
 * zero and the unit would stay off.
 */
const MATCHED = new Set(['linear', 'relu', 'relu6']);

/**
 * Mean squared error between a block's output and its target (Blakeney et al. 2020, arXiv:2012.03096, section 3.1, equation 3),
 * computed from the output before the final activation.
 *
 * Its gradient at that point is 2 (output - target) / n, even where the activation is flat: the gradient of the activation's
 * matching loss, which is convex in `before`. The plain gradient is zero there, so an output channel that a large early step turned
 * off would stay off, and its part of the target would never be learnt. With a linear activation the two gradients are the same.
 *
 * @param before [batch, height, width, channels], the block's output without its final activation; `target` of the same shape.
 */
export function localLoss(
  tf: Tf,
  activation: string,
  { before, target }: { before: Tensor4D; target: Tensor4D },
): Scalar {
  const end = ACTIVATIONS[activation];
  if (end === undefined) throw internalError(`Activation ${activation} is not one a block can end in.`);
  if (!MATCHED.has(activation)) return tf.mean(tf.squaredDifference(end(tf, before), target));
  const matched = tf.customGrad((...inputs) => {
    const [z, save] = inputs as unknown as [Tensor4D, (tensors: Tensor[]) => void];
    const error = tf.sub(end(tf, z), target);
    save([error]);
    const gradFunc = (dy: Tensor, [saved = error]: Tensor[]): Tensor => tf.mul(saved, tf.mul(dy, 2 / z.size));
    return { value: meanSquare(tf, error), gradFunc };
  });
  return matched(before) as Scalar;
}

/** The mean of the squares, which TensorFlow's own operation computes without writing them down. */
const meanSquare = (tf: Tf, x: Tensor): Tensor =>
  isNative(tf) ? tf.mul(halfSquares(tf, x), 2 / x.size) : tf.mean(tf.square(x));
