import type { LayersModel, SymbolicTensor, Tensor } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { randomStream } from '@distillation/core/random';
import { loadTeacher } from '../load.ts';
import { pixels, saveWithTfjs, take, testTf } from '../../../test/teacher.ts';

/** Every layer of TensorFlow.js, in a model that it builds and saves, must be read with the same outputs, or refused by its class. */

const tf = await testTf();
const L = tf.layers;

type Apply = (x: SymbolicTensor) => SymbolicTensor;
type Layers = typeof L;
type Args = Record<string, unknown>;

/** A layer of tf.layers, by its name and arguments. */
function layer(kind: keyof Layers, args: Args = {}): Apply {
  const make = L[kind] as unknown as (args: Args) => ReturnType<Layers['dense']>;
  return (x) => make(args).apply(x) as SymbolicTensor;
}

/** A merging layer on the image and its double. */
const merged =
  (kind: keyof Layers, args: Args = {}): Apply =>
  (x) => {
    const make = L[kind] as unknown as (args: Args) => ReturnType<Layers['add']>;
    return make(args).apply([x, L.rescaling({ scale: 2, offset: 0.5 }).apply(x) as SymbolicTensor]) as SymbolicTensor;
  };

/** A layer on rows of 12 channels, which are reshaped to an image after it. */
const onRows =
  (kind: keyof Layers, args: Args = {}): Apply =>
  (x) => {
    const rows = L.reshape({ targetShape: [6, 12] }).apply(x) as SymbolicTensor;
    const out = layer(kind, args)(rows);
    return L.reshape({ targetShape: [1, ...out.shape.slice(1).map(Number)] }).apply(out) as SymbolicTensor;
  };

/** A layer whose output is a vector, reshaped to an image. */
const toVector =
  (kind: keyof Layers, args: Args = {}): Apply =>
  (x) => {
    const out = layer(kind, args)(x);
    return L.reshape({ targetShape: [1, 1, Number(out.shape[1])] }).apply(out) as SymbolicTensor;
  };

const ACTIVATIONS = ['elu', 'hardSigmoid', 'linear', 'relu', 'relu6', 'selu', 'sigmoid', 'softmax', 'softplus'];
const MORE_ACTIVATIONS = ['softsign', 'tanh', 'logSoftmax', 'swish', 'mish', 'gelu'];

const CONVOLUTION = { filters: 3, kernelSize: 3, activation: 'relu' };

/** By the name in tf.layers: models that give the same outputs. */
const READ: Partial<Record<keyof Layers, readonly Apply[]>> = {
  activation: [...ACTIVATIONS, ...MORE_ACTIVATIONS].map((activation) => layer('activation', { activation })),
  add: [merged('add')],
  alphaDropout: [layer('alphaDropout', { rate: 0.2 })],
  average: [merged('average')],
  averagePooling2d: [
    layer('averagePooling2d'),
    layer('averagePooling2d', { poolSize: [2, 3], strides: 1, padding: 'same' }),
  ],
  batchNormalization: [
    layer('batchNormalization'),
    layer('batchNormalization', { center: false, epsilon: 0.1 }),
    layer('batchNormalization', { scale: false, axis: 3 }),
    layer('batchNormalization', { axis: 1 }),
    layer('batchNormalization', { axis: 2 }),
  ],
  concatenate: [merged('concatenate'), merged('concatenate', { axis: 1 }), merged('concatenate', { axis: 3 })],
  conv1d: [onRows('conv1d', CONVOLUTION), onRows('conv1d', { ...CONVOLUTION, dilationRate: 2, useBias: false })],
  conv2d: [
    layer('conv2d', CONVOLUTION),
    layer('conv2d', { ...CONVOLUTION, strides: [2, 1], padding: 'same', useBias: false }),
    layer('conv2d', { ...CONVOLUTION, kernelSize: [1, 2], dilationRate: 2, activation: 'hardSigmoid' }),
    // Channels first are accepted after the input, not at it (channels-first.test.ts); here the channels have been moved to the
    // front.
    (x) => {
      const turned = L.permute({ dims: [3, 1, 2] }).apply(x) as SymbolicTensor;
      return layer('conv2d', { ...CONVOLUTION, dataFormat: 'channelsFirst', kernelSize: 2 })(turned);
    },
  ],
  conv2dTranspose: [
    layer('conv2dTranspose', CONVOLUTION),
    layer('conv2dTranspose', { ...CONVOLUTION, strides: 2, padding: 'same', useBias: false }),
  ],
  conv3d: [
    (x) => {
      const volume = L.reshape({ targetShape: [6, 4, 3, 1] }).apply(x) as SymbolicTensor;
      const out = L.conv3d({ filters: 2, kernelSize: 2, activation: 'tanh' }).apply(volume) as SymbolicTensor;
      return L.reshape({ targetShape: [5, 3, 4] }).apply(out) as SymbolicTensor;
    },
  ],
  cropping2D: [
    layer('cropping2D', {
      cropping: [
        [1, 0],
        [0, 1],
      ],
    }),
  ],
  dense: [layer('dense', { units: 4, activation: 'softplus' }), layer('dense', { units: 2, useBias: false })],
  depthwiseConv2d: [
    layer('depthwiseConv2d', { kernelSize: 2, depthMultiplier: 2, activation: 'relu6' }),
    layer('depthwiseConv2d', { kernelSize: 3, padding: 'same', strides: 2, useBias: false }),
  ],
  dropout: [layer('dropout', { rate: 0.3 })],
  elu: [layer('elu'), layer('elu', { alpha: 1 })],
  flatten: [toVector('flatten')],
  gaussianDropout: [layer('gaussianDropout', { rate: 0.2 })],
  gaussianNoise: [layer('gaussianNoise', { stddev: 0.2 })],
  globalAveragePooling2d: [toVector('globalAveragePooling2d')],
  globalMaxPooling2d: [toVector('globalMaxPooling2d')],
  inputLayer: [layer('activation', { activation: 'relu' })],
  leakyReLU: [layer('leakyReLU'), layer('leakyReLU', { alpha: 0.05 })],
  maxPooling2d: [layer('maxPooling2d'), layer('maxPooling2d', { poolSize: 3, strides: [1, 2], padding: 'same' })],
  maximum: [merged('maximum')],
  minimum: [merged('minimum')],
  multiply: [merged('multiply')],
  permute: [layer('permute', { dims: [2, 1, 3] }), layer('permute', { dims: [3, 1, 2] })],
  prelu: [layer('prelu'), layer('prelu', { sharedAxes: [1, 2] }), layer('prelu', { sharedAxes: [2] })],
  reLU: [layer('reLU'), layer('reLU', { maxValue: 0.5 })],
  rescaling: [layer('rescaling', { scale: 0.5, offset: -1 })],
  reshape: [layer('reshape', { targetShape: [4, 6, 3] }), layer('reshape', { targetShape: [2, 6, 6] })],
  separableConv2d: [
    layer('separableConv2d', CONVOLUTION),
    layer('separableConv2d', { ...CONVOLUTION, depthMultiplier: 2, padding: 'same', useBias: false }),
  ],
  softmax: [
    layer('softmax', { axis: -1 }),
    (x) => {
      const out = L.softmax().apply(L.flatten().apply(x));
      return L.reshape({ targetShape: [6, 4, 3] }).apply(out) as SymbolicTensor;
    },
  ],
  upSampling2d: [
    layer('upSampling2d'),
    layer('upSampling2d', { size: [1, 3] }),
    layer('upSampling2d', { size: [3, 2], interpolation: 'bilinear' }),
  ],
  zeroPadding2d: [
    layer('zeroPadding2d'),
    layer('zeroPadding2d', {
      padding: [
        [1, 0],
        [2, 1],
      ],
    }),
  ],
};

/** By the name in tf.layers: the class that is refused, and a model with it. */
const REFUSED: Partial<Record<keyof Layers, readonly [className: string, apply: Apply]>> = {
  averagePooling1d: ['AveragePooling1D', onRows('averagePooling1d')],
  averagePooling3d: [
    'AveragePooling3D',
    (x) => {
      const volume = L.reshape({ targetShape: [6, 4, 3, 1] }).apply(x) as SymbolicTensor;
      const out = L.averagePooling3d({ poolSize: 2 }).apply(volume) as SymbolicTensor;
      return L.reshape({ targetShape: [3, 2, 1] }).apply(out) as SymbolicTensor;
    },
  ],
  bidirectional: [
    'Bidirectional',
    onRows('bidirectional', { layer: L.lstm({ units: 2, returnSequences: true }), mergeMode: 'concat' }),
  ],
  centerCrop: ['CenterCrop', layer('centerCrop', { height: 2, width: 2 })],
  conv3dTranspose: [
    'Conv3DTranspose',
    (x) => {
      const volume = L.reshape({ targetShape: [6, 4, 3, 1] }).apply(x) as SymbolicTensor;
      const out = L.conv3dTranspose({ filters: 1, kernelSize: 1 }).apply(volume) as SymbolicTensor;
      return L.reshape({ targetShape: [6, 4, 3] }).apply(out) as SymbolicTensor;
    },
  ],
  globalAveragePooling1d: [
    'GlobalAveragePooling1D',
    (x) => toVector('globalAveragePooling1d')(L.reshape({ targetShape: [6, 12] }).apply(x) as SymbolicTensor),
  ],
  globalMaxPooling1d: [
    'GlobalMaxPooling1D',
    (x) => toVector('globalMaxPooling1d')(L.reshape({ targetShape: [6, 12] }).apply(x) as SymbolicTensor),
  ],
  gru: ['GRU', onRows('gru', { units: 2, returnSequences: true })],
  layerNormalization: ['LayerNormalization', layer('layerNormalization')],
  lstm: ['LSTM', onRows('lstm', { units: 2, returnSequences: true })],
  masking: ['Masking', onRows('masking')],
  maxPooling1d: ['MaxPooling1D', onRows('maxPooling1d')],
  maxPooling3d: [
    'MaxPooling3D',
    (x) => {
      const volume = L.reshape({ targetShape: [6, 4, 3, 1] }).apply(x) as SymbolicTensor;
      const out = L.maxPooling3d({ poolSize: 2 }).apply(volume) as SymbolicTensor;
      return L.reshape({ targetShape: [3, 2, 1] }).apply(out) as SymbolicTensor;
    },
  ],
  repeatVector: [
    'RepeatVector',
    (x) => {
      const vector = L.flatten().apply(x) as SymbolicTensor;
      const out = L.repeatVector({ n: 2 }).apply(vector) as SymbolicTensor;
      return L.reshape({ targetShape: [6, 8, 3] }).apply(out) as SymbolicTensor;
    },
  ],
  resizing: ['Resizing', layer('resizing', { height: 3, width: 3 })],
  simpleRNN: ['SimpleRNN', onRows('simpleRNN', { units: 2, returnSequences: true })],
  spatialDropout1d: ['SpatialDropout1D', onRows('spatialDropout1d', { rate: 0.2 })],
  thresholdedReLU: ['ThresholdedReLU', layer('thresholdedReLU', { theta: 0.3 })],
  timeDistributed: [
    'TimeDistributed',
    (x) => L.timeDistributed({ layer: L.dense({ units: 2 }) }).apply(x) as SymbolicTensor,
  ],
};

/**
 * Layers that no image classifier can contain, or that cannot be saved: aliases of the above, parts of recurrent layers, layers on
 * word indices.
 */
const NEITHER = new Set([
  ...['avgPool1d', 'avgPooling1d', 'avgPool2d', 'avgPooling2d', 'avgPool3d', 'avgPooling3d', 'globalMaxPool1d'],
  ...['globalMaxPool2d', 'maxPool1d', 'maxPool2d', 'Layer', 'RNN', 'RNNCell', 'input'],
  ...['gruCell', 'lstmCell', 'simpleRNNCell', 'convLstm2dCell', 'stackedRNNCells', 'rnn', 'convLstm2d'],
  ...['embedding', 'dot', 'categoryEncoding', 'randomWidth'],
]);

let count = 0;
/** A classifier of images of 6 x 4 x 3 with weights of all kinds. */
function classifier(apply: Apply): LayersModel {
  const images = tf.input({ shape: [6, 4, 3], name: `images${count++}` });
  const features = L.flatten().apply(apply(images)) as SymbolicTensor;
  const model = tf.model({ inputs: images, outputs: L.dense({ units: 3 }).apply(features) as SymbolicTensor });
  for (const weight of model.weights) {
    const stream = randomStream('tfjs-layers', weight.originalName.replace(/\d/g, ''));
    const shape = weight.shape.map(Number);
    const isVariance = weight.originalName.endsWith('variance');
    const values = Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () =>
      isVariance ? 0.5 + stream.next() : stream.normal() / 2,
    );
    tf.tidy(() => {
      weight.write(tf.tensor(values, shape));
    });
  }
  return model;
}

test.each(Object.entries(READ))('%s gives the outputs that TensorFlow.js gives', async (_, models) => {
  for (const apply of models) {
    const model = classifier(apply);
    const images = pixels(tf, [2, 6, 4, 3]);
    const expected = take(model.apply(images, { training: false }) as Tensor);
    const teacher = await loadTeacher(tf, { path: await saveWithTfjs(tf, model) });
    expect(take(teacher.model.apply(images, { training: false }) as Tensor)).toEqual(expected);
  }
});

test.each(Object.entries(REFUSED))('%s is refused by its class', async (_, [className, apply]) => {
  const folder = await saveWithTfjs(tf, classifier(apply));
  await expect(loadTeacher(tf, { path: folder })).rejects.toMatchObject({
    code: 'DISTILL_E_TEACHER_LAYER',
    message: expect.stringContaining(`is of the class ${className}, which cannot be rebuilt`) as string,
  });
});

test('every layer of TensorFlow.js is one of them', () => {
  const known = [...Object.keys(READ), ...Object.keys(REFUSED), ...NEITHER];
  expect(Object.keys(L).filter((name) => !known.includes(name))).toEqual([]);
});
