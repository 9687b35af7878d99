import fc from 'fast-check';
import type { Json } from '../src/teacher/files/json.ts';

/** Small networks of every kind that the reader supports, drawn by fast-check. */

/** A network to be written; steps that do not fit the preceding shape are left out. */
export interface Drawn {
  readonly keras: '2.15.0' | '3.8.0';
  readonly input: readonly [height: number, width: number, channels: number];
  readonly name: string;
  readonly steps: readonly Step[];
  readonly head: Head;
}

type Settings = Readonly<Record<string, Json>>;

/** One step of a chain of layers that ends in an image. */
export type Step =
  | { readonly kind: 'layer'; readonly name: string; readonly className: string; readonly config: Settings }
  /** Arithmetic with a constant, or a reversal of the channels, as Keras 2 writes operations. */
  | { readonly kind: 'operation'; readonly name: string; readonly function: string; readonly options: Settings }
  /** Two branches and a layer that joins them. */
  | { readonly kind: 'branch'; readonly name: string; readonly className: string; readonly inside: readonly Step[] }
  /** One convolution, applied twice. */
  | { readonly kind: 'shared'; readonly name: string; readonly config: Settings }
  | {
      readonly kind: 'model';
      readonly name: string;
      readonly className: 'Functional' | 'Sequential';
      readonly inside: readonly Step[];
    };

interface Head {
  readonly pool: 'GlobalAveragePooling2D' | 'GlobalMaxPooling2D' | 'Flatten';
  readonly units: number;
  readonly ends: 'linear' | 'softmax' | 'sigmoid' | 'Softmax' | 'Activation';
  readonly name: string;
}

const SIZE = fc.integer({ min: 1, max: 3 });
const PADDING = fc.constantFrom('valid', 'same');
const NUMBER = fc.integer({ min: -20, max: 20 }).map((value) => value / 8);
const POSITIVE = fc.integer({ min: 1, max: 24 }).map((value) => value / 8);
const NAMES = fc.constantFrom(
  'conv',
  'block1/conv',
  'a.b-c_d',
  'conv layer 1',
  'conv*1',
  'onnx::Conv_12:0',
  'Faltung größer',
  '層',
  '卷積',
  '🙂',
  '_leading',
  '__proto__',
  'constructor',
  'kernel',
  'two_classes',
  'long'.repeat(90),
);

const ACTIVATIONS = fc.constantFrom(
  ...['linear', 'relu', 'relu6', 'elu', 'selu', 'gelu', 'sigmoid', 'softmax', 'softplus', 'softsign', 'tanh', 'swish'],
  ...['hard_sigmoid', 'mish', 'leaky_relu', 'log_softmax', 'hard_silu', 'tanh_shrink', 'log_sigmoid', 'hard_tanh'],
);
const INLINE = fc.oneof(
  { weight: 4, arbitrary: ACTIVATIONS },
  POSITIVE.map((alpha): Json => ({ class_name: 'LeakyReLU', config: { name: 'inside', alpha } })),
);

const STRIDES = fc.constantFrom(
  { strides: [1, 1], dilation_rate: [1, 1] },
  { strides: [2, 2], dilation_rate: [1, 1] },
  { strides: [1, 1], dilation_rate: [2, 2] },
);

const record = (shape: Record<string, fc.Arbitrary<Json>>): fc.Arbitrary<Settings> => fc.record(shape);

const convolution = fc
  .tuple(
    record({
      filters: fc.constantFrom(1, 2, 4),
      kernel_size: fc.tuple(SIZE, SIZE),
      padding: PADDING,
      use_bias: fc.boolean(),
      activation: INLINE,
      groups: fc.constantFrom(1, 1, 2),
    }),
    STRIDES,
  )
  .map(([config, strides]): Settings => ({ ...config, ...strides }));

const LAYERS: Readonly<Record<string, fc.Arbitrary<Settings>>> = {
  Conv2D: convolution,
  Conv2DTranspose: record({
    filters: SIZE,
    kernel_size: fc.tuple(SIZE, SIZE),
    padding: PADDING,
    use_bias: fc.boolean(),
    strides: fc.constantFrom([1, 1], [2, 2]),
    activation: ACTIVATIONS,
  }),
  DepthwiseConv2D: fc
    .tuple(record({ depth_multiplier: SIZE, kernel_size: fc.tuple(SIZE, SIZE), padding: PADDING }), STRIDES)
    .map(([config, strides]): Settings => ({ ...config, ...strides, activation: 'linear', use_bias: true })),
  SeparableConv2D: fc
    .tuple(
      record({ filters: SIZE, kernel_size: fc.tuple(SIZE, SIZE), padding: PADDING, use_bias: fc.boolean() }),
      STRIDES,
    )
    .map(([config, strides]): Settings => ({ ...config, ...strides, depth_multiplier: 1, activation: 'relu' })),
  BatchNormalization: record({
    axis: fc.constant(-1),
    epsilon: fc.constantFrom(1e-3, 1.001e-5),
    momentum: fc.constantFrom(0.9, 0.99),
    center: fc.boolean(),
    scale: fc.boolean(),
  }),
  Activation: record({ activation: ACTIVATIONS }),
  ReLU: record({
    max_value: fc.constantFrom(null, 1, 6),
    negative_slope: fc.constantFrom(0, 0.25),
    threshold: fc.constant(0),
  }),
  LeakyReLU: record({ alpha: POSITIVE }),
  PReLU: record({ shared_axes: fc.constantFrom(null, [1], [2], [1, 2]) }),
  ELU: record({ alpha: POSITIVE }),
  Softmax: record({ axis: fc.constantFrom(-1, 1, 2, 3) }),
  Rescaling: record({
    scale: fc.oneof(NUMBER, fc.tuple(NUMBER)),
    offset: fc.oneof(NUMBER, fc.tuple(NUMBER)),
  }),
  Normalization: fc.oneof(
    record({ axis: fc.constantFrom([-1], [3], null), invert: fc.boolean() }),
    record({ axis: fc.constant([-1]), mean: NUMBER, variance: POSITIVE }),
  ),
  MaxPooling2D: record({ pool_size: fc.tuple(SIZE, SIZE), strides: fc.constantFrom(null, [1, 1]), padding: PADDING }),
  AveragePooling2D: record({
    pool_size: fc.tuple(SIZE, SIZE),
    strides: fc.constantFrom(null, [2, 1]),
    padding: PADDING,
  }),
  UpSampling2D: record({ size: fc.tuple(SIZE, SIZE), interpolation: fc.constantFrom('nearest', 'bilinear') }),
  ZeroPadding2D: record({
    padding: fc.tuple(fc.tuple(fc.nat(1), fc.nat(2)), fc.tuple(fc.nat(1), fc.nat(1))).map((border): Json => border),
  }),
  Cropping2D: record({
    cropping: fc.tuple(fc.tuple(fc.nat(1), fc.nat(1)), fc.tuple(fc.nat(1), fc.nat(0))).map((border): Json => border),
  }),
  Permute: record({ dims: fc.constantFrom([2, 1, 3], [1, 2, 3], [3, 1, 2]) }),
  Dropout: record({ rate: fc.constantFrom(0.1, 0.5) }),
  SpatialDropout2D: record({ rate: fc.constant(0.2) }),
  GaussianNoise: record({ stddev: fc.constant(0.1) }),
};

const layer: fc.Arbitrary<Step> = fc.oneof(
  ...Object.entries(LAYERS).map(([className, settings]) => ({
    weight: className === 'Conv2D' ? 4 : 1,
    arbitrary: fc.record({
      kind: fc.constant('layer' as const),
      name: NAMES,
      className: fc.constant(className),
      config: settings,
    }),
  })),
);

const constant = fc.oneof(
  NUMBER.filter((value) => value !== 0),
  fc.constant('channels'),
);

const operation: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('operation' as const),
    name: NAMES,
    function: fc.constantFrom('math.truediv', 'math.multiply', '__operators__.add', 'math.subtract', 'nn.bias_add'),
    options: record({ y: constant }),
  }),
  fc.record({
    kind: fc.constant('operation' as const),
    name: NAMES,
    function: fc.constant('__operators__.getitem'),
    options: record({
      slice_spec: fc.constant([{ class_name: '__ellipsis__' }, { start: null, stop: null, step: -1 }] as Json),
    }),
  }),
);

const simple = fc.oneof({ weight: 5, arbitrary: layer }, { weight: 1, arbitrary: operation });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: simple },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('branch' as const),
      name: NAMES,
      className: fc.constantFrom('Add', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate', 'Subtract'),
      inside: fc.array(simple, { maxLength: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('shared' as const), name: NAMES, config: convolution }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('model' as const),
      name: NAMES,
      className: fc.constantFrom('Functional' as const, 'Sequential' as const),
      inside: fc.array(layer, { minLength: 1, maxLength: 3 }),
    }),
  },
);

export const drawnNetwork: fc.Arbitrary<Drawn> = fc.record({
  keras: fc.constantFrom('2.15.0' as const, '3.8.0' as const),
  input: fc.constantFrom([6, 7, 3] as const, [8, 8, 1] as const, [7, 5, 4] as const),
  name: NAMES,
  steps: fc.array(step, { minLength: 1, maxLength: 7 }),
  head: fc.record({
    pool: fc.constantFrom('GlobalAveragePooling2D', 'GlobalMaxPooling2D', 'Flatten'),
    units: fc.constantFrom(1, 1, 2, 3),
    ends: fc.constantFrom('linear', 'softmax', 'sigmoid', 'Softmax', 'Activation'),
    name: NAMES,
  }),
});
