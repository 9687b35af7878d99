import type { Tensor } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { openBackend } from './select.ts';
import { normalTensor, relativeDifference } from '../../test/backend.ts';

const { tf } = await openBackend({ cpuThreads: 1 });

/** Used where the types allow an argument to be missing. */
const none = tf.keep(tf.scalar(NaN));

/** Gradients of `f`, and of the same function composed of operations whose gradients are correct. */
function expectSameGradients(
  f: (...inputs: Tensor[]) => Tensor,
  composed: (...inputs: Tensor[]) => Tensor,
  inputs: Tensor[],
): void {
  const dy = normalTensor(tf, f(...inputs).shape, 'dy');
  const expected = tf.grads(composed)(inputs, dy);
  tf.grads(f)(inputs, dy).forEach((gradient, i) => {
    expect(gradient.shape).toEqual(inputs[i]?.shape);
    expect(relativeDifference(tf, gradient, expected[i] ?? none)).toBeLessThan(1e-5);
  });
}

test.each([
  ['one pixel', [1, 1, 1, 2]],
  ['a vector', [2]],
  ['one channel', [3, 5, 4, 1]],
  ['the same shape', [3, 5, 4, 2]],
])('maximum and minimum of an image and %s', (_, shape) => {
  const inputs = [normalTensor(tf, [3, 5, 4, 2], 'a'), normalTensor(tf, shape, 'b')];
  const whole = (x: Tensor): Tensor => tf.broadcastTo(x, [3, 5, 4, 2]);
  for (const pair of [inputs, inputs.toReversed()]) {
    for (const compute of [tf.maximum, tf.minimum]) {
      const f = ([a, b]: readonly Tensor[], change: (x: Tensor) => Tensor): Tensor =>
        compute(change(a ?? none), change(b ?? none));
      expectSameGradients(
        (...given) => f(given, (x) => x),
        (...given) => f(given, whole),
        pair,
      );
    }
  }
});

test.each([1, 2, 3])('a normalisation along axis %d, by moments of the batch and by given ones', (axis) => {
  const x = normalTensor(tf, [3, 5, 4, 2], 'x');
  const layer = tf.layers.batchNormalization({ axis });
  const input = tf.input({ shape: [5, 4, 2] });
  const model = tf.model({ inputs: input, outputs: layer.apply(input) as ReturnType<typeof tf.input> });
  const shape = x.shape.map((size, i) => (i === axis ? size : 1));
  const width = x.shape[axis] ?? 0;
  const [gamma, beta] = [normalTensor(tf, [width], 'gamma'), normalTensor(tf, [width], 'beta')];
  layer.setWeights([gamma, beta, normalTensor(tf, [width], 'mean'), tf.abs(normalTensor(tf, [width], 'variance'))]);
  const [, , mean, variance] = layer.getWeights();
  for (const training of [false, true]) {
    const moments = (images: Tensor): [Tensor, Tensor] => {
      if (!training) return [tf.reshape(mean ?? none, shape), tf.reshape(variance ?? none, shape)];
      const axes = [0, 1, 2, 3].filter((each) => each !== axis);
      const own = tf.mean(images, axes, true);
      return [own, tf.mean(tf.square(tf.sub(images, own)), axes, true)];
    };
    const composed = (images: Tensor): Tensor => {
      const [center, spread] = moments(images);
      const even = tf.mul(tf.sub(images, center), tf.rsqrt(tf.add(spread, 1e-3)));
      return tf.add(tf.mul(even, tf.reshape(gamma, shape)), tf.reshape(beta, shape));
    };
    const weights = normalTensor(tf, x.shape, 'weights');
    const score = (): Tensor => tf.sum(tf.mul(model.apply(x, { training }) as Tensor, weights));
    const byInput = tf.grad((images) => model.apply(images, { training }) as Tensor)(x, weights);
    expect(relativeDifference(tf, byInput, tf.grad(composed)(x, weights))).toBeLessThan(1e-4);
    const { grads } = tf.variableGrads(() => score().asScalar());
    const found = (name: string): Tensor => Object.entries(grads).find(([key]) => key.includes(name))?.[1] ?? none;
    const axes = [0, 1, 2, 3].filter((each) => each !== axis);
    expect(relativeDifference(tf, found('beta'), tf.sum(weights, axes))).toBeLessThan(1e-4);
    const [center, spread] = moments(x);
    const even = tf.mul(tf.sub(x, center), tf.rsqrt(tf.add(spread, 1e-3)));
    expect(relativeDifference(tf, found('gamma'), tf.sum(tf.mul(weights, even), axes))).toBeLessThan(1e-4);
  }
  model.dispose();
});
