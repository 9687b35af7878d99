import type { Json } from '../files/json.ts';
import { computed, fixed, flag, lastAxisValues, none, oneOf, real, tuned, whole } from './attributes.ts';
import { activation, CONVOLUTIONS, dataFormat } from './convolutions.ts';
import { initializers, type LayerKind, training, weightKeys } from './kind.ts';

/**
 * The layers that a network may consist of, with every key of their configs. Whatever is not in this table (a class, a key, a
 * value) is refused by name.
 */

const pooling: LayerKind = {
  attributes: { pool_size: whole(1), strides: whole(1), padding: oneOf(['valid', 'same']), data_format: dataFormat },
};
const globalPooling: LayerKind = {
  attributes: { data_format: dataFormat, keepdims: flag },
  note: '`keepdims` becomes a Reshape behind it.',
};
const merge: LayerKind = { attributes: {} };
const border = whole(0, { words: 'one number, one for each direction, or one for each side' });

const perChannel = computed('a number, or one for each channel', {
  refused: 'one for each place',
  wayOut: (value) =>
    value === null || lastAxisValues(value)?.every(Number.isFinite) === true
      ? undefined
      : 'Give one number, or one for each channel.',
});

/** Layers that only matter in training. */
const identity = (...keys: readonly string[]): LayerKind => ({ identity: true, attributes: training(...keys) });
const RANDOM = ['seed', 'rng_type', 'data_format', 'value_range', 'fill_mode', 'fill_value', 'interpolation'];

const NORMALIZED: LayerKind = {
  attributes: {
    axis: computed('one axis of the sample', {
      refused: 'several',
      wayOut: (value) => (oneNumber(value) ? undefined : 'Normalise along one axis.'),
    }),
    momentum: tuned('how fast the averages move in fine-tuning'),
    epsilon: real(),
    center: flag,
    scale: flag,
    ...initializers('moving_mean', 'moving_variance'),
    ...weightKeys('beta', 'gamma'),
    synchronized: none('whether moments are shared by devices in training'),
    fused: none('which implementation Keras 2 takes'),
    renorm: fixed(false, 'true: batch renormalisation', 'Use batch normalisation without renorm.'),
    ...training('renorm_clipping', 'renorm_momentum', 'virtual_batch_size', 'adjustment'),
  },
  weights: (config) => [
    ...(config['scale'] === false ? [] : ['gamma']),
    ...(config['center'] === false ? [] : ['beta']),
    'moving_mean',
    'moving_variance',
  ],
};

export const KINDS: Readonly<Record<string, LayerKind>> = {
  InputLayer: {
    attributes: {
      sparse: fixed(false, 'true', 'Take dense images.'),
      ragged: fixed(false, 'true', 'Take images of one size.'),
      optional: none('every input is given'),
      dtype: none('images are taken as 32-bit floating point, whole numbers too'),
      input_dtype: none('all is computed in 32-bit floating point'),
    },
  },
  ...CONVOLUTIONS,
  BatchNormalization: NORMALIZED,
  Normalization: {
    attributes: {
      axis: computed('the last one, or none; any for one mean and variance', {
        refused: 'others: one mean for each place',
      }),
      mean: perChannel,
      variance: perChannel,
      invert: flag,
    },
    weights: (config) => (config['mean'] === null || config['mean'] === undefined ? ['mean', 'variance'] : []),
    note: 'Becomes a 1x1 depthwise convolution that no fine-tuning changes.',
  },
  Rescaling: {
    attributes: { scale: perChannel, offset: perChannel },
    note: 'With one factor a channel it becomes a 1x1 depthwise convolution that no fine-tuning changes.',
  },
  Activation: { attributes: { activation } },
  ReLU: {
    attributes: {
      max_value: computed('a number of 0 or more, or none, as infinity is', {
        wayOut: (value) => (value === null || (typeof value === 'number' && value >= 0) ? undefined : 'Use 0 or more.'),
      }),
      negative_slope: real(),
      threshold: fixed(0, 'any other: TensorFlow.js has none', 'Use a ReLU without a threshold.'),
    },
    note: 'A negative slope becomes a LeakyReLU.',
  },
  LeakyReLU: { attributes: { alpha: real(), negative_slope: real() } },
  PReLU: {
    attributes: {
      shared_axes: whole(1, { words: 'axes counted from the front, or none', refused: 'axes counted from behind' }),
      ...weightKeys('alpha'),
    },
    initializers: ['alpha_initializer'],
    weights: () => ['alpha'],
  },
  ELU: { attributes: { alpha: real() }, note: 'With an alpha other than 1 it becomes a sum of two layers.' },
  Softmax: {
    attributes: { axis: computed('axes of the sample', { refused: 'that of the batch' }) },
    defaults: { axis: -1 },
    note: 'Along another axis than the last it stands between two Permute layers.',
  },
  Add: merge,
  Multiply: merge,
  Average: merge,
  Maximum: merge,
  Minimum: merge,
  Concatenate: {
    attributes: {
      axis: computed('an axis of the sample', {
        refused: '0, that of the batch',
        wayOut: (value) => (value === 0 ? 'Use an axis of the sample.' : undefined),
      }),
    },
  },
  MaxPooling2D: pooling,
  AveragePooling2D: pooling,
  GlobalAveragePooling2D: globalPooling,
  GlobalMaxPooling2D: globalPooling,
  ZeroPadding2D: { attributes: { padding: border, data_format: dataFormat } },
  Cropping2D: { attributes: { cropping: border, data_format: dataFormat } },
  UpSampling2D: {
    attributes: {
      size: whole(1),
      data_format: dataFormat,
      interpolation: oneOf(['nearest', 'bilinear'], { refused: 'others: TensorFlow.js has none' }),
    },
    // Keras interpolates between the centres of pixels; a model made by TensorFlow.js between their corners.
    loweringKeys: (config, dialect) =>
      config['interpolation'] === 'bilinear' && dialect !== 'TensorFlow.js' ? { half_pixel_centers: true } : {},
    note: '`bilinear` of Keras becomes a nearest one with an average behind it.',
  },
  Flatten: { attributes: { data_format: dataFormat } },
  Reshape: { attributes: { target_shape: whole(-1, { words: 'sizes, one of them may be -1' }) } },
  Permute: { attributes: { dims: whole(1) } },
  Dropout: {
    attributes: {
      rate: tuned('the part of the values that is left out in fine-tuning'),
      ...training('noise_shape', 'seed'),
    },
  },
  Identity: identity(),
  ActivityRegularization: identity('l1', 'l2'),
  AlphaDropout: identity('rate', 'seed', 'noise_shape'),
  GaussianDropout: identity('rate', 'seed'),
  GaussianNoise: identity('stddev', 'seed'),
  SpatialDropout2D: identity('rate', 'seed', 'noise_shape', 'data_format'),
  RandomBrightness: identity(...RANDOM, 'factor'),
  RandomContrast: identity(...RANDOM, 'factor'),
  RandomFlip: identity(...RANDOM, 'mode'),
  RandomRotation: identity(...RANDOM, 'factor'),
  RandomTranslation: identity(...RANDOM, 'height_factor', 'width_factor'),
  RandomZoom: identity(...RANDOM, 'height_factor', 'width_factor'),
};

function oneNumber(value: Json): boolean {
  return value === null || typeof value === 'number' || (Array.isArray(value) && value.length === 1);
}
