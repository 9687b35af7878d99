import type { GradConfig, LayersModel, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batchNormTraining } from './batch-normalization.ts';
import { openBackend } from './select.ts';
import { normalTensor, relativeDifference } from '../../test/backend.ts';

const REPLACED = ['Relu', 'Relu6', 'Sum', 'Mean'];

// The stock gradients, saved before openBackend replaces them.
const stock = await import('@tensorflow/tfjs').then((tf) => REPLACED.map((name) => tf.getGradient(name)));
const { tf } = await openBackend({ cpuThreads: 1 });

/** Used where the types allow an argument to be missing. */
const none = tf.keep(tf.scalar(NaN));

/** Runs `f` with these gradients instead of the registered ones. */
function withGradients<T>(configs: readonly GradConfig[], f: () => T): T {
  const held = configs.map(({ kernelName }) => tf.getGradient(kernelName));
  const put = (config: GradConfig): void => {
    tf.unregisterGradient(config.kernelName);
    tf.registerGradient(config);
  };
  configs.forEach(put);
  try {
    return f();
  } finally {
    held.forEach(put);
  }
}

beforeEach(() => {
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
});

describe('replaced gradients equal the stock ones', () => {
  const dense: [string, (x: Tensor) => Tensor][] = [
    ['relu', (x) => tf.relu(x)],
    ['relu6', (x) => tf.relu6(tf.mul(x, 5))],
    ['sum of all', (x) => tf.sum(x)],
    ['sum of one axis', (x) => tf.sum(x, 1)],
    ['sum of all but the channels', (x) => tf.sum(x, [0, 1, 2])],
    ['sum of two axes, kept', (x) => tf.sum(x, [1, -1], true)],
    ['mean of all', (x) => tf.mean(x)],
    ['mean of places', (x) => tf.mean(x, [1, 2])],
    ['mean of the last axis, kept', (x) => tf.mean(x, -1, true)],
    ['bias', (x) => tf.add(tf.mul(x, 2), tf.sum(x, [0, 1, 2]))],
  ];
  test.each(dense)('%s', (_label, f) => {
    const x = normalTensor(tf, [3, 4, 5, 6], 'x');
    const dy = normalTensor(tf, f(x).shape, 'dy');
    const expected = withGradients(stock, () => tf.grad(f)(x, dy));
    const actual = tf.grad(f)(x, dy);
    expect(relativeDifference(tf, actual, expected)).toBeLessThan(1e-6);
  });

  test('a 1x1 convolution, with and without stride', () => {
    const x = normalTensor(tf, [2, 3, 3, 4], 'x') as Tensor4D;
    const filter = normalTensor(tf, [1, 1, 4, 5], 'filter') as Tensor4D;
    for (const [stride, pad] of [
      [1, 'valid'],
      [2, 'same'],
    ] as const) {
      const f = (w: Tensor): Tensor => tf.conv2d(x, w as Tensor4D, stride, pad);
      const dy = normalTensor(tf, f(filter).shape, 'dy');
      // A convolution is linear in its filter: the gradient is the inner product of dy with the response to each unit filter.
      const expected = tf.stack(
        Array.from({ length: 20 }, (_, i) => tf.sum(tf.mul(dy, f(tf.oneHot([i], 20).toFloat().reshape([1, 1, 4, 5]))))),
      );
      expect(relativeDifference(tf, tf.grad(f)(filter, dy).reshape([20]), expected)).toBeLessThan(1e-5);
    }
  });
});

describe('dilated convolutions have gradients', () => {
  const cases = (['same', 'valid'] as const).flatMap((pad) =>
    (
      [
        [2, 2],
        [1, 3],
      ] as const
    ).flatMap((dilation) => [true, false].map((depthwise) => ({ pad, dilation, depthwise }))),
  );
  test.each(cases)('%o', ({ pad, dilation, depthwise }) => {
    const x = normalTensor(tf, [2, 8, 9, 2], 'x') as Tensor4D;
    const filter = normalTensor(tf, [3, 2, 2, 3], 'filter') as Tensor4D;
    const f = (a: Tensor4D, w: Tensor4D): Tensor4D =>
      depthwise
        ? tf.depthwiseConv2d(a, w, 1, pad, 'NHWC', [...dilation])
        : tf.conv2d(a, w, 1, pad, 'NHWC', [...dilation]);
    const dy = normalTensor(tf, f(x, filter).shape, 'dy') as Tensor4D;
    const [dx, dfilter] = tf.grads((a: Tensor, w: Tensor) => f(a as Tensor4D, w as Tensor4D))([x, filter], dy);
    // Linear in each argument: inner products of dy with the responses to unit arguments.
    const units = (of: Tensor4D, respond: (unit: Tensor4D) => Tensor): Tensor =>
      tf
        .stack(
          Array.from({ length: of.size }, (_, i) =>
            tf.tidy(() => tf.sum(tf.mul(dy, respond(tf.oneHot([i], of.size).toFloat().reshape(of.shape))))),
          ),
        )
        .reshape(of.shape);
    expect(
      relativeDifference(
        tf,
        dfilter,
        units(filter, (unit) => f(x, unit)),
      ),
    ).toBeLessThan(1e-5);
    expect(
      relativeDifference(
        tf,
        dx,
        units(x, (unit) => f(unit, filter)),
      ),
    ).toBeLessThan(1e-5);
  });
});

test('a dilated Conv2D layer that ends linear can be trained', () => {
  const x = normalTensor(tf, [2, 8, 8, 3], 'x') as Tensor4D;
  const layer = tf.layers.conv2d({
    filters: 4,
    kernelSize: 3,
    dilationRate: 2,
    padding: 'same',
    inputShape: [8, 8, 3],
  });
  const model: LayersModel = tf.sequential({ layers: [layer] });
  const [kernel, bias] = layer.getWeights() as [Tensor4D, Tensor1D];
  const dy = normalTensor(tf, [2, 8, 8, 4], 'dy');
  const { grads } = tf.variableGrads(() => tf.sum(tf.mul(model.apply(x) as Tensor, dy)));
  const byOperations = tf.grads((w: Tensor, b: Tensor) =>
    tf.sum(tf.mul(tf.conv2d(x, w as Tensor4D, 1, 'same', 'NHWC', 2).add(b), dy)),
  )([kernel, bias]);
  for (const [i, gradient] of Object.values(grads).entries()) {
    expect(relativeDifference(tf, gradient, byOperations[i])).toBeLessThan(1e-5);
  }
  expect(Object.keys(grads)).toHaveLength(2);
  model.dispose();
});

describe('batch normalisation in training', () => {
  const EPSILON = 1e-3;
  const inputs = (): [Tensor4D, Tensor1D, Tensor1D] => [
    (normalTensor(tf, [4, 3, 3, 5], 'x') as Tensor4D).mul(3).add(1),
    normalTensor(tf, [5], 'gamma') as Tensor1D,
    normalTensor(tf, [5], 'beta') as Tensor1D,
  ];

  test('output, moments and gradients equal the definition', () => {
    const [x, gamma, beta] = inputs();
    const byDefinition = (...[a = none, g = none, b = none]: Tensor[]): Tensor => {
      const mean = tf.mean(a, [0, 1, 2]);
      const variance = tf.mean(tf.square(tf.sub(a, mean)), [0, 1, 2]);
      return tf
        .sub(a, mean)
        .div(tf.sqrt(variance.add(EPSILON)))
        .mul(g)
        .add(b);
    };
    const fused = (...[a = none, g = none, b = none]: Tensor[]): Tensor =>
      batchNormTraining(tf, { x: a as Tensor4D, gamma: g as Tensor1D, beta: b as Tensor1D, epsilon: EPSILON }).y;
    const dy = normalTensor(tf, x.shape, 'dy');
    expect(relativeDifference(tf, fused(x, gamma, beta), byDefinition(x, gamma, beta))).toBeLessThan(1e-5);
    const actual = tf.grads(fused)([x, gamma, beta], dy);
    for (const [i, expected] of tf.grads(byDefinition)([x, gamma, beta], dy).entries()) {
      expect(relativeDifference(tf, actual[i], expected)).toBeLessThan(1e-4);
    }
    const { mean, variance } = batchNormTraining(tf, { x, gamma, beta, epsilon: EPSILON });
    const moments = tf.moments(x, [0, 1, 2]);
    expect(relativeDifference(tf, mean, moments.mean)).toBeLessThan(1e-5);
    expect(relativeDifference(tf, variance, moments.variance)).toBeLessThan(1e-5);
  });

  test.each([true, false])('a layer (scale and shift: %s) moves its averages and learns', (affine) => {
    const [x] = inputs();
    const layer = tf.layers.batchNormalization({ momentum: 0.9, scale: affine, center: affine, inputShape: [3, 3, 5] });
    const model: LayersModel = tf.sequential({ layers: [layer] });
    const before = layer
      .getWeights()
      .slice(-2)
      .map((weight) => weight.clone());
    const leaked = tf.memory().numTensors;
    const y = model.apply(x, { training: true }) as Tensor;
    expect(tf.memory().numTensors).toBe(leaked + 1);

    const moments = tf.moments(x, [0, 1, 2]);
    expect(relativeDifference(tf, tf.moments(y, [0, 1, 2]).variance, tf.ones([5]))).toBeLessThan(1e-2);
    for (const [i, batch] of [moments.mean, moments.variance].entries()) {
      const expected = tf.add(tf.mul(before[i] ?? 0, 0.9), tf.mul(batch, 0.1));
      expect(relativeDifference(tf, layer.getWeights().slice(-2)[i], expected)).toBeLessThan(1e-5);
    }
    if (!affine) return;
    const { grads } = tf.variableGrads(() => tf.mean(tf.square(model.apply(x, { training: true }) as Tensor)));
    expect(Object.keys(grads)).toHaveLength(2);
    model.dispose();
  });
});
