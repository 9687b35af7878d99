import * as tfjs from '@tensorflow/tfjs';
import { afterEach, describe, expect, it } from 'vitest';
import type { OptimizerSpec } from '@distillation/api/job';
import { createOptimizer } from './optimizer.ts';

await tfjs.setBackend('cpu');

const GRADIENTS = [
  [0.5, -2, 0.1],
  [0.4, -1, 0.3],
  [-0.2, 3, 0.2],
];
const RATE = 0.05;

function spec(change: Partial<OptimizerSpec>): OptimizerSpec {
  return { type: 'Adam', learningRate: '0.05', schedule: { type: 'Constant', warmupSteps: 0 }, ...change };
}

/** The update rules of Keras 3 on one number, in plain double precision. */
const KERAS: Record<OptimizerSpec['type'], (value: number, gradients: readonly number[]) => number> = {
  RMSprop: (value, gradients) => {
    let velocity = 0;
    for (const g of gradients) {
      velocity = 0.9 * velocity + 0.1 * g * g;
      value -= (RATE * g) / Math.sqrt(velocity + 1e-7);
    }
    return value;
  },
  SGD: (value, gradients) => {
    let moment = 0;
    for (const g of gradients) {
      moment = 0.9 * moment - RATE * g;
      value += 0.9 * moment - RATE * g;
    }
    return value;
  },
  Adam: (value, gradients) => {
    let [m, v] = [0, 0];
    gradients.forEach((g, i) => {
      m += (g - m) * (1 - 0.9);
      v += (g * g - v) * (1 - 0.999);
      const alpha = (RATE * Math.sqrt(1 - Math.pow(0.999, i + 1))) / (1 - Math.pow(0.9, i + 1));
      value -= (m * alpha) / (Math.sqrt(v) + 1e-7);
    });
    return value;
  },
};

const START = [1, -1, 0.5];

function weights(): Map<string, tfjs.Variable> {
  return new Map([['w', tfjs.variable(tfjs.tensor1d(START))]]);
}

afterEach(() => {
  tfjs.disposeVariables();
});

describe.each(['RMSprop', 'SGD', 'Adam'] as const)('%s', (type) => {
  it('takes the steps of Keras 3', () => {
    const variables = weights();
    const optimizer = createOptimizer(tfjs, spec({ type }), variables);
    for (const gradient of GRADIENTS) optimizer.apply({ w: tfjs.tensor1d(gradient) }, RATE);
    const values = [...(variables.get('w')?.dataSync() ?? [])];
    START.forEach((start, i) => {
      const expected = KERAS[type](
        start,
        GRADIENTS.map((gradient) => gradient[i] ?? 0),
      );
      expect(values[i]).toBeCloseTo(expected, 5);
    });
  });

  it('goes on from its state to the same bits', () => {
    const whole = weights();
    const straight = createOptimizer(tfjs, spec({ type }), whole);
    for (const gradient of GRADIENTS) straight.apply({ w: tfjs.tensor1d(gradient) }, RATE);

    const first = weights();
    const before = createOptimizer(tfjs, spec({ type }), first);
    before.apply({ w: tfjs.tensor1d(GRADIENTS[0] ?? []) }, RATE);
    const state = before.state();
    const resumed = new Map([['w', tfjs.variable(first.get('w')?.clone() ?? tfjs.scalar(0))]]);
    const after = createOptimizer(tfjs, spec({ type }), resumed);
    after.restore(state);
    for (const gradient of GRADIENTS.slice(1)) after.apply({ w: tfjs.tensor1d(gradient) }, RATE);
    expect(resumed.get('w')?.dataSync()).toEqual(whole.get('w')?.dataSync());
    expect(after.state()).toEqual(straight.state());
  });
});

it('clips each gradient to the norm given, and leaves shorter ones alone', () => {
  const step = (clipNorm: string | undefined): number[] => {
    const variables = weights();
    const clip = clipNorm === undefined ? {} : { clipNorm };
    const optimizer = createOptimizer(tfjs, spec({ type: 'SGD', momentum: '0', ...clip }), variables);
    optimizer.apply({ w: tfjs.tensor1d([3, 4, 0]) }, 1);
    return [...(variables.get('w')?.dataSync() ?? [])];
  };
  const rounded = (values: number[]): number[] => values.map((value) => Number(value.toFixed(5)));
  expect(rounded(step('1'))).toEqual([1 - 0.6, -1 - 0.8, 0.5]);
  expect(rounded(step('10'))).toEqual(rounded(step(undefined)));
});

it('refuses state of another optimizer', () => {
  const adam = createOptimizer(tfjs, spec({ type: 'Adam' }), weights());
  const rmsprop = createOptimizer(tfjs, spec({ type: 'RMSprop' }), weights());
  expect(() => {
    rmsprop.restore(adam.state());
  }).toThrow(/which this optimizer does not have/);
});
