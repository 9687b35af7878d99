import * as tfjs from '@tensorflow/tfjs';
import { ARCHITECTURES } from '@distillation/api/words';
import { describe, expect, it } from 'vitest';
import type { LayerInfo } from '@distillation/api/plan';
import { layerInfo } from '../../../packages/api/test/testing.ts';
import { exportBlock } from './export.ts';
import { runBlock } from './forward.ts';
import { buildBlock } from './architectures.ts';
import { blockCosts, initialWeights } from './weights.ts';
import type { Weight } from '@distillation/ledger/tensors';

await tfjs.setBackend('cpu');

function layer(change: Partial<LayerInfo> = {}): LayerInfo {
  const [inputShape, outputShape] = [[9, 9, 4] as const, [9, 9, 6] as const];
  const macs = 81 * 9 * 24;
  return layerInfo({ inputShape, outputShape, params: 3 * 3 * 4 * 6 + 6, macs, prefixMacs: macs, ...change });
}

const LAYERS: Record<string, LayerInfo> = {
  'same, stride 1': layer(),
  'stride 2': layer({ strides: [2, 2], outputShape: [5, 5, 6] }),
  'valid 5x5': layer({ kernel: [5, 5], padding: 'valid', outputShape: [5, 5, 6] }),
  'dilation 2, valid': layer({ dilation: [2, 2], padding: 'valid', outputShape: [5, 5, 6] }),
  'equal channels, linear': layer({ outputShape: [9, 9, 4], activation: 'linear' }),
  '7x7 stride 2': layer({ kernel: [7, 7], strides: [2, 2], outputShape: [5, 5, 6], activation: 'relu6' }),
};
const SPEC = { bias: 'Enabled', batchNormalization: 'Disabled' } as const;

const tensorsOf = (weights: readonly Weight[]): Map<string, tfjs.Tensor> =>
  new Map(weights.map(({ name, shape, data }) => [name, tfjs.tensor(data, [...shape])]));

function symbol(outputs: ReadonlyMap<string, tfjs.SymbolicTensor>, name: string): tfjs.SymbolicTensor {
  const found = outputs.get(name);
  if (found === undefined) throw new Error(`no node ${name}`);
  return found;
}

/** Those that only low-rank blocks replace. */
const PRODUCTS: Record<string, LayerInfo> = {
  'a 1x1 convolution': layer({ kernel: [1, 1], inputShape: [9, 9, 24], outputShape: [9, 9, 40] }),
  'a 1x1 convolution with stride 2': layer({
    kernel: [1, 1],
    strides: [2, 2],
    padding: 'valid',
    inputShape: [9, 9, 24],
    outputShape: [5, 5, 16],
  }),
  'a dense layer': layer({ className: 'Dense', kernel: [1, 1], inputShape: [1, 1, 40], outputShape: [1, 1, 24] }),
  'a dense layer over a sequence': layer({
    className: 'Dense',
    kernel: [1, 1],
    inputShape: [1, 7, 40],
    outputShape: [1, 7, 24],
  }),
};

describe('a low-rank block of', () => {
  it.each(Object.keys(PRODUCTS))('%s has two layers of its kind, gives its shape and costs what it holds', (name) => {
    const info = PRODUCTS[name] ?? layer();
    const { inputShape, outputShape, className } = info;
    const structure = buildBlock({ layer: info, architecture: 'LowRank', ratio: '0.5' }, SPEC);
    expect(structure.layers.map(({ kind, outChannels, bias }) => [kind, outChannels, bias])).toEqual([
      [
        className === 'Dense' ? 'Dense' : 'Convolution',
        info.inputShape[2] === 24 && outputShape[2] === 16 ? 8 : 16,
        false,
      ],
      [className === 'Dense' ? 'Dense' : 'Convolution', outputShape[2], true],
    ]);
    const weights = tensorsOf(initialWeights(structure, { seed: 1, block: 'conv', attempt: 0 }));
    const y = runBlock(tfjs, structure, { x: tfjs.randomNormal([2, ...inputShape]), weights, training: false });
    expect(y.shape).toEqual([2, ...outputShape]);
    const [rank = 0] = structure.layers.map(({ outChannels }) => outChannels);
    const each = rank * (inputShape[2] + outputShape[2]);
    const positions = outputShape[0] * outputShape[1];
    expect(blockCosts(structure, inputShape)).toMatchObject({ params: each + outputShape[2], macs: positions * each });
  });
});

describe('the channels that a low-rank block keeps', () => {
  const ranksOf = (channels: number, options: { readonly ratio: string; readonly rankMultiple?: number }) => {
    const info = layer({ inputShape: [8, 8, channels], outputShape: [8, 8, 64] });
    const built = buildBlock({ layer: info, architecture: 'LowRank', ratio: options.ratio }, { ...SPEC, ...options });
    return built.layers.map(({ outChannels }) => outChannels);
  };

  it('are a multiple of 8, and no fewer', () => {
    expect(ranksOf(16, { ratio: '0.25' })).toEqual([8, 16, 64]);
    expect(ranksOf(100, { ratio: '0.25' })).toEqual([24, 16, 64]);
  });

  it('are a multiple of what the manifest says', () => {
    expect(ranksOf(16, { ratio: '0.25', rankMultiple: 4 })).toEqual([4, 16, 64]);
    expect(ranksOf(100, { ratio: '0.25', rankMultiple: 1 })).toEqual([25, 16, 64]);
    expect(ranksOf(16, { ratio: '0.01', rankMultiple: 4 })).toEqual([4, 4, 64]);
  });

  it('are all, with no projection, where there are no more than the multiple', () => {
    expect(ranksOf(6, { ratio: '0.25' })).toEqual([16, 64]);
    expect(ranksOf(32, { ratio: '0.25', rankMultiple: 32 })).toEqual([32, 64]);
  });
});

describe.each(ARCHITECTURES)('%s', (architecture) => {
  it.each(Object.keys(LAYERS))('gives the shape of the layer it replaces: %s', (name) => {
    const info = LAYERS[name] ?? layer();
    const structure = buildBlock({ layer: info, architecture }, SPEC);
    const start = initialWeights(structure, { seed: 1, block: 'conv', attempt: 0 });
    const weights = tensorsOf(start);
    const y = runBlock(tfjs, structure, { x: tfjs.randomNormal([2, ...info.inputShape]), weights, training: false });
    expect(y.shape).toEqual([2, ...info.outputShape]);
  });

  it('computes the same as the Keras layers it is exported as', () => {
    for (const batchNormalization of ['Disabled', 'Enabled'] as const) {
      const info = layer({ outputShape: [9, 9, 4] });
      const structure = buildBlock({ layer: info, architecture }, { bias: 'Enabled', batchNormalization });
      const start = initialWeights(structure, { seed: 2, block: 'conv', attempt: 0 });
      const weights = tensorsOf(start.map((w) => ({ ...w, data: w.data.map((v, i) => v + 0.01 * (i % 5)) })));
      const graph = exportBlock(structure);
      const input = tfjs.input({ shape: [...info.inputShape] });
      const outputs = new Map<string, tfjs.SymbolicTensor>([['@input', input]]);
      const made = new Map<string, tfjs.layers.Layer>();
      for (const node of graph.nodes) {
        const built = tfjs.layers as unknown as Record<string, (config: object) => tfjs.layers.Layer>;
        const maker = {
          SeparableConv2D: 'separableConv2d',
          Conv2D: 'conv2d',
          BatchNormalization: 'batchNormalization',
          Activation: 'activation',
          Add: 'add',
        }[node.className];
        const config: Record<string, unknown> = { ...node.config };
        const camel: [string, unknown][] = Object.entries(config).map(([key, value]) => [
          key.replace(/_(.)/g, (_, c: string) => c.toUpperCase()),
          key === 'data_format' ? 'channelsLast' : value,
        ]);
        const instance = built[maker ?? '']?.({ ...Object.fromEntries(camel), name: node.name });
        if (instance === undefined) throw new Error(`no maker for ${node.className}`);
        made.set(node.name, instance);
        const inputs = node.inputs.map((name) => symbol(outputs, name));
        outputs.set(
          node.name,
          instance.apply(inputs.length === 1 ? symbol(outputs, node.inputs[0] ?? '') : inputs) as tfjs.SymbolicTensor,
        );
      }
      for (const [name, layerMade] of made) {
        const byOrder = layerMade.weights.map(({ originalName }) => {
          const found = weights.get(originalName);
          if (found === undefined || !originalName.startsWith(`${name}/`))
            throw new Error(`${originalName} is not a weight of the block`);
          return found;
        });
        layerMade.setWeights(byOrder);
      }
      const model = tfjs.model({ inputs: input, outputs: symbol(outputs, graph.output) });
      const x = tfjs.randomNormal<tfjs.Rank.R4>([2, ...info.inputShape], 0, 1, 'float32', 7);
      const expected = runBlock(tfjs, structure, { x, weights, training: false });
      const difference = tfjs.max(tfjs.abs(tfjs.sub(model.apply(x) as tfjs.Tensor, expected))).dataSync()[0];
      expect(difference).toBeLessThan(1e-5);
    }
  });

  it('counts the weights it has', () => {
    const structure = buildBlock({ layer: layer(), architecture }, SPEC);
    const { params } = blockCosts(structure, [9, 9, 4]);
    const values = initialWeights(structure, { seed: 0, block: 'b', attempt: 0 });
    expect(params).toBe(values.reduce((sum, { data }) => sum + data.length, 0));
  });
});

describe('a block', () => {
  it('ends linear where its layer is linear, which a final ReLU could never imitate', () => {
    const info = layer({ activation: 'linear' });
    const structure = buildBlock({ layer: info, architecture: 'TwoLayer' }, SPEC);
    const start = initialWeights(structure, { seed: 3, block: 'conv', attempt: 0 });
    const weights = tensorsOf(start);
    const y = runBlock(tfjs, structure, {
      x: tfjs.randomNormal([4, 9, 9, 4], 0, 1, 'float32', 5),
      weights,
      training: false,
    });
    expect(tfjs.min(y).dataSync()[0]).toBeLessThan(0);
  });

  it('has the paper’s cost for VGG16 layer 2: 64 to 64 channels at 32x32', () => {
    const info = layer({ inputShape: [32, 32, 64], outputShape: [32, 32, 64] });
    const costs = blockCosts(
      buildBlock({ layer: info, architecture: 'TwoLayer' }, { bias: 'Enabled', batchNormalization: 'Disabled' }),
      info.inputShape,
    );
    expect(costs).toEqual({
      params: 2 * (9 * 64 + 64 * 64 + 64),
      macs: 2 * 1024 * (9 * 64 + 64 * 64),
      // Four convolutions that read and write as many numbers, and a loss that reads two outputs.
      elements: (2 * 4 + 2) * 1024 * 64,
    });
  });

  it('starts from (seed, block, attempt) alone', () => {
    const structure = buildBlock({ layer: layer(), architecture: 'TwoLayer' }, SPEC);
    const start = (seed: number, block: string, attempt: number): string =>
      JSON.stringify(initialWeights(structure, { seed, block, attempt }).map(({ name, data }) => [name, [...data]]));
    expect(start(1, 'a', 0)).toBe(start(1, 'a', 0));
    expect(new Set([start(1, 'a', 0), start(2, 'a', 0), start(1, 'b', 0), start(1, 'a', 1)]).size).toBe(4);
  });
});
