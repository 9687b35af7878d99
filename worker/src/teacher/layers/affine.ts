import { isArray, type Json, type JsonObject, numbersOf } from '../files/json.ts';
import type { WeightArray } from './weight-array.ts';
import { lastAxisValues } from './attributes.ts';
import { chain, type Part, type Placed } from './parts.ts';
import { refusedValue } from './refusals.ts';
import { axisOf } from './shapes.ts';

/**
 * A Normalization, or a Rescaling with a factor per channel, as a 1x1 depthwise convolution; undefined for a Rescaling with one
 * factor.
 * @throws DISTILL_E_TEACHER_LAYER unless it amounts to one factor and one offset per channel.
 */
export function affineParts(layer: Placed): readonly Part[] | undefined {
  const found = layer.className === 'Rescaling' ? rescaling(layer) : normalization(layer);
  if (found === undefined) return undefined;
  const channels = layer.input.at(-1) ?? 0;
  const spread = (values: readonly number[]): number[] =>
    Array.from({ length: channels }, (_, channel) => values[values.length === 1 ? 0 : channel] ?? NaN);
  const weights = new Map<string, WeightArray>([
    ['depthwise_kernel', { shape: [1, 1, channels, 1], data: Float32Array.from(spread(found.scale)) }],
    ['bias', { shape: [channels], data: Float32Array.from(spread(found.offset)) }],
  ]);
  const depthwise = { className: 'DepthwiseConv2D', config: DEPTHWISE, weights, origin: layer.className };
  if (layer.input.length === 3) return chain({ ...depthwise, name: '' });
  const image = [1, layer.input.slice(0, -1).reduce((total, size) => total * size, 1), channels];
  return chain(
    { name: '', className: 'Reshape', config: { target_shape: image } },
    { ...depthwise, name: 'affine' },
    { name: 'restored', className: 'Reshape', config: { target_shape: layer.input } },
  );
}

/** Output = input * scale + offset: one value for all channels, or one per channel. */
interface Affine {
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}

function rescaling(layer: Placed): Affine | undefined {
  const { scale, offset } = layer.config;
  if (!isArray(scale) && !isArray(offset)) return undefined;
  return { scale: channelValues(layer, 'scale', scale ?? 1), offset: channelValues(layer, 'offset', offset ?? 0) };
}

function normalization(layer: Placed): Affine {
  const { config, weights } = layer;
  const adapted = weights.get('mean');
  const rank = layer.input.length;
  const axes = numbersOf(config['axis'] ?? []) ?? [];
  const kept = new Set(axes.map((axis) => axisOf(axis, rank)).filter((axis) => layer.input[axis] !== 1));
  const includesLast = axes.some((axis) => axisOf(axis, rank) === rank - 1);
  kept.delete(rank - 1);
  // One value for all is the same for any axes; lists are for the last axis.
  const given = adapted === undefined && (includesLast || (!isArray(config['mean']) && !isArray(config['variance'])));
  if (kept.size > 0 && !given) {
    const wayOut = 'Keep one mean and variance a channel, or one for all: axis=-1 or axis=None.';
    throw refusedValue(layer, ['axis', config['axis'] ?? null], wayOut);
  }
  const mean = adapted === undefined ? channelValues(layer, 'mean', config['mean'] ?? null) : [...adapted.data];
  const found = weights.get('variance');
  const variance = found === undefined ? channelValues(layer, 'variance', config['variance'] ?? null) : [...found.data];
  // Keras uses at least its epsilon as the deviation.
  const deviation = variance.map((value) => Math.max(Math.sqrt(value), 1e-7));
  const length = Math.max(mean.length, deviation.length);
  const means = Array.from({ length }, (_, c) => mean[mean.length === 1 ? 0 : c] ?? NaN);
  const deviations = Array.from({ length }, (_, c) => deviation[deviation.length === 1 ? 0 : c] ?? NaN);
  if (config['invert'] === true) return { scale: deviations, offset: means };
  const scale = deviations.map((value) => 1 / value);
  return { scale, offset: means.map((value, c) => -value * (scale[c] ?? 1)) };
}

function channelValues(layer: Placed, key: string, value: Json): readonly number[] {
  const values = lastAxisValues(value);
  if (values !== undefined && (values.length === 1 || values.length === layer.input.at(-1))) return values;
  const wayOut = `Give one number, or one a channel (${layer.input.at(-1) ?? 0}).`;
  throw refusedValue(layer, [key, value], wayOut);
}

const ZEROS = { class_name: 'Zeros', config: {} };

const DEPTHWISE: JsonObject = {
  kernel_size: [1, 1],
  strides: [1, 1],
  padding: 'valid',
  use_bias: true,
  activation: 'linear',
  depthwise_initializer: ZEROS,
  bias_initializer: ZEROS,
  // Belongs to the preprocessing of images, which fine-tuning must not change.
  trainable: false,
};
