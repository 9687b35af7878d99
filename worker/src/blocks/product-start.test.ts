import * as tfjs from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { layerInfo } from '../../../packages/api/test/testing.ts';
import { randomStream } from '@distillation/core/random';
import { buildBlock } from './architectures.ts';
import { runBlockLinear } from './forward.ts';
import { dot, type OutputMoments, principalComponents } from './principal-components.ts';
import { type Multiply, productStart } from './product-start.ts';
import { blockWeights } from './weights.ts';

await tfjs.setBackend('cpu');

const SAMPLES = 40;

function values(name: string, count: number, scale = 1): Float32Array {
  const stream = randomStream('product-start', name);
  return Float32Array.from({ length: count }, () => scale * (2 * stream.next() - 1));
}

/** A layer of this size and what it gives for inputs that fill few dimensions, as activations do, with some noise. */
function problem(inputs: number, outputs: number) {
  const name = `${inputs}x${outputs}`;
  const factors = tfjs.tensor2d(values(`${name}/factors`, SAMPLES * 6), [SAMPLES, 6]);
  const mixing = tfjs.tensor2d(values(`${name}/mixing`, 6 * inputs), [6, inputs]);
  const noise = tfjs.tensor2d(values(`${name}/noise`, SAMPLES * inputs, 0.1), [SAMPLES, inputs]);
  const x = tfjs.add<tfjs.Tensor2D>(tfjs.relu(tfjs.matMul(factors, mixing)), noise);
  const kernel = values(`${name}/kernel`, inputs * outputs);
  const bias = values(`${name}/bias`, outputs);
  const y = tfjs.add<tfjs.Tensor2D>(tfjs.matMul(x, tfjs.tensor2d(kernel, [inputs, outputs])), tfjs.tensor1d(bias));
  return { x, y, inputs, outputs, weights: { kernel, bias } };
}

type Problem = ReturnType<typeof problem>;

/** What is known of the outputs, in either form. */
function momentsOf({ y, outputs }: Problem, kind: 'Covariance' | 'Samples'): OutputMoments {
  const samples = y.arraySync().map((row) => Float32Array.from(row));
  const outputMean = Float64Array.from({ length: outputs }, (_, i) => mean(samples.map((row) => row[i] ?? 0)));
  if (kind === 'Samples') return { kind: 'Product', outputMean, spread: { kind, samples } };
  const covariance = Float64Array.from({ length: outputs * outputs }, (_, at) => {
    const [i, j] = [Math.floor(at / outputs), at % outputs];
    return mean(samples.map((row) => ((row[i] ?? 0) - (outputMean[i] ?? 0)) * ((row[j] ?? 0) - (outputMean[j] ?? 0))));
  });
  return { kind: 'Product', outputMean, spread: { kind, covariance } };
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

const multiply: Multiply = (a, b) =>
  Float32Array.from(tfjs.matMul(tfjs.tensor2d(a.data, [...a.shape]), tfjs.tensor2d(b.data, [...b.shape])).dataSync());

/** The squared error of the started block, as a share of the variance of the layer's output. */
function errorOf(given: Problem, ratio: string, kind: 'Covariance' | 'Samples'): number {
  const { x, y, inputs, outputs, weights } = given;
  const layer = layerInfo({
    className: 'Dense',
    kernel: [1, 1],
    inputShape: [1, 1, inputs],
    outputShape: [1, 1, outputs],
    activation: 'linear',
  });
  const block = buildBlock(
    { layer, architecture: 'LowRank', ratio },
    { bias: 'Enabled', batchNormalization: 'Disabled' },
  );
  const moments = momentsOf(given, kind);
  const components = principalComponents(moments, weights.kernel, block.layers[0]?.outChannels ?? 0);
  const start = productStart(block, { weights, components, outputMean: moments.outputMean }, multiply);
  expect(start.map(({ name, shape }) => [name, shape])).toEqual(
    blockWeights(block).map(({ name, shape }) => [name, shape]),
  );
  const tensors = new Map(start.map(({ name, shape, data }) => [name, tfjs.tensor(data, [...shape])]));
  const answer = runBlockLinear(tfjs, block, {
    x: x.reshape([SAMPLES, 1, 1, inputs]),
    weights: tensors,
    training: false,
  });
  const error = (a: tfjs.Tensor): number => tfjs.mean(tfjs.square(tfjs.sub(y, a))).dataSync()[0] ?? NaN;
  return error(answer.reshape([SAMPLES, outputs])) / error(tfjs.mean(y, 0));
}

describe('the start of two layers in place of a dense one', () => {
  it.each([
    [32, 16],
    [16, 32],
    [24, 48],
    [64, 56],
  ])('is the layer itself at full rank: %i inputs, %i outputs', (inputs, outputs) => {
    const given = problem(inputs, outputs);
    for (const kind of ['Covariance', 'Samples'] as const) expect(errorOf(given, '0.999', kind)).toBeLessThan(1e-9);
  });

  it('explains of the output what its leading principal components do, and no product of this rank could more', () => {
    const given = problem(48, 32);
    const centred = given.y.sub(tfjs.mean(given.y, 0)).arraySync() as number[][];
    const columns = principalComponents(momentsOf(given, 'Covariance'), given.weights.kernel, 32);
    const variances = columns.map((column) => mean(centred.map((row) => dot(Float64Array.from(row), column) ** 2)));
    const total = variances.reduce((sum, value) => sum + value, 0);
    const lost = variances.slice(8).reduce((sum, value) => sum + value, 0) / total;
    expect(variances).toEqual([...variances].sort((a, b) => b - a));
    expect(lost).toBeGreaterThan(0.001);
    for (const kind of ['Covariance', 'Samples'] as const) expect(errorOf(given, '0.25', kind)).toBeCloseTo(lost, 6);
  });
});

describe('principal components', () => {
  const given = problem(20, 60);

  it('by samples, by the covariance within the kernel and by all of it are the same', () => {
    const within = principalComponents(momentsOf(given, 'Covariance'), given.weights.kernel, 8);
    const wide = new Float32Array(60 * 60);
    wide.set(given.weights.kernel);
    const whole = principalComponents(momentsOf(given, 'Covariance'), wide, 8);
    const sampled = principalComponents(momentsOf(given, 'Samples'), given.weights.kernel, 8);
    for (const other of [whole, sampled]) {
      other.forEach((vector, i) => {
        expect(Math.abs(dot(vector, within[i] ?? vector))).toBeCloseTo(1, 6);
      });
    }
  });

  it.each(['Covariance', 'Samples'] as const)(
    'are orthonormal beyond what %s show, and the leading ones the same to the bit however many are asked for',
    (kind) => {
      const moments = momentsOf(given, kind);
      const all = principalComponents(moments, given.weights.kernel, 60);
      expect(all).toHaveLength(60);
      all.forEach((a, i) => {
        all.forEach((b, j) => {
          expect(dot(a, b)).toBeCloseTo(i === j ? 1 : 0, 6);
        });
      });
      expect(principalComponents(moments, given.weights.kernel, 8)).toEqual(all.slice(0, 8));
    },
  );

  it.each(['Covariance', 'Samples'] as const)('of a layer that always gives the same are finite: %s', (kind) => {
    const constant = { ...given, y: tfjs.ones<tfjs.Rank.R2>([SAMPLES, 60]) };
    for (const kernel of [given.weights.kernel, new Float32Array(20 * 60)]) {
      const components = principalComponents(momentsOf(constant, kind), kernel, 8);
      expect(components).toHaveLength(8);
      for (const component of components) expect(dot(component, component)).toBeCloseTo(1, 9);
    }
  });
});
