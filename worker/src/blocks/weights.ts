import { randomStream } from '@distillation/core/random';
import type { BlockStructure, SeparableLayer } from './structure.ts';

/** One weight of a block: its name within the block, shape and how it starts. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly trainable: boolean;
  readonly start:
    { readonly kind: 'Uniform'; readonly limit: number } | { readonly kind: 'Constant'; readonly value: number };
}

/**
 * Weights of one separable layer. Kernels start uniform with the variance that keeps the signal's: 1/(kernel area) for the
 * depthwise, 2/inputs before a ReLU and 1/inputs before a linear end for the pointwise (He et al.). The usual Glorot
 * start of a depthwise kernel counts all channels as inputs although each output sees one, and shrinks the signal with width.
 */
function layerWeights(layer: SeparableLayer): WeightSpec[] {
  const [height, width] = layer.kernel;
  const gain = layer.activation === 'relu' ? 2 : 1;
  const weights: WeightSpec[] = [
    {
      name: `${layer.name}/depthwise_kernel`,
      shape: [height, width, layer.inChannels, 1],
      trainable: true,
      start: { kind: 'Uniform', limit: Math.sqrt(3 / (height * width)) },
    },
    {
      name: `${layer.name}/pointwise_kernel`,
      shape: [1, 1, layer.inChannels, layer.outChannels],
      trainable: true,
      start: { kind: 'Uniform', limit: Math.sqrt((3 * gain) / layer.inChannels) },
    },
  ];
  const vector = (name: string, value: number, trainable: boolean): WeightSpec => ({
    name: `${layer.name}/${name}`,
    shape: [layer.outChannels],
    trainable,
    start: { kind: 'Constant', value },
  });
  if (layer.bias) weights.push(vector('bias', 0, true));
  if (layer.normalize) {
    weights.push(vector('gamma', 1, true), vector('beta', 0, true));
    weights.push(vector('moving_mean', 0, false), vector('moving_variance', 1, false));
  }
  return weights;
}

/** All weights of a block, in a fixed order. */
export function blockWeights(structure: BlockStructure): WeightSpec[] {
  return structure.layers.flatMap(layerWeights);
}

const size = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** Initial values by weight name; they depend on (seed, block, attempt) and the weight's name alone. */
export function initialWeights(
  structure: BlockStructure,
  identity: { readonly seed: number; readonly block: string; readonly attempt: number },
): Map<string, Float32Array> {
  const { seed, block, attempt } = identity;
  return new Map(
    blockWeights(structure).map((weight) => {
      const values = new Float32Array(size(weight.shape));
      if (weight.start.kind === 'Constant') return [weight.name, values.fill(weight.start.value)];
      const stream = randomStream('initial-weights', seed, block, attempt, weight.name);
      const { limit } = weight.start;
      for (let i = 0; i < values.length; i++) values[i] = (2 * stream.next() - 1) * limit;
      return [weight.name, values];
    }),
  );
}

/** Weights and multiply-accumulates (for one sample) of a block that gives `outputShape`. A batch normalisation in the student costs one multiply-accumulate a value. */
export function blockCosts(
  structure: BlockStructure,
  outputShape: readonly [number, number, number],
): { params: number; macs: number } {
  const positions = outputShape[0] * outputShape[1];
  const params = blockWeights(structure).reduce((sum, weight) => sum + size(weight.shape), 0);
  const macs = structure.layers.reduce((sum, layer) => {
    const depthwise = layer.kernel[0] * layer.kernel[1] * layer.inChannels;
    const pointwise = layer.inChannels * layer.outChannels;
    const normalization = layer.normalize ? layer.outChannels : 0;
    return sum + positions * (depthwise + pointwise + normalization);
  }, 0);
  return { params, macs };
}
