import type { Scalar, Tensor4D, Variable } from '@tensorflow/tfjs';
import type { Tf } from './tf.ts';

/** `count` small numbers, exact in binary, without a pattern that a wrong kernel could get right by chance. */
function ramp(count: number, [stride, modulus, scale]: readonly [number, number, number]): number[] {
  return Array.from({ length: count }, (_, i) => (((i * stride) % modulus) - (modulus - 1) / 2) / scale);
}

/**
 * The network of the self-test: a 4x4 image of 2 channels -> depthwise 3x3 -> 1x1 to 3 channels, bias, ReLU -> 3x3 with stride 2 to
 * 2 channels, mean squared error. It contains each kind of operation that a training step needs.
 */
export const SELF_TEST_DATA = {
  image: ramp(32, [7, 11, 8]),
  depthwise: ramp(18, [5, 7, 8]),
  pointwise: ramp(6, [3, 7, 4]),
  bias: [0.125, 0.25, -0.125],
  kernel: ramp(54, [11, 13, 16]),
  target: ramp(8, [3, 7, 2]),
} as const;

/** The expected result, from plain loops and difference quotients in double precision (self-test.test.ts derives it again). */
export const SELF_TEST_REFERENCE = {
  loss: 1.31616,
  depthwise: [
    0.03275, -0.29751, -0.12671, 0.00393, -0.23848, 0.21118, -0.04383, -0.06579, -0.11419, 0.12941, 0.02524, 0.11115,
    -0.1694, -0.07164, -0.14686, 0.03625, 0.04185, -0.00603,
  ],
  pointwise: [0.01258, 0.025, -0.11701, 0.00178, -0.02948, -0.1042],
  bias: [0.39139, 0.65632, -0.26259],
  /** Loss after one RMSprop step (rate 0.01, decay 0.9) on all four weights; it depends on the gradient of the kernel. */
  lossAfterStep: 1.10922,
} as const;

/** Absolute; here float32 is accurate to 1e-6, TF32 and bfloat16 matrix units to 1e-3. */
const TOLERANCE = 2e-3;

/** Runs one training step on the active backend. Returns the differences from the reference; an empty list means that it passed. */
export function selfTest(tf: Tf): string[] {
  const differences: string[] = [];
  const compare = (what: string, actual: ArrayLike<number>, expected: readonly number[]): void => {
    const worst = expected.reduce((most, value, i) => {
      const distance = Math.abs((actual[i] ?? NaN) - value);
      return distance <= most ? most : distance;
    }, 0);
    if (!(worst <= TOLERANCE)) differences.push(`${what} is off by ${worst.toPrecision(2)}`);
  };

  const data = SELF_TEST_DATA;
  const weights = tf.tidy(() => ({
    depthwise: tf.tensor4d([...data.depthwise], [3, 3, 2, 1]).variable(),
    pointwise: tf.tensor4d([...data.pointwise], [1, 1, 2, 3]).variable(),
    bias: tf.tensor1d([...data.bias]).variable(),
    kernel: tf.tensor4d([...data.kernel], [3, 3, 3, 2]).variable(),
  }));
  const optimizer = tf.train.rmsprop(0.01, 0.9);
  try {
    const loss = (): Scalar =>
      tf.tidy(() => {
        const image = tf.tensor4d([...data.image], [1, 4, 4, 2]);
        const narrow = tf.depthwiseConv2d(image, weights.depthwise, 1, 'same');
        const wide = tf.add<Tensor4D>(tf.conv2d(narrow, weights.pointwise, 1, 'same'), weights.bias);
        const output = tf.conv2d(tf.relu(wide), weights.kernel, 2, 'same');
        return tf.mean(tf.squaredDifference(output, tf.tensor4d([...data.target], [1, 2, 2, 2])));
      });
    const { value, grads } = tf.variableGrads(loss, Object.values(weights));
    const gradient = (variable: Variable): ArrayLike<number> => grads[variable.name]?.dataSync() ?? [];
    compare('the loss', value.dataSync(), [SELF_TEST_REFERENCE.loss]);
    compare('the gradient of the depthwise kernel', gradient(weights.depthwise), SELF_TEST_REFERENCE.depthwise);
    compare('the gradient of the pointwise kernel', gradient(weights.pointwise), SELF_TEST_REFERENCE.pointwise);
    compare('the gradient of the bias', gradient(weights.bias), SELF_TEST_REFERENCE.bias);
    optimizer.applyGradients(grads);
    const after = loss();
    compare('the loss after an RMSprop step', after.dataSync(), [SELF_TEST_REFERENCE.lossAfterStep]);
    tf.dispose([value, grads, after]);
  } finally {
    tf.dispose(weights);
    optimizer.dispose();
  }
  return differences;
}
