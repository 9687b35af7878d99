import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { openBackend } from './select.ts';
import { normalTensor } from '../../test/backend.ts';

await openBackend({ prefer: 'cpu', cpuThreads: 1 });
const { tf } = await openBackend({ prefer: 'wasm', cpuThreads: 1 });

/** Values of the tensors that `f` returns on a backend. */
async function valuesOn(backend: string, f: () => Tensor[]): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const values = tf.tidy(() => f().map((tensor) => tensor.dataSync<'float32'>()));
  expect(tf.memory().numTensors).toBe(before);
  return values;
}

function expectSame(actual: Float32Array[], expected: Float32Array[]): void {
  expect(actual.map((values) => values.length)).toEqual(expected.map((values) => values.length));
  for (const [i, values] of expected.entries()) {
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
    const worst = values.reduce((most, value, j) => Math.max(most, Math.abs(value - (actual[i]?.[j] ?? NaN))), 0);
    expect(worst / scale).toBeLessThan(1e-5);
  }
}

const KERNELS = [
  [1, 1],
  [3, 3],
  [5, 5],
  [2, 3],
] as const;
const STRIDES = [
  [1, 1],
  [2, 2],
  [3, 3],
] as const;
// TensorFlow.js miscounts the columns when `pad` is a number and the kernel is not square, so explicit padding is used.
const AROUND: [[0, 0], [number, number], [number, number], [0, 0]] = [
  [0, 0],
  [1, 2],
  [0, 1],
  [0, 0],
];
const PADS = ['same', 'valid', AROUND] as const;
const cases = [false, true].flatMap((depthwise) =>
  KERNELS.flatMap((kernel) =>
    STRIDES.flatMap((strides) =>
      PADS.flatMap((pad) =>
        // Outputs per channel of a depthwise convolution; output channels of a dense one.
        [1, 2].flatMap((outputs) => ({ depthwise, kernel, strides, pad, outputs })),
      ),
    ),
  ),
);

test('both backends are there to be compared, and the table is whole', async () => {
  expect(await tf.setBackend('cpu')).toBe(true);
  expect(await tf.setBackend('wasm')).toBe(true);
  expect(cases).toHaveLength(144);
});

test.each(cases)('gradients on wasm equal those on cpu: %o', async ({ depthwise, kernel, strides, pad, outputs }) => {
  const gradients = (): Tensor[] => {
    const x = normalTensor(tf, [2, 8, 7, 3], 'x');
    const filter = normalTensor(tf, [...kernel, 3, outputs], 'filter');
    const f = (a: Tensor, w: Tensor): Tensor =>
      depthwise
        ? tf.depthwiseConv2d(a as Tensor4D, w as Tensor4D, [...strides], pad)
        : tf.conv2d(a as Tensor4D, w as Tensor4D, [...strides], pad);
    const dy = normalTensor(tf, f(x, filter).shape, 'dy');
    return tf.grads((a: Tensor, w: Tensor) => f(a, w))([x, filter], dy);
  };
  const expected = await valuesOn('cpu', gradients);
  expectSame(await valuesOn('wasm', gradients), expected);
});

test.each([[[0, 1, 2]], [[2, 0, 1]], [[0]], [[3]], [[1, 2, 3]], [[-1]]])('a sum over axes %o', async (axes) => {
  const sum = (): Tensor[] => [
    tf.sum(normalTensor(tf, [3, 4, 5, 6], 'x'), axes),
    tf.sum(normalTensor(tf, [3, 1, 1, 6], 'x'), axes),
  ];
  expectSame(await valuesOn('wasm', sum), await valuesOn('cpu', sum));
});
