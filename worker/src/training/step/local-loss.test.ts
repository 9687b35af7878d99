import * as tfjs from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { localLoss } from './local-loss.ts';

await tfjs.setBackend('cpu');

const SHAPE: [number, number, number, number] = [1, 1, 2, 3];
const BEFORE = [-2, -0.5, 0.5, 1, 7, -1];
const TARGET = [0, 1, 0.25, 2, 5, 3];

function lossAndGradient(activation: string): { loss: number; gradient: number[] } {
  const target = tfjs.tensor4d(TARGET, SHAPE);
  const { value, grad } = tfjs.valueAndGrad((before) =>
    localLoss(tfjs, activation, { before: before as tfjs.Tensor4D, target }),
  )(tfjs.tensor4d(BEFORE, SHAPE));
  return { loss: value.dataSync()[0] ?? NaN, gradient: [...grad.dataSync()] };
}

function squares(outputs: readonly number[]): number {
  return outputs.reduce((sum, y, i) => sum + (y - (TARGET[i] ?? 0)) ** 2, 0) / outputs.length;
}

const CLIPPED = { linear: BEFORE, relu: [0, 0, 0.5, 1, 7, 0], relu6: [0, 0, 0.5, 1, 6, 0] };

describe.each(Object.entries(CLIPPED))('ending in %s', (activation, outputs) => {
  it('is the mean squared error of the outputs', () => {
    expect(lossAndGradient(activation).loss).toBeCloseTo(squares(outputs), 5);
  });

  it('pulls every output towards its target, those that are off too', () => {
    const { gradient } = lossAndGradient(activation);
    outputs.forEach((y, i) => {
      expect(gradient[i]).toBeCloseTo((2 * (y - (TARGET[i] ?? 0))) / outputs.length, 5);
    });
  });
});

it('takes the plain gradient for smooth ends', () => {
  const { loss, gradient } = lossAndGradient('sigmoid');
  const outputs = BEFORE.map((z) => 1 / (1 + Math.exp(-z)));
  expect(loss).toBeCloseTo(squares(outputs), 5);
  outputs.forEach((y, i) => {
    expect(gradient[i]).toBeCloseTo((2 * (y - (TARGET[i] ?? 0)) * y * (1 - y)) / outputs.length, 4);
  });
});
