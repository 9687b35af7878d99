import type { Tensor } from '@tensorflow/tfjs';
import { randomStream } from '@distillation/core/random';
import type { Tf } from '../src/backend/tf.ts';

/** For tests: a tensor of standard normal numbers, always the same for the same name. */
export function normalTensor(tf: Tf, shape: readonly number[], name: string): Tensor {
  const stream = randomStream('test', name, ...shape);
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => stream.normal());
  return tf.tensor(values, [...shape]);
}

/** For tests: the largest absolute difference of two tensors, divided by the largest magnitude in the second. */
export function relativeDifference(tf: Tf, actual: Tensor | undefined, expected: Tensor | undefined): number {
  if (actual === undefined || expected === undefined) return Infinity;
  if (actual.shape.join() !== expected.shape.join()) return Infinity;
  const read = (value: Tensor): number => value.dataSync()[0] ?? NaN;
  return tf.tidy(
    () => read(tf.max(tf.abs(tf.sub(actual, expected)))) / read(tf.maximum(tf.max(tf.abs(expected)), 1e-6)),
  );
}
