import { isArray, type Json, type JsonObject, numbersOf } from '../files/json.ts';

/** Shape of one sample, without the batch dimension. */
export type Shape = readonly number[];

/** The output shape of a layer, as in Keras. Undefined for a layer that does not fit its input, which TensorFlow.js reports. */
export function outputShape(className: string, config: JsonObject, inputs: readonly Shape[]): Shape | undefined {
  const [input] = inputs;
  if (className === 'InputLayer')
    return numbersOf(isArray(config['batch_input_shape']) ? config['batch_input_shape'].slice(1) : undefined);
  if (input === undefined) return undefined;
  const layout = new Layout(input, config['data_format'] === 'channels_first');
  switch (className) {
    case 'Conv1D':
    case 'Conv2D':
    case 'Conv3D':
    case 'SeparableConv2D':
      return layout.shape(layout.window(config, 'kernel_size'), numberOf(config['filters']));
    case 'DepthwiseConv2D':
      return layout.shape(
        layout.window(config, 'kernel_size'),
        layout.channels * numberOf(config['depth_multiplier'] ?? 1),
      );
    case 'Conv2DTranspose':
      return layout.shape(layout.transposed(config), numberOf(config['filters']));
    case 'MaxPooling2D':
    case 'AveragePooling2D':
      return layout.shape(layout.window(config, 'pool_size'), layout.channels);
    case 'GlobalAveragePooling2D':
    case 'GlobalMaxPooling2D':
      return config['keepdims'] === true
        ? layout.shape(
            layout.spatial.map(() => 1),
            layout.channels,
          )
        : [layout.channels];
    case 'ZeroPadding2D':
      return layout.shape(layout.bordered(config['padding'] ?? 1, 1), layout.channels);
    case 'Cropping2D':
      return layout.shape(layout.bordered(config['cropping'] ?? 0, -1), layout.channels);
    case 'UpSampling2D': {
      const factors = spread(config['size'] ?? 2, 2);
      return layout.shape(
        layout.spatial.map((size, i) => size * (factors[i] ?? 1)),
        layout.channels,
      );
    }
    case 'Dense':
      return [...input.slice(0, -1), numberOf(config['units'])];
    case 'Flatten':
      return [product(input)];
    case 'Reshape':
      return reshaped(config['target_shape'], product(input));
    case 'Permute':
      return (numbersOf(config['dims']) ?? []).map((dim) => input[dim - 1] ?? NaN);
    case 'Channels':
      return [...input.slice(0, -1), numbersOf(config['indices'])?.length ?? input.at(-1) ?? NaN];
    case 'Concatenate': {
      const axis = axisOf(config['axis'] ?? -1, input.length);
      return input.map((size, i) =>
        i === axis ? inputs.reduce((total, shape) => total + (shape[i] ?? NaN), 0) : size,
      );
    }
    default:
      return inputs.reduce(broadcast);
  }
}

/** Which axes of a sample are spatial and which one is the channels. */
class Layout {
  readonly #first: boolean;
  readonly spatial: Shape;
  readonly channels: number;

  constructor(shape: Shape, first: boolean) {
    this.#first = first;
    this.spatial = first ? shape.slice(1) : shape.slice(0, -1);
    this.channels = (first ? shape[0] : shape.at(-1)) ?? NaN;
  }

  shape(spatial: Shape, channels: number): Shape {
    return this.#first ? [channels, ...spatial] : [...spatial, channels];
  }

  /** Number of positions of a window. */
  window(config: JsonObject, key: 'kernel_size' | 'pool_size'): Shape {
    const rank = this.spatial.length;
    const sizes = spread(config[key] ?? 2, rank);
    const strides =
      config['strides'] === undefined || config['strides'] === null
        ? key === 'pool_size'
          ? sizes
          : spread(1, rank)
        : spread(config['strides'], rank);
    const dilation = spread(config['dilation_rate'] ?? 1, rank);
    return this.spatial.map((size, i) => {
      const reach = ((sizes[i] ?? 1) - 1) * (dilation[i] ?? 1);
      return Math.ceil((config['padding'] === 'same' ? size : size - reach) / (strides[i] ?? 1));
    });
  }

  transposed(config: JsonObject): Shape {
    const rank = this.spatial.length;
    const sizes = spread(config['kernel_size'] ?? 1, rank);
    const strides = spread(config['strides'] ?? 1, rank);
    const dilation = spread(config['dilation_rate'] ?? 1, rank);
    return this.spatial.map((size, i) => {
      const stride = strides[i] ?? 1;
      const reach = ((sizes[i] ?? 1) - 1) * (dilation[i] ?? 1) + 1;
      return size * stride + (config['padding'] === 'same' ? 0 : Math.max(reach - stride, 0));
    });
  }

  bordered(value: Json, sign: 1 | -1): Shape {
    const borders = isArray(value) ? value : [value, value];
    return this.spatial.map((size, i) => {
      const [before = 0, after = before] = numbersOf(borders[i]) ?? [];
      return size + sign * (before + after);
    });
  }
}

/** One value per dimension, where Keras allows one for all. */
export function spread(value: Json, rank: number): number[] {
  const numbers = numbersOf(value) ?? [];
  return numbers.length === rank ? numbers : Array.from({ length: rank }, () => numbers[0] ?? NaN);
}

/** Index of an axis within a sample; `value` counts the batch dimension, or from the end. */
export function axisOf(value: Json, rank: number): number {
  const axis = numberOf(value);
  return axis < 0 ? rank + axis : axis - 1;
}

function reshaped(target: Json | undefined, size: number): Shape {
  const sizes = numbersOf(isArray(target) ? target.map((item) => item ?? -1) : target) ?? [];
  const known = sizes.filter((item) => item >= 0).reduce((total, item) => total * item, 1);
  return sizes.map((item) => (item >= 0 ? item : size / known));
}

/** Shapes of lower rank get leading ones, as in Keras' merging layers. */
function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const pad = (shape: Shape): Shape => [...Array.from({ length: rank - shape.length }, () => 1), ...shape];
  const other = pad(b);
  return pad(a).map((size, i) => (size === 1 ? (other[i] ?? NaN) : size));
}

function product(shape: Shape): number {
  return shape.reduce((total, size) => total * size, 1);
}

function numberOf(value: Json | undefined): number {
  return typeof value === 'number' ? value : NaN;
}
