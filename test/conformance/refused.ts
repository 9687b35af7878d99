/**
 * The cases that are refused, by the key for which they are: TensorFlow.js has no layers for what Keras computes. All others must
 * give Keras' outputs.
 */
const BY_KEY: Readonly<Record<string, readonly string[]>> = {
  activation: [
    'Activation: activation=exponential',
    'Activation: activation=glu',
    'Activation: activation=hard_shrink',
    'Activation: activation=soft_shrink',
    'Activation: activation=sparse_plus',
    'Activation: activation=sparse_sigmoid',
    'Activation: activation=sparsemax',
    'Activation: activation=squareplus',
    'Conv2D: filters=3, kernel_size=3, activation=exponential',
    'Conv2D: filters=3, kernel_size=3, activation=hard_shrink',
    'Conv2D: filters=3, kernel_size=3, activation=soft_shrink',
    'Conv2D: filters=3, kernel_size=3, activation=sparse_plus',
    'Conv2D: filters=3, kernel_size=3, activation=sparse_sigmoid',
    'Conv2D: filters=3, kernel_size=3, activation=sparsemax',
    'Conv2D: filters=3, kernel_size=3, activation=squareplus',
  ],
  axis: [
    'BatchNormalization: as it is on 5x2x2x2',
    'Concatenate: axis=0, two',
    'Normalization: axis=(1,2,3)',
    'Normalization: axis=(1,3)',
    'Normalization: axis=1',
    'Normalization: axis=1, mean=[0.1,0.2,0.3,0.4,0.5], variance=[1.0,2.0,3.0,4.0,5.0]',
  ],
  data_format: [
    'Conv1D: filters=3, kernel_size=2, data_format=channels_first on 10x4',
    'SeparableConv2D: filters=3, kernel_size=2, data_format=channels_first on 2x5x4',
  ],
  dtype: ['Dense: units=2, int8'],
  interpolation: [
    'UpSampling2D: interpolation=area',
    'UpSampling2D: interpolation=bicubic',
    'UpSampling2D: interpolation=gaussian',
    'UpSampling2D: interpolation=lanczos3',
    'UpSampling2D: interpolation=lanczos5',
    'UpSampling2D: interpolation=mitchellcubic',
  ],
  lora_rank: ['Conv2D: filters=3, kernel_size=2, lora', 'Dense: units=2, lora'],
  mean: ['Normalization: axis=(1,3), mean=[[0.1],[0.2],[0.3],[0.4],[0.5]], variance=[[1.0],[2.0],[3.0],[4.0],[5.0]]'],
  output_padding: [
    'Conv2DTranspose: filters=3, kernel_size=2, output_padding=0',
    'Conv2DTranspose: filters=3, kernel_size=3, strides=2, padding=same, output_padding=1',
  ],
  padding: [
    'Conv1D: filters=3, kernel_size=2, strides=1, padding=causal on 10x4',
    'Conv1D: filters=3, kernel_size=2, strides=2, padding=causal on 10x4',
    'Conv1D: filters=3, kernel_size=3, strides=1, padding=causal on 10x4',
    'Conv1D: filters=3, kernel_size=3, strides=2, padding=causal on 10x4',
  ],
  ragged: ['InputLayer: as it is, ragged'],
  renorm: ['BatchNormalization: renorm=True, renorm_clipping=rmax(2.0)'],
  scale: ['Rescaling: scale=array([[2.0,-0.5],[2.0,-0.5],[2.0,-0.5],[2.0,-0.5]]), offset=0.0'],
  sparse: ['InputLayer: as it is, sparse'],
  strides: [
    'DepthwiseConv2D: kernel_size=2, strides=(2,1)',
    'SeparableConv2D: filters=3, kernel_size=2, strides=(2,1)',
  ],
  threshold: ['ReLU: max_value=0.75, negative_slope=0.25, threshold=0.5', 'ReLU: threshold=0.5'],
};

/** The key for which a case is refused, by its name. */
export const REFUSED: ReadonlyMap<string, string> = new Map(
  Object.entries(BY_KEY).flatMap(([key, names]) => names.map((name) => [name, key] as const)),
);
