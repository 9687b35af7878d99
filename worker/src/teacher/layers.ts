import { DistillError } from '@distillation/api/errors';
import { excerpt, isArray, isObject, type Json, type JsonObject, numbersOf } from './json.ts';

/**
 * The layers a network may be made of: which keys of their Keras config decide the output, and which weights they hold
 * under TensorFlow.js' names. What is not in this table is refused by name; what Keras can express in a listed layer and
 * TensorFlow.js cannot is refused by `check`. Everything else in a config (initialisers, regularisers, dtype policies)
 * plays no part in inference and is dropped.
 */
interface LayerKind {
  /** Keys passed on to TensorFlow.js. */
  readonly keys: readonly string[];
  /** Initialisers to set to zeros: the weights are loaded anyway, and drawing them takes seconds and randomness. */
  readonly initializers?: readonly string[];
  readonly weights?: (config: JsonObject) => string[];
  /** Why this configuration cannot be computed here; undefined when it can. */
  readonly check?: (config: JsonObject) => string | undefined;
}

const withBias =
  (...names: string[]) =>
  (config: JsonObject): string[] =>
    config['use_bias'] === false ? names : [...names, 'bias'];

const CONVOLUTION = ['kernel_size', 'strides', 'padding', 'data_format', 'dilation_rate', 'use_bias', 'activation'];
const convolution: LayerKind = {
  keys: ['filters', ...CONVOLUTION],
  initializers: ['kernel_initializer', 'bias_initializer'],
  weights: withBias('kernel'),
};
const pooling: LayerKind = { keys: ['pool_size', 'strides', 'padding', 'data_format'] };
const merge: LayerKind = { keys: [] };

const KINDS: Readonly<Record<string, LayerKind>> = {
  InputLayer: { keys: [] },
  Conv1D: convolution,
  Conv2D: convolution,
  Conv3D: convolution,
  Conv2DTranspose: {
    ...convolution,
    check: (config) => (isNullOr(config['output_padding'], null) ? undefined : 'with output_padding'),
  },
  DepthwiseConv2D: {
    keys: ['depth_multiplier', ...CONVOLUTION],
    initializers: ['depthwise_initializer', 'bias_initializer'],
    weights: withBias('depthwise_kernel'),
  },
  SeparableConv2D: {
    keys: ['filters', 'depth_multiplier', ...CONVOLUTION],
    initializers: ['depthwise_initializer', 'pointwise_initializer', 'bias_initializer'],
    weights: withBias('depthwise_kernel', 'pointwise_kernel'),
  },
  Dense: {
    keys: ['units', 'use_bias', 'activation'],
    initializers: ['kernel_initializer', 'bias_initializer'],
    weights: withBias('kernel'),
  },
  BatchNormalization: {
    keys: ['axis', 'momentum', 'epsilon', 'center', 'scale'],
    weights: (config) => [
      ...(config['scale'] === false ? [] : ['gamma']),
      ...(config['center'] === false ? [] : ['beta']),
      'moving_mean',
      'moving_variance',
    ],
    check: (config) => (config['renorm'] === true ? 'with batch renormalisation' : undefined),
  },
  // Rewritten by lower.ts into a 1x1 depthwise convolution before anything is built.
  Normalization: {
    keys: ['axis', 'mean', 'variance', 'invert'],
    weights: (config) => (isNullOr(config['mean'], null) ? ['mean', 'variance'] : []),
  },
  Rescaling: { keys: ['scale', 'offset'] },
  Activation: { keys: ['activation'] },
  ReLU: {
    keys: ['max_value'],
    check: (config) =>
      isNullOr(config['negative_slope'], 0) && isNullOr(config['threshold'], 0)
        ? undefined
        : 'with a negative slope or a threshold',
  },
  LeakyReLU: { keys: ['alpha'] },
  PReLU: { keys: ['shared_axes'], initializers: ['alpha_initializer'], weights: () => ['alpha'] },
  ELU: { keys: ['alpha'] },
  Softmax: { keys: ['axis'] },
  Add: merge,
  Multiply: merge,
  Average: merge,
  Maximum: merge,
  Minimum: merge,
  Concatenate: { keys: ['axis'] },
  MaxPooling2D: pooling,
  AveragePooling2D: pooling,
  GlobalAveragePooling2D: { keys: ['data_format', 'keepdims'] },
  GlobalMaxPooling2D: { keys: ['data_format', 'keepdims'] },
  ZeroPadding2D: { keys: ['padding', 'data_format'] },
  Cropping2D: { keys: ['cropping', 'data_format'] },
  UpSampling2D: { keys: ['size', 'data_format', 'interpolation'] },
  Flatten: { keys: [] },
  Reshape: { keys: ['target_shape'] },
  Permute: { keys: ['dims'] },
  Dropout: { keys: ['rate'] },
};

/** Layers that do nothing at inference and have no counterpart worth keeping: their consumers take their input. */
const IDENTITIES = new Set([
  'Identity',
  'ActivityRegularization',
  'AlphaDropout',
  'GaussianDropout',
  'GaussianNoise',
  'SpatialDropout2D',
  'RandomBrightness',
  'RandomContrast',
  'RandomFlip',
  'RandomRotation',
  'RandomTranslation',
  'RandomZoom',
]);

export function isIdentity(className: string): boolean {
  return IDENTITIES.has(className);
}

/** Names of a layer's weights as TensorFlow.js orders them, without the layer's name. */
export function weightNames(className: string, config: JsonObject): string[] {
  return KINDS[className]?.weights?.(config) ?? [];
}

/**
 * The part of a Keras 2 or 3 config that decides the layer's output, in the form that TensorFlow.js takes.
 * @throws DISTILL_E_TEACHER_LAYER naming layer and class when there is no such layer in TensorFlow.js.
 */
export function cleanConfig(name: string, className: string, config: JsonObject): JsonObject {
  const kind = KINDS[className];
  if (kind === undefined) throw unsupported(name, className);
  const problem = kind.check?.(config);
  if (problem !== undefined) throw unsupported(name, `${className} ${problem}`);
  const clean: Record<string, Json> = { name };
  for (const key of kind.keys) {
    const value = config[key];
    if (value !== undefined) clean[key] = value;
  }
  if (clean['activation'] !== undefined) clean['activation'] = activationName(name, className, config);
  if (className === 'BatchNormalization' && isArray(clean['axis'])) clean['axis'] = singleAxis(name, clean['axis']);
  // Keras 3 renamed LeakyReLU's alpha.
  if (className === 'LeakyReLU') clean['alpha'] = config['alpha'] ?? config['negative_slope'] ?? 0.3;
  const groups = config['groups'];
  if (typeof groups === 'number' && groups > 1) clean['groups'] = groups;
  for (const key of kind.initializers ?? []) clean[key] = { class_name: 'Zeros', config: {} };
  return clean;
}

/** The refusal of a layer, naming it and its class. */
export function unsupported(name: string, what: string): DistillError {
  return new DistillError(
    'DISTILL_E_TEACHER_LAYER',
    `The teacher's layer ${JSON.stringify(name)} is of the class ${what}, which cannot be rebuilt in TensorFlow.js.`,
    { subject: name },
  );
}

const ACTIVATIONS: Readonly<Record<string, string>> = {
  linear: 'linear',
  relu: 'relu',
  relu6: 'relu6',
  elu: 'elu',
  selu: 'selu',
  gelu: 'gelu',
  mish: 'mish',
  sigmoid: 'sigmoid',
  softmax: 'softmax',
  softplus: 'softplus',
  softsign: 'softsign',
  tanh: 'tanh',
  log_softmax: 'log_softmax',
  swish: 'swish',
  silu: 'swish',
};

/** A layer's activation by its Keras name; Keras writes it as a string, a function object or null. */
function activationName(name: string, className: string, config: JsonObject): string {
  const value = config['activation'];
  if (value === null || value === undefined) return 'linear';
  const written = isObject(value) && value['class_name'] === 'function' ? value['config'] : value;
  const known = typeof written === 'string' ? ACTIVATIONS[fromCamel(written)] : undefined;
  // Not listed: hard_sigmoid (Keras 2 and 3 mean different functions by it) and everything custom.
  if (known === undefined) throw unsupported(name, `${className} with the activation ${excerpt(value)}`);
  return known;
}

/** TensorFlow.js writes `logSoftmax` where Keras writes `log_softmax`. */
function fromCamel(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function singleAxis(name: string, axis: Json): number {
  const axes = numbersOf(axis);
  const [only] = axes ?? [];
  if (axes?.length !== 1 || only === undefined)
    throw unsupported(name, `BatchNormalization over axes ${excerpt(axis)}`);
  return only;
}

function isNullOr(value: Json | undefined, neutral: Json): boolean {
  return value === null || value === undefined || value === neutral;
}
