import * as tfjs from '@tensorflow/tfjs';
import { afterEach, describe, expect, it } from 'vitest';
import type { OptimizerSpec } from '@distillation/api/job';
import { createOptimizer, type Optimizer } from './optimizer.ts';

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

/**
 * What Keras 3.15.1 on NumPy makes of `START` by each of these gradients in turn, in single precision:
 * `v = keras.Variable(START)`, `optimizer.build([v])`, then `optimizer.apply([gradient], [v])` with
 * `RMSprop(0.05)`, `SGD(0.05, momentum=0.9, nesterov=True)`, `Adam(0.05)`, and `SGD` once more with `clipnorm=1.5`.
 */
const KERAS = {
  RMSprop: [
    [0.8418864011764526, -0.8418861627578735, 0.3418940305709839],
    [0.7399570941925049, -0.7681651711463928, 0.1911391168832779],
    [0.7908227443695068, -0.8990211486816406, 0.10312847048044205],
  ],
  SGD: [
    [0.9524999856948853, -0.8100000023841858, 0.49050000309944153],
    [0.8942499756813049, -0.6340000033378601, 0.45794999599456787],
    [0.8788250088691711, -0.8056000471115112, 0.4231550097465515],
  ],
  Adam: [
    [0.9500006437301636, -0.9500004053115845, 0.45000189542770386],
    [0.9005950689315796, -0.90339195728302, 0.40411376953125],
    [0.8736734390258789, -0.9074907898902893, 0.3570597171783447],
  ],
  'SGD, clipped': [
    [0.9654792547225952, -0.8619170188903809, 0.49309584498405457],
    [0.9127625226974487, -0.7080500721931458, 0.4616524875164032],
    [0.8927755355834961, -0.7564406991004944, 0.4373954236507416],
  ],
} as const;

const START = [1, -1, 0.5];

function weights(): Map<string, tfjs.Variable> {
  return new Map([['w', tfjs.variable(tfjs.tensor1d(START))]]);
}

function update(optimizer: Optimizer, gradients: Readonly<Record<string, tfjs.Tensor>>, rate: number): void {
  optimizer.apply(gradients, tfjs.scalar(optimizer.advance(rate)));
}

afterEach(() => {
  tfjs.disposeVariables();
});

it.each([
  ['RMSprop', spec({ type: 'RMSprop' })],
  ['SGD', spec({ type: 'SGD' })],
  ['Adam', spec({ type: 'Adam' })],
  ['SGD, clipped', spec({ type: 'SGD', clipNorm: '1.5' })],
] as const)('%s takes the steps of Keras', (name, optimizerSpec) => {
  const variables = weights();
  const optimizer = createOptimizer(tfjs, optimizerSpec, variables);
  GRADIENTS.forEach((gradient, step) => {
    update(optimizer, { w: tfjs.tensor1d(gradient) }, RATE);
    const values = variables.get('w')?.dataSync() ?? [];
    KERAS[name][step]?.forEach((expected, i) => {
      expect(values[i]).toBeCloseTo(expected, 5);
    });
  });
});

describe.each(['RMSprop', 'SGD', 'Adam'] as const)('%s', (type) => {
  it('goes on from its state to the same bits', () => {
    const whole = weights();
    const straight = createOptimizer(tfjs, spec({ type }), whole);
    for (const gradient of GRADIENTS) update(straight, { w: tfjs.tensor1d(gradient) }, RATE);

    const first = weights();
    const before = createOptimizer(tfjs, spec({ type }), first);
    update(before, { w: tfjs.tensor1d(GRADIENTS[0] ?? []) }, RATE);
    const state = before.state();
    const resumed = new Map([['w', tfjs.variable(first.get('w')?.clone() ?? tfjs.scalar(0))]]);
    const after = createOptimizer(tfjs, spec({ type }), resumed);
    after.restore(state);
    for (const gradient of GRADIENTS.slice(1)) update(after, { w: tfjs.tensor1d(gradient) }, RATE);
    expect(resumed.get('w')?.dataSync()).toEqual(whole.get('w')?.dataSync());
    expect(after.state()).toEqual(straight.state());
  });
});

it('clips each gradient to the norm given, and leaves shorter ones alone', () => {
  const step = (clipNorm: string | undefined): number[] => {
    const variables = weights();
    const clip = clipNorm === undefined ? {} : { clipNorm };
    const optimizer = createOptimizer(tfjs, spec({ type: 'SGD', momentum: '0', ...clip }), variables);
    update(optimizer, { w: tfjs.tensor1d([3, 4, 0]) }, 1);
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
