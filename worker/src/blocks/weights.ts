import { randomStream } from '@distillation/core/random';
import { DistillError } from '@distillation/api/errors';
import { isWeight, type NamedArray, type Weight } from '@distillation/ledger/tensors';
import { type BlockStructure, normalizationName, type BlockLayer } from './structure.ts';

/**
 * One weight of a block: its name (`<layer>/<weight>` of the exported Keras layers), its shape and its initialisation.
 */
interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly trainable: boolean;
  readonly start:
    | { readonly kind: 'Uniform'; readonly limit: number }
    | { readonly kind: 'Constant'; readonly value: number };
}

/**
 * Weights of one layer. Kernels are drawn from a uniform distribution whose variance preserves that of the signal: 1/(kernel area) for a
 * depthwise kernel, and for any other one 2/inputs before a ReLU and 1/inputs before a linear end (He et al.). The usual Glorot
 * initialisation counts all channels as inputs of a depthwise kernel, although each output sees one, and shrinks the signal as width
 * grows.
 */
function layerWeights(layer: BlockLayer): WeightSpec[] {
  const [height, width] = layer.kernel;
  const gain = layer.activation === 'relu' ? 2 : 1;
  const kernel = (name: string, shape: readonly number[], variance: number): WeightSpec => ({
    name: `${layer.name}/${name}`,
    shape,
    trainable: true,
    start: { kind: 'Uniform', limit: Math.sqrt(3 * variance) },
  });
  const { inChannels, outChannels } = layer;
  const kernels = {
    Convolution: () => [
      kernel('kernel', [height, width, inChannels, outChannels], gain / (height * width * inChannels)),
    ],
    Dense: () => [kernel('kernel', [inChannels, outChannels], gain / inChannels)],
    Separable: () => [
      kernel('depthwise_kernel', [height, width, inChannels, 1], 1 / (height * width)),
      kernel('pointwise_kernel', [1, 1, inChannels, outChannels], gain / inChannels),
    ],
  };
  const weights: WeightSpec[] = kernels[layer.kind]();
  const vector = (name: string, value: number, trainable = true): WeightSpec => ({
    name,
    shape: [layer.outChannels],
    trainable,
    start: { kind: 'Constant', value },
  });
  if (layer.bias) weights.push(vector(`${layer.name}/bias`, 0));
  if (layer.normalize) {
    const normalization = normalizationName(layer);
    weights.push(vector(`${normalization}/gamma`, 1), vector(`${normalization}/beta`, 0));
    weights.push(
      vector(`${normalization}/moving_mean`, 0, false),
      vector(`${normalization}/moving_variance`, 1, false),
    );
  }
  return weights;
}

/** All weights of a block, in a fixed order. */
export function blockWeights(structure: BlockStructure): WeightSpec[] {
  return structure.layers.flatMap(layerWeights);
}

const size = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/**
 * The initial weights, in the order of `blockWeights`; they depend on (seed, block, attempt) and on the weight's name
 * alone.
 */
export function initialWeights(
  structure: BlockStructure,
  identity: { readonly seed: number; readonly block: string; readonly attempt: number },
): Weight[] {
  const { seed, block, attempt } = identity;
  return blockWeights(structure).map(({ name, shape, start }) => {
    const data = new Float32Array(size(shape));
    if (start.kind === 'Constant') return { name, shape, data: data.fill(start.value) };
    const stream = randomStream('initial-weights', seed, block, attempt, name);
    for (let i = 0; i < data.length; i++) data[i] = (2 * stream.next() - 1) * start.limit;
    return { name, shape, data };
  });
}

/**
 * The weights of a block from a checkpoint, in the order of `blockWeights`.
 * @throws DISTILL_E_FILE_CORRUPT when one is missing or has another shape.
 */
export function weightsFrom(checkpoint: readonly NamedArray[], structure: BlockStructure): Weight[] {
  const arrays = new Map(checkpoint.map((array) => [array.name, array]));
  return blockWeights(structure).map(({ name, shape }) => {
    const array = arrays.get(name);
    if (array === undefined) throw new DistillError('DISTILL_E_FILE_CORRUPT', `A checkpoint lacks the weight ${name}.`);
    if (!isWeight(array) || array.shape.join() !== shape.join()) {
      const message = `A checkpoint holds the weight ${name} as [${array.shape.join(', ')}] and not as [${shape.join(', ')}].`;
      throw new DistillError('DISTILL_E_FILE_CORRUPT', message);
    }
    return array;
  });
}

/** Positions along one side of a convolution's output. */
function outputSize(input: number, layer: BlockLayer, side: 0 | 1): number {
  const stride = layer.strides[side];
  if (layer.padding === 'same') return Math.ceil(input / stride);
  return Math.floor((input - (layer.kernel[side] - 1) * layer.dilation[side] - 1) / stride) + 1;
}

/** Outputs that a block's loss reads in a forward pass: the block's and the teacher's. */
const COMPARED = 2;

/**
 * Number of weights of a block with this input shape, and for one sample its multiply-accumulates and the numbers that its operations and
 * its loss read and write. In the student, a batch normalisation costs one multiply-accumulate per value.
 */
export function blockCosts(
  structure: BlockStructure,
  inputShape: readonly [number, number, number],
): { params: number; macs: number; elements: number } {
  const params = blockWeights(structure).reduce((sum, weight) => sum + size(weight.shape), 0);
  let [height, width] = inputShape;
  let macs = 0;
  let elements = 0;
  let [input, output] = [height * width * inputShape[2], 0];
  for (const layer of structure.layers) {
    [height, width] = [outputSize(height, layer, 0), outputSize(width, layer, 1)];
    const area = layer.kernel[0] * layer.kernel[1];
    const { kind, inChannels, outChannels } = layer;
    const products = kind === 'Separable' ? (area + outChannels) * inChannels : area * inChannels * outChannels;
    macs += height * width * (products + (layer.normalize ? outChannels : 0));
    const between = kind === 'Separable' ? height * width * inChannels : 0;
    output = height * width * outChannels;
    elements += input + 2 * between + output + (layer.normalize ? 2 * output : 0);
    input = output;
  }
  const added = structure.skipFrom === undefined ? 0 : 2 * output;
  return { params, macs, elements: elements + added + COMPARED * output };
}
