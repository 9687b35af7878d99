import { internalError } from '@distillation/api/errors';
import type { GradConfig, Tensor } from '@tensorflow/tfjs';
import type { Tf } from './tf.ts';

/** Gradients of operations that broadcast their inputs, for cases in which TensorFlow.js' own do not sum over the broadcast axes. */

export type GradientFunction = GradConfig['gradFunc'];
export type NamedGradientMap = ReturnType<GradientFunction>;
export type Attributes = Parameters<GradientFunction>[2];

/** Inputs of a gradient function. */
export interface Given {
  readonly dy: Tensor;
  readonly saved: readonly Tensor[];
  readonly attributes: Attributes;
}

/** `gradient` summed over the axes along which a tensor of this shape was broadcast. */
function summed(tf: Tf, gradient: Tensor, shape: readonly number[]): Tensor {
  const lead = gradient.rank - shape.length;
  const axes = gradient.shape.flatMap((size, axis) =>
    axis < lead || (shape[axis - lead] === 1 && size > 1) ? axis : [],
  );
  return tf.reshape(axes.length === 0 ? gradient : tf.sum(gradient, axes), [...shape]);
}

/** For Maximum and Minimum of tensors with different shapes; undefined for equal shapes. */
export function broadcastGradient(tf: Tf, stock: GradientFunction, given: Given): NamedGradientMap | undefined {
  const { dy, saved, attributes } = given;
  const [a, b] = saved;
  if (a === undefined || b === undefined || a.shape.join() === b.shape.join()) return undefined;
  const plain = stock(dy, [a, b], attributes);
  const own = (name: string, shape: readonly number[]) => (): Tensor => {
    const gradient = plain[name]?.();
    if (gradient === undefined) throw internalError(`TensorFlow.js gives no gradient for ${name}.`);
    return summed(tf, gradient, shape);
  };
  return { a: own('a', a.shape), b: own('b', b.shape) };
}

/**
 * For a normalisation along another axis than the last: mean, variance, scale and offset have four dimensions. Undefined for the
 * last axis, where they have one.
 */
export function normalizationGradient(tf: Tf, stock: GradientFunction, given: Given): NamedGradientMap | undefined {
  const { dy, saved, attributes } = given;
  const [x, mean, variance, scale] = saved;
  if (x === undefined || mean === undefined || variance === undefined || mean.rank === 1) return undefined;
  const epsilon = Number(attributes['varianceEpsilon']);
  const inverse = (): Tensor => tf.rsqrt(tf.add(variance, epsilon));
  const scaled = (): Tensor => (scale === undefined ? dy : tf.mul(dy, scale));
  const centred = (): Tensor => tf.sub(x, mean);
  return {
    ...stock(dy, [...saved], attributes),
    mean: () => summed(tf, tf.neg(tf.mul(scaled(), inverse())), mean.shape),
    variance: () => summed(tf, tf.mul(tf.mul(scaled(), centred()), tf.mul(tf.pow(inverse(), 3), -0.5)), variance.shape),
    scale: () => summed(tf, tf.mul(dy, tf.mul(centred(), inverse())), mean.shape),
    offset: () => summed(tf, dy, mean.shape),
  };
}
