import { internalError } from '@distillation/api/errors';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { batchNormTraining } from '../backend/batch-normalization.ts';
import type { Tf } from '../backend/tf.ts';
import { type BlockStructure, normalizationName, type BlockLayer } from './structure.ts';

/** Weights of a block by name (`sep1/depthwise_kernel`, ...): variables during training, otherwise plain tensors. */
type BlockTensors = ReadonlyMap<string, Tensor>;

/** Keras' default constants, so that the exported BatchNormalization layer computes the same. */
export const BATCH_NORM_EPSILON = 1e-3;

/** Final activations that a block can reproduce. A layer with any other is kept, with that as the reason. */
export const ACTIVATIONS: Readonly<Record<string, (tf: Tf, x: Tensor4D) => Tensor4D>> = {
  linear: (_tf, x) => x,
  relu: (tf, x) => tf.relu(x),
  relu6: (tf, x) => tf.relu6(x),
  elu: (tf, x) => tf.elu(x),
  selu: (tf, x) => tf.selu(x),
  sigmoid: (tf, x) => tf.sigmoid(x),
  tanh: (tf, x) => tf.tanh(x),
  softplus: (tf, x) => tf.softplus(x),
  swish: (tf, x) => tf.mul(x, tf.sigmoid(x)),
  silu: (tf, x) => tf.mul(x, tf.sigmoid(x)),
};

interface RunOptions {
  readonly weights: BlockTensors;
  /** Training uses batch statistics; `onStatistics` then receives them to update the moving averages of that layer. */
  readonly training: boolean;
  readonly onStatistics?: (normalization: string, mean: Tensor1D, variance: Tensor1D) => void;
}

function need(weights: BlockTensors, name: string): Tensor {
  const weight = weights.get(name);
  if (weight === undefined) throw internalError(`The block has no weight ${name}.`);
  return weight;
}

interface LayerRun extends RunOptions {
  readonly tf: Tf;
}

/** Dense layers see vectors as images of one position. */
function runDense(tf: Tf, x: Tensor4D, kernel: Tensor2D): Tensor4D {
  const [batch, height, width, channels] = x.shape;
  return tf.matMul(x.reshape<Tensor2D>([-1, channels]), kernel).reshape([batch, height, width, kernel.shape[1]]);
}

function runLayer(layer: BlockLayer, x: Tensor4D, { tf, weights, training, onStatistics }: LayerRun): Tensor4D {
  const named = (name: string): Tensor => need(weights, `${layer.name}/${name}`);
  const kernel = (name: string): Tensor4D => named(name) as Tensor4D;
  const strides: [number, number] = [layer.strides[0], layer.strides[1]];
  const dilation: [number, number] = [layer.dilation[0], layer.dilation[1]];
  const products = {
    Convolution: () => tf.conv2d(x, kernel('kernel'), strides, layer.padding, 'NHWC', dilation),
    Dense: () => runDense(tf, x, named('kernel') as Tensor2D),
    Separable: () =>
      tf.conv2d(
        tf.depthwiseConv2d(x, kernel('depthwise_kernel'), strides, layer.padding, 'NHWC', dilation),
        kernel('pointwise_kernel'),
        1,
        'same',
      ),
  };
  let y = products[layer.kind]();
  if (layer.bias) y = tf.add(y, named('bias'));
  if (layer.normalize) {
    const normalization = normalizationName(layer);
    const vector = (name: string): Tensor1D => need(weights, `${normalization}/${name}`) as Tensor1D;
    const [gamma, beta] = [vector('gamma'), vector('beta')];
    if (training) {
      const normalized = batchNormTraining(tf, { x: y, gamma, beta, epsilon: BATCH_NORM_EPSILON });
      onStatistics?.(normalization, normalized.mean, normalized.variance);
      y = normalized.y;
    } else {
      y = tf.batchNorm4d(y, vector('moving_mean'), vector('moving_variance'), beta, gamma, BATCH_NORM_EPSILON);
    }
  }
  return layer.activation === 'relu' ? tf.relu(y) : y;
}

/**
 * Output of a block for a batch, without its final activation.
 * @param x [batch, height, width, channels], the teacher's input of the replaced layer; a vector is an image of one position.
 * @returns [batch, height, width, channels] of the replaced layer's output.
 */
export function runBlockLinear(
  tf: Tf,
  structure: BlockStructure,
  { x, ...options }: RunOptions & { readonly x: Tensor4D },
): Tensor4D {
  let y = x;
  let skip = structure.skipFrom === -1 ? x : undefined;
  structure.layers.forEach((layer, i) => {
    y = runLayer(layer, y, { tf, ...options });
    if (structure.skipFrom === i) skip = y;
  });
  return skip === undefined ? y : tf.add(y, skip);
}

/** Output of a block for a batch, with its final activation; shapes as for `runBlockLinear`. */
export function runBlock(tf: Tf, structure: BlockStructure, options: RunOptions & { readonly x: Tensor4D }): Tensor4D {
  const end = ACTIVATIONS[structure.activation];
  if (end === undefined) throw internalError(`Activation ${structure.activation} is not one a block can end in.`);
  return end(tf, runBlockLinear(tf, structure, options));
}
