import type { JsonObject } from '../files/json.ts';
import { activationOf } from './activations.ts';
import { type Attribute, computed, exceedsOne, fixed, flag, isUneven, oneOf, whole } from './attributes.ts';
import { type LayerKind, weightKeys } from './kind.ts';

/** The kinds of layers that have kernels. */

export const activation: Attribute = computed(
  '[an activation](#activations), or a ReLU, LeakyReLU, ELU or Softmax layer',
  {
    refused: 'others',
    wayOut: (value, { dialect }) =>
      activationOf(value, dialect) === undefined
        ? 'Use an activation that docs/reference/teachers.md lists, or build it from layers.'
        : undefined,
  },
);

/** For these layers TensorFlow.js does not transpose the output back. */
const channelsLast = oneOf(['channels_last'], {
  refused: '`channels_first`: TensorFlow.js computes another output',
  wayOut: 'Use "channels_last", with a Permute layer before it and one behind it.',
});

export const dataFormat = oneOf(['channels_last', 'channels_first']);

const padding = oneOf(['valid', 'same'], {
  refused: '`causal`: TensorFlow.js has none',
  wayOut: 'Pad with zeros in front of the layer and use "valid".',
});

const dilation = whole(1, {
  refused: 'more than 1 together with strides of more than 1: TensorFlow has none',
  wayOut: (value, { config }) =>
    exceedsOne(value) && exceedsOne(config['strides']) ? 'Use strides or a dilation, not both.' : undefined,
});

/** TensorFlow.js ignores the dilation: a layer saved by TensorFlow.js does not compute what its config says. */
const dilationUnlessOwn = whole(1, {
  refused: 'more than 1 in a model that TensorFlow.js itself has made: it leaves the dilation out',
  wayOut: (value, { dialect }) =>
    exceedsOne(value) && dialect === 'TensorFlow.js' ? 'Save the model with Keras.' : undefined,
});

const evenStrides = whole(1, {
  refused: 'different ones down and across: TensorFlow has none',
  wayOut: (value) => (isUneven(value) ? 'Use the same stride in both directions.' : undefined),
});

const groups = whole(1);
const noGroups = fixed(1, 'more than 1: Keras itself does not compute them', 'Leave the groups out.');

const quantized = fixed(null, 'any: a quantised layer', 'Save the model as it was before it was quantised.');
/** Adapters that were not merged into the kernel. */
const ADAPTERS = {
  lora_rank: fixed(null, 'any: weights beside the kernel', 'Merge the adapter into the kernel before saving.'),
  lora_alpha: fixed(null, 'any: weights beside the kernel', 'Merge the adapter into the kernel before saving.'),
  quantization_config: quantized,
};

const BASE = {
  filters: whole(1),
  kernel_size: whole(1),
  strides: whole(1),
  padding,
  data_format: dataFormat,
  dilation_rate: dilation,
  groups,
  use_bias: flag,
  activation,
  ...ADAPTERS,
};

const withBias =
  (...names: string[]) =>
  (config: JsonObject): string[] =>
    config['use_bias'] === false ? names : [...names, 'bias'];

const convolution: LayerKind = {
  attributes: { ...BASE, ...weightKeys('kernel', 'bias') },
  initializers: ['kernel_initializer', 'bias_initializer'],
  weights: withBias('kernel'),
  note: 'Groups become a dense kernel with zeros between the groups.',
};

export const CONVOLUTIONS: Readonly<Record<string, LayerKind>> = {
  Conv1D: { ...convolution, attributes: { ...convolution.attributes, data_format: channelsLast } },
  Conv2D: convolution,
  Conv3D: convolution,
  Conv2DTranspose: {
    ...convolution,
    attributes: {
      ...convolution.attributes,
      dilation_rate: dilationUnlessOwn,
      groups: noGroups,
      output_padding: fixed(null, 'any: TensorFlow.js has none', 'Leave it out, and crop or pad behind the layer.'),
    },
    note: 'A dilation becomes zeros between the rows and columns of the kernel.',
  },
  DepthwiseConv2D: {
    attributes: {
      depth_multiplier: whole(1),
      ...without(BASE, 'filters'),
      strides: evenStrides,
      dilation_rate: dilationUnlessOwn,
      groups: noGroups,
      ...weightKeys('depthwise', 'bias'),
      ...weightKeys('kernel'),
    },
    initializers: ['depthwise_initializer', 'bias_initializer'],
    weights: withBias('depthwise_kernel'),
    note: 'A dilation becomes zeros between the rows and columns of the kernel.',
  },
  SeparableConv2D: {
    attributes: {
      filters: whole(1),
      depth_multiplier: whole(1),
      ...without(BASE, 'filters'),
      strides: evenStrides,
      data_format: channelsLast,
      groups: noGroups,
      ...weightKeys('depthwise', 'pointwise', 'bias'),
      ...weightKeys('kernel'),
    },
    initializers: ['depthwise_initializer', 'pointwise_initializer', 'bias_initializer'],
    weights: withBias('depthwise_kernel', 'pointwise_kernel'),
  },
  Dense: {
    attributes: { units: whole(1), use_bias: flag, activation, ...ADAPTERS, ...weightKeys('kernel', 'bias') },
    initializers: ['kernel_initializer', 'bias_initializer'],
    weights: withBias('kernel'),
  },
};

function without(attributes: Readonly<Record<string, Attribute>>, key: string): Record<string, Attribute> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== key));
}
