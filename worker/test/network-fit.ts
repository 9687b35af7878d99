import type { Json, JsonObject } from '../src/teacher/files/json.ts';
import type { Step } from './networks.ts';

/** Adapts randomly drawn layers to the images that reach them. */

export type Shape = readonly [height: number, width: number, channels: number];

export interface Fitted {
  readonly config: JsonObject;
  readonly shape: Shape;
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

const pair = (value: Json | undefined, otherwise: readonly [number, number]): readonly [number, number] =>
  Array.isArray(value) ? (value as unknown as readonly [number, number]) : otherwise;

/**
 * The layer adapted to an image of this shape: its config, its output shape and the shapes of its weights; undefined when it cannot
 * be.
 */
export function fit(
  { className, config }: Extract<Step, { kind: 'layer' }>,
  [height, width, channels]: Shape,
): Fitted | undefined {
  const bias = (count: number): Record<string, number[]> => (config['use_bias'] === false ? {} : { bias: [count] });
  const filters = Number(config['filters'] ?? channels);
  const kernel = pair(config['kernel_size'], [1, 1]);
  const places = (window: readonly [number, number], otherwise: readonly [number, number]): [number, number] => {
    const strides = pair(config['strides'], otherwise);
    const dilation = pair(config['dilation_rate'], [1, 1]);
    return ([height, width] as const).map((size, i) => {
      const reach = ((window[i] ?? 1) - 1) * (dilation[i] ?? 1);
      return Math.ceil((config['padding'] === 'same' ? size : size - reach) / (strides[i] ?? 1));
    }) as [number, number];
  };
  const positive = (fitted: Fitted): Fitted | undefined =>
    fitted.shape.every((size) => size > 0 && size <= 40) ? fitted : undefined;
  switch (className) {
    case 'Conv2D': {
      const groups = channels % 2 === 0 && filters % 2 === 0 ? Number(config['groups']) : 1;
      return positive({
        config: { ...config, groups },
        shape: [...places(kernel, [1, 1]), filters],
        weights: { kernel: [...kernel, channels / groups, filters], ...bias(filters) },
      });
    }
    case 'Conv2DTranspose': {
      const strides = pair(config['strides'], [1, 1]);
      const grown = ([height, width] as const).map(
        (size, i) =>
          size * (strides[i] ?? 1) +
          (config['padding'] === 'same' ? 0 : Math.max((kernel[i] ?? 1) - (strides[i] ?? 1), 0)),
      ) as [number, number];
      return positive({
        config,
        shape: [...grown, filters],
        weights: { kernel: [...kernel, filters, channels], ...bias(filters) },
      });
    }
    case 'DepthwiseConv2D': {
      const multiplier = Number(config['depth_multiplier']);
      return positive({
        config,
        shape: [...places(kernel, [1, 1]), channels * multiplier],
        weights: { depthwise_kernel: [...kernel, channels, multiplier], ...bias(channels * multiplier) },
      });
    }
    case 'SeparableConv2D':
      return positive({
        config,
        shape: [...places(kernel, [1, 1]), filters],
        weights: {
          depthwise_kernel: [...kernel, channels, 1],
          pointwise_kernel: [1, 1, channels, filters],
          ...bias(filters),
        },
      });
    case 'BatchNormalization':
      return {
        config,
        shape: [height, width, channels],
        weights: {
          ...(config['scale'] === true && { gamma: [channels] }),
          ...(config['center'] === true && { beta: [channels] }),
          moving_mean: [channels],
          moving_variance: [channels],
        },
      };
    case 'PReLU': {
      const shared = Array.isArray(config['shared_axes']) ? (config['shared_axes'] as readonly number[]) : [];
      const alpha = [height, width, channels].map((size, axis) => (shared.includes(axis + 1) ? 1 : size));
      return { config, shape: [height, width, channels], weights: { alpha } };
    }
    case 'Normalization': {
      const size = config['axis'] === null ? [] : [channels];
      const weights: Record<string, number[]> = 'mean' in config ? {} : { mean: size, variance: size };
      return { config, shape: [height, width, channels], weights };
    }
    case 'Rescaling': {
      // A list of one element stands for one value per channel.
      const spread = (value: Json | undefined): Json =>
        Array.isArray(value) ? Array.from({ length: channels }, (_, c) => Number(value[0]) + c / 8) : (value ?? null);
      const scale = spread(config['scale']);
      return { config: { scale, offset: spread(config['offset']) }, shape: [height, width, channels], weights: {} };
    }
    case 'MaxPooling2D':
    case 'AveragePooling2D': {
      const window = pair(config['pool_size'], [2, 2]);
      return positive({ config, shape: [...places(window, window), channels], weights: {} });
    }
    case 'UpSampling2D': {
      const [down, across] = pair(config['size'], [2, 2]);
      return positive({ config, shape: [height * down, width * across, channels], weights: {} });
    }
    case 'ZeroPadding2D':
    case 'Cropping2D': {
      const key = className === 'Cropping2D' ? 'cropping' : 'padding';
      const [rows = [], columns = []] = config[key] as unknown as readonly (readonly number[])[];
      const sign = className === 'Cropping2D' ? -1 : 1;
      const sum = (values: readonly number[]): number => sign * values.reduce((total, value) => total + value, 0);
      return positive({ config, shape: [height + sum(rows), width + sum(columns), channels], weights: {} });
    }
    case 'Permute': {
      const dims = config['dims'] as unknown as readonly number[];
      const shape = dims.map((dim) => [height, width, channels][dim - 1] ?? 1) as [number, number, number];
      return { config, shape, weights: {} };
    }
    default:
      return { config, shape: [height, width, channels], weights: {} };
  }
}
