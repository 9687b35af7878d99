import { expect, test } from 'vitest';
import { openBackend } from './select.ts';
import { SELF_TEST_DATA, SELF_TEST_REFERENCE, selfTest } from './self-test.ts';

type Weights = Record<'depthwise' | 'pointwise' | 'bias' | 'kernel', number[]>;

/** The network of the self-test as loops over numbers; shares nothing with TensorFlow.js. */
function lossByLoops({ depthwise, pointwise, bias, kernel }: Weights): number {
  const at = (list: readonly number[], i: number): number => list[i] ?? NaN;
  const { image, target } = SELF_TEST_DATA;
  const hidden: number[] = [];
  for (let y = 0; y < 4; y++) {
    for (let x = 0; x < 4; x++) {
      const narrow = [0, 1].map((c) => {
        let sum = 0;
        for (let v = -1; v <= 1; v++) {
          for (let u = -1; u <= 1; u++) {
            if (y + v < 0 || y + v > 3 || x + u < 0 || x + u > 3) continue;
            sum += at(image, ((y + v) * 4 + x + u) * 2 + c) * at(depthwise, ((v + 1) * 3 + u + 1) * 2 + c);
          }
        }
        return sum;
      });
      for (let m = 0; m < 3; m++) {
        hidden.push(Math.max(0, at(bias, m) + at(narrow, 0) * at(pointwise, m) + at(narrow, 1) * at(pointwise, 3 + m)));
      }
    }
  }
  let loss = 0;
  for (let i = 0; i < 8; i++) {
    const [y, x, channel] = [2 * Math.floor(i / 4), 2 * Math.floor((i % 4) / 2), i % 2];
    let sum = 0;
    for (let v = 0; v < 3 && y + v < 4; v++) {
      for (let u = 0; u < 3 && x + u < 4; u++) {
        for (let m = 0; m < 3; m++) {
          sum += at(hidden, ((y + v) * 4 + x + u) * 3 + m) * at(kernel, ((v * 3 + u) * 3 + m) * 2 + channel);
        }
      }
    }
    loss += (sum - at(target, i)) ** 2 / 8;
  }
  return loss;
}

test('the reference numbers follow from plain loops and difference quotients', () => {
  const { depthwise, pointwise, bias, kernel } = SELF_TEST_DATA;
  const weights: Weights = {
    depthwise: [...depthwise],
    pointwise: [...pointwise],
    bias: [...bias],
    kernel: [...kernel],
  };
  expect(lossByLoops(weights)).toBeCloseTo(SELF_TEST_REFERENCE.loss, 4);

  const step = 1e-5;
  const gradients = Object.fromEntries(
    Object.entries(weights).map(([name, values]) => [
      name,
      values.map((value, i) => {
        const [above, below] = [value + step, value - step].map((v) =>
          lossByLoops({ ...weights, [name]: values.with(i, v) }),
        );
        return ((above ?? NaN) - (below ?? NaN)) / (2 * step);
      }),
    ]),
  ) as Weights;
  for (const name of ['depthwise', 'pointwise', 'bias'] as const) {
    for (const [i, value] of SELF_TEST_REFERENCE[name].entries()) expect(gradients[name][i]).toBeCloseTo(value, 4);
  }

  const stepped = Object.fromEntries(
    Object.entries(weights).map(([name, values]) => [
      name,
      values.map((value, i) => {
        const gradient = gradients[name as keyof Weights][i] ?? NaN;
        return value - (0.01 * gradient) / Math.sqrt(0.1 * gradient ** 2 + 1e-7);
      }),
    ]),
  ) as Weights;
  expect(lossByLoops(stepped)).toBeCloseTo(SELF_TEST_REFERENCE.lossAfterStep, 4);
});

test('a backend with one wrong kernel fails, and passes again once it is right', async () => {
  const { tf } = await openBackend({ prefer: 'cpu', cpuThreads: 1 });
  expect(selfTest(tf)).toEqual([]);

  const right = tf.getGradient('Relu');
  tf.unregisterGradient('Relu');
  tf.registerGradient({ ...right, gradFunc: (dy) => ({ x: () => (Array.isArray(dy) ? tf.stack(dy) : dy) }) });
  expect(selfTest(tf).join()).toMatch(/gradient of the depthwise kernel is off/);

  tf.unregisterGradient('Relu');
  tf.registerGradient(right);
  expect(selfTest(tf)).toEqual([]);
  expect(tf.memory().numTensors).toBe(0);
});
