import { entryOf, isArray, type Json, numbersOf } from '../files/json.ts';
import { activationParts } from './activations.ts';
import { affineParts } from './affine.ts';
import { exceedsOne } from './attributes.ts';
import { dilate, ungroup } from './kernels.ts';
import { chain, INPUT, type Part, type Placed, without } from './parts.ts';
import { axisOf, outputShape, spread } from './shapes.ts';
import { refusedValue } from './refusals.ts';
import { CHANNELS, reorderedChannels } from './reorder.ts';

/**
 * The layers that compute what a Keras layer does when TensorFlow.js lacks it or computes something else; undefined when it needs
 * no rewriting. A part may need rewriting itself.
 * @throws DISTILL_E_TEACHER_LAYER for what cannot be expressed.
 */
export function rewrite(layer: Placed): readonly Part[] | undefined {
  return withActivationBehind(layer) ?? entryOf(REWRITES, layer.className)?.(layer);
}

type Rewrite = (layer: Placed) => readonly Part[] | undefined;

const grouped: Rewrite = ({ className, config, weights }) => {
  const groups = config['groups'];
  if (typeof groups !== 'number') return undefined;
  const kernel = weights.get('kernel');
  const plain = { name: '', className, config: without(config, 'groups'), inputs: [INPUT] };
  if (groups === 1 || kernel === undefined) return [plain];
  const dense = new Map(weights).set('kernel', ungroup(kernel, groups));
  return [{ ...plain, weights: dense, origin: `${className} with ${groups} groups` }];
};

/**
 * TensorFlow.js ignores the dilation of these layers, or TensorFlow does not support it on a CPU; zeros in the kernel have the same
 * effect.
 */
const undilated =
  (key: string): Rewrite =>
  ({ className, config, weights }) => {
    const rates = config['dilation_rate'];
    const kernel = weights.get(key);
    if (rates === undefined || !exceedsOne(rates) || kernel === undefined) return undefined;
    const all = spread(rates, kernel.shape.length - 2);
    const stuffed = dilate(kernel, all);
    return [
      {
        name: '',
        className,
        config: { ...without(config, 'dilation_rate'), kernel_size: stuffed.shape.slice(0, -2) },
        inputs: [INPUT],
        weights: new Map(weights).set(key, stuffed),
        origin: `${className} with dilation ${all.join('x')}`,
      },
    ];
  };

/** TensorFlow.js does not write the multiplier to the config; the kernel's shape shows it. */
const multiplied: Rewrite = ({ className, config, weights }) => {
  const multiplier = weights.get('depthwise_kernel')?.shape.at(-1);
  if (config['depth_multiplier'] !== undefined || multiplier === undefined) return undefined;
  return chain({ name: '', className, config: { ...config, depth_multiplier: multiplier } });
};

const keepDimensions: Rewrite = ({ className, config, input }) => {
  if (!('keepdims' in config)) return undefined;
  const target = config['keepdims'] === true ? outputShape(className, config, [input]) : undefined;
  return chain(
    { name: '', className, config: without(config, 'keepdims') },
    target === undefined
      ? undefined
      : { name: 'keepdims', className: 'Reshape', config: { target_shape: target }, origin: className },
  );
};

/**
 * Keras interpolates between the centres of pixels, TensorFlow.js between their corners. Linear interpolation by whole factors is
 * an average over repeated pixels: for an odd factor f over f neighbours; for an even one over 2f, with every pixel repeated 2f
 * times, at every other position. At the borders the average counts only the pixels inside, which are all equal there.
 */
const centredBilinear: Rewrite = ({ className, config }) => {
  if (config['half_pixel_centers'] !== true) return undefined;
  const factors = spread(config['size'] ?? 2, 2);
  const pool_size = factors.map((factor) => (factor % 2 === 0 ? 2 * factor : factor));
  const strides = factors.map((factor) => (factor % 2 === 0 ? 2 : 1));
  const data_format = config['data_format'] ?? 'channels_last';
  return chain(
    { name: '', className, config: { size: pool_size, data_format, interpolation: 'nearest' } },
    { name: 'bilinear', className: 'AveragePooling2D', config: { pool_size, strides, padding: 'same', data_format } },
  );
};

const elu: Rewrite = ({ config }) => {
  const alpha = config['alpha'];
  if (typeof alpha !== 'number' || alpha === 1) return undefined;
  // alpha * elu(x) + (1 - alpha) * relu(x)
  return [
    ...chain(
      { name: '', className: 'ELU', config: {} },
      { name: 'alpha', className: 'Rescaling', config: { scale: alpha, offset: 0 } },
    ),
    ...chain(
      { name: 'relu', className: 'ReLU', config: {} },
      { name: 'rest', className: 'Rescaling', config: { scale: 1 - alpha, offset: 0 } },
    ),
    { name: 'add', className: 'Add', config: {}, inputs: ['alpha', 'rest'] },
  ];
};

const leakyReLU: Rewrite = ({ config }) => {
  if (!('negative_slope' in config)) return undefined;
  const { negative_slope: slope, max_value: max } = config;
  if (typeof slope !== 'number' || slope === 0) {
    return [{ name: '', className: 'ReLU', config: without(config, 'negative_slope'), inputs: [INPUT] }];
  }
  const leaky = { name: '', className: 'LeakyReLU', config: { alpha: slope } };
  if (typeof max !== 'number') return chain(leaky);
  // min(y, max) = max - relu(max - y)
  const mirrored = { className: 'Rescaling', config: { scale: -1, offset: max } };
  return chain(
    leaky,
    { ...mirrored, name: 'mirrored' },
    { name: 'clipped', className: 'ReLU', config: {} },
    { ...mirrored, name: 'restored' },
  );
};

/** TensorFlow.js computes a softmax along the last dimension alone, or along several. */
const softmax: Rewrite = (layer) => {
  const { config, input } = layer;
  const axes = (numbersOf(config['axis'] ?? -1) ?? []).map((axis) => axisOf(axis, input.length));
  const last = input.length - 1;
  const [axis = last] = axes;
  if (axes.some((each) => each < 0 || each > last)) {
    throw refusedValue(layer, ['axis', config['axis'] ?? null], 'Use an axis of the sample, not of the batch.');
  }
  if (axes.length > 1 || config['axis'] === -1) return undefined;
  if (axis === last) return [{ name: '', className: 'Softmax', config: { axis: -1 }, inputs: [INPUT] }];
  const dims = input.map((_, i) => (i === axis ? last : i === last ? axis : i) + 1);
  return chain(
    { name: '', className: 'Permute', config: { dims } },
    { name: 'softmax', className: 'Softmax', config: { axis: -1 } },
    { name: 'restored', className: 'Permute', config: { dims } },
  );
};

/** Of the negative axes TensorFlow.js handles only the last one correctly. */
const concatenate: Rewrite = ({ config, input }) => {
  const axis = config['axis'];
  if (typeof axis !== 'number' || axis >= -1) return undefined;
  return [{ name: '', className: 'Concatenate', config: { axis: axis + input.length + 1 }, inputs: [INPUT] }];
};

/** Sizes replace -1, from which TensorFlow.js could not tell the channels for the next layer. */
const reshape: Rewrite = ({ config, input }) => {
  const target = config['target_shape'];
  const sizes = outputShape('Reshape', config, [input]);
  if (sizes === undefined || !isOpen(target) || sizes.some((size) => !Number.isInteger(size))) return undefined;
  return [{ name: '', className: 'Reshape', config: { target_shape: sizes }, inputs: [INPUT] }];
};

function isOpen(target: Json | undefined): boolean {
  return isArray(target) && target.some((size) => typeof size !== 'number' || size < 0);
}

/** TensorFlow.js cannot flatten a sample that is already flat. */
const flatten: Rewrite = ({ config, input }) => {
  if (input.length === 1) return chain({ name: '', className: 'Reshape', config: { target_shape: input } });
  if (config['data_format'] === undefined || config['data_format'] === 'channels_first') return undefined;
  return chain({ name: '', className: 'Flatten', config: without(config, 'data_format') });
};

const normalizeBatches: Rewrite = (layer) => {
  if (layer.input.length <= 3) return undefined;
  const wayOut = 'Reshape its input to four dimensions or fewer: TensorFlow.js normalises no more.';
  throw refusedValue(layer, ['axis', layer.config['axis'] ?? -1], wayOut);
};

const REWRITES: Readonly<Record<string, Rewrite>> = {
  Conv1D: grouped,
  Conv2D: grouped,
  Conv3D: (layer) => grouped(layer) ?? undilated('kernel')(layer),
  Concatenate: concatenate,
  Conv2DTranspose: undilated('kernel'),
  DepthwiseConv2D: undilated('depthwise_kernel'),
  SeparableConv2D: multiplied,
  GlobalAveragePooling2D: keepDimensions,
  GlobalMaxPooling2D: keepDimensions,
  UpSampling2D: centredBilinear,
  ELU: elu,
  ReLU: leakyReLU,
  Softmax: softmax,
  Reshape: reshape,
  Flatten: flatten,
  BatchNormalization: normalizeBatches,
  Normalization: affineParts,
  Rescaling: affineParts,
  [CHANNELS]: reorderedChannels,
};

/** A layer with an activation that TensorFlow.js lacks: the layer without it, followed by the activation's parts. */
function withActivationBehind({ className, config }: Placed): readonly Part[] | undefined {
  const parts = activationParts(config['activation']);
  if (parts === undefined) return undefined;
  if (className === 'Activation') return parts;
  const nameOf = (name: string): string => (name === INPUT ? '' : `activation${name}`);
  return [
    { name: '', className, config: { ...config, activation: 'linear' }, inputs: [INPUT] },
    ...parts.map((part) => ({ ...part, name: nameOf(part.name), inputs: part.inputs.map(nameOf) })),
  ];
}
