import * as tfjs from '@tensorflow/tfjs';
import { layerInfo } from '../../../packages/api/test/testing.ts';
import { randomStream } from '@distillation/core/random';
import { describe, expect, it } from 'vitest';
import { buildBlock } from './architectures.ts';
import { runBlockLinear } from './forward.ts';
import { type ConvolutionMoments, lowRankStart, statisticsOf } from './low-rank-start.ts';
import type { BlockStructure } from './structure.ts';
import { blockWeights, initialWeights } from './weights.ts';
import type { Weight } from '@distillation/ledger/tensors';

await tfjs.setBackend('cpu');

const [SIZE, IN, OUT] = [6, 24, 16];
const info = layerInfo({
  inputShape: [SIZE, SIZE, IN],
  outputShape: [SIZE, SIZE, OUT],
  params: 9 * IN * OUT + OUT,
  macs: SIZE * SIZE * 9 * IN * OUT,
  prefixMacs: 0,
  activation: 'linear',
});

function values(name: string, count: number, scale = 1): Float32Array {
  const stream = randomStream('low-rank-start', name);
  return Float32Array.from({ length: count }, () => scale * (2 * stream.next() - 1));
}

/** Inputs in a space of few dimensions, with a mean, as activations are. */
function inputs(): tfjs.Tensor4D {
  const factors = tfjs.tensor2d(values('factors', 8 * SIZE * SIZE * 5), [8 * SIZE * SIZE, 5]);
  const mixing = tfjs.tensor2d(values('mixing', 5 * IN), [5, IN]);
  const noise = tfjs.tensor2d(values('noise', 8 * SIZE * SIZE * IN, 0.05), [8 * SIZE * SIZE, IN]);
  return tfjs.add(tfjs.relu(tfjs.matMul(factors, mixing)), noise).reshape([8, SIZE, SIZE, IN]);
}

const layer = { kernel: values('kernel', 9 * IN * OUT, 0.2), bias: values('bias', OUT) };

function output(x: tfjs.Tensor4D): tfjs.Tensor4D {
  const kernel = tfjs.tensor4d(layer.kernel, [3, 3, IN, OUT]);
  return tfjs.add(tfjs.conv2d(x, kernel, 1, 'same'), tfjs.tensor1d(layer.bias));
}

function momentsOf(x: tfjs.Tensor4D): ConvolutionMoments {
  const rows = x.reshape<tfjs.Tensor2D>([-1, IN]);
  const y = output(x).reshape<tfjs.Tensor2D>([-1, OUT]);
  const mean = tfjs.mean(y, 0);
  const centred = tfjs.sub<tfjs.Tensor2D>(y, mean);
  const count = rows.shape[0];
  const product = (a: tfjs.Tensor2D): Float64Array =>
    Float64Array.from(tfjs.div(tfjs.matMul(a, a, true), count).dataSync());
  return {
    kind: 'Convolution',
    input: product(rows),
    outputMean: Float64Array.from(mean.dataSync()),
    outputCovariance: product(centred),
  };
}

const x = inputs();
const moments = momentsOf(x);
const target = output(x);

const lowRank = (ratio: string): BlockStructure =>
  buildBlock({ layer: info, architecture: 'LowRank', ratio }, { bias: 'Enabled', batchNormalization: 'Disabled' });

function errorOf(ratio: string, start: (structure: BlockStructure) => Weight[]): number {
  const structure = lowRank(ratio);
  const weights = start(structure);
  expect(weights.map(({ name, shape }) => [name, shape])).toEqual(
    blockWeights(structure).map(({ name, shape }) => [name, shape]),
  );
  const tensors = new Map(weights.map(({ name, shape, data }) => [name, tfjs.tensor(data, [...shape])]));
  const y = runBlockLinear(tfjs, structure, { x, weights: tensors, training: false });
  const variance = tfjs.mean(tfjs.square(tfjs.sub(target, tfjs.mean(target, [0, 1, 2])))).dataSync()[0] ?? 1;
  return (tfjs.mean(tfjs.square(tfjs.sub(y, target))).dataSync()[0] ?? NaN) / variance;
}

const finite = (weights: readonly Weight[]): boolean => weights.every(({ data }) => data.every(Number.isFinite));

describe('the start of a low-rank block', () => {
  const closed = (structure: BlockStructure): Weight[] => lowRankStart(structure, layer, statisticsOf(moments));

  it('is the layer itself where no channel is dropped', () => {
    expect(errorOf('0.999', closed)).toBeLessThan(1e-8);
  });

  it('explains most of what its layer gives where its activations fill few dimensions, which a random start does not', () => {
    const atRandom = errorOf('0.5', (structure) => initialWeights(structure, { seed: 1, block: 'conv', attempt: 0 }));
    expect(errorOf('0.5', closed)).toBeLessThan(0.35);
    expect(atRandom).toBeGreaterThan(0.8);
  });

  it('is the same to the bit each time, and finite where one channel, or none, is ever active', () => {
    const active = (channels: (i: number) => boolean): tfjs.Tensor4D =>
      tfjs.mul(x, tfjs.tensor1d(Array.from({ length: IN }, (_, i) => (channels(i) ? 1 : 0))));
    const structure = lowRank('0.5');
    for (const given of [active((i) => i !== 3), active(() => false)]) {
      const [first, second] = [1, 2].map(() => lowRankStart(structure, layer, statisticsOf(momentsOf(given))));
      expect(second).toEqual(first);
      expect(finite(first ?? [])).toBe(true);
    }
  });
});
