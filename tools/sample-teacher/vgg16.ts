import type { Tf } from '../../worker/src/backend/tf.ts';
import { randomStream } from '@distillation/core/random';
import { buildModel } from '../../worker/src/teacher/build.ts';
import type { Graph, GraphLayer, GraphNode, Network } from '../../worker/src/teacher/graph/graph.ts';
import type { JsonObject } from '../../worker/src/teacher/files/json.ts';
import type { Weight } from '@distillation/ledger/tensors';

/** VGG16 for small images (Simonyan and Zisserman 2015, configuration D), without its two large dense layers. */

/** Convolutions and their filters in each of the five groups at width 1. */
const GROUPS = [
  { convolutions: 2, filters: 64 },
  { convolutions: 2, filters: 128 },
  { convolutions: 3, filters: 256 },
  { convolutions: 3, filters: 512 },
  { convolutions: 3, filters: 512 },
] as const;

const IMAGE = [32, 32, 3] as const;

interface Vgg16Options {
  /** Factor on the number of filters; 0.25 gives 16 to 128. */
  readonly width: number;
  readonly classes: number;
  readonly seed: number;
}

/**
 * A freshly initialized network for 32x32x3 images: 13 3x3 convolutions with ReLU, max pooling after each of five groups, global average
 * pooling, and a dense layer that gives logits. The initial weights depend only on (seed, layer).
 */
export async function buildVgg16(tf: Tf, options: Vgg16Options): Promise<Network> {
  const { graph, weights } = describe(options);
  return { graph, model: await buildModel(tf, graph, weights) };
}

function describe({ width, classes, seed }: Vgg16Options): {
  readonly graph: Graph;
  readonly weights: readonly Weight[];
} {
  const layers = new Map<string, GraphLayer>();
  const nodes: GraphNode[] = [];
  const weights: Weight[] = [];
  let channels: number = IMAGE[2];
  const add = (name: string, className: string, config: JsonObject): void => {
    const before = nodes.at(-1);
    layers.set(name, { name, className, config: { name, ...config }, path: [name], store: [name] });
    nodes.push({ id: name, layer: name, inputs: before === undefined ? [] : [before.id] });
  };
  const weigh = (name: string, shape: readonly number[], gain: number): void => {
    const data = normalKernel(shape, { gain, stream: randomStream('sample-teacher', seed, name) });
    channels = shape.at(-1) ?? 0;
    weights.push({ name: `${name}/kernel`, shape, data });
    weights.push({ name: `${name}/bias`, shape: [channels], data: new Float32Array(channels) });
  };

  add('image', 'InputLayer', { batch_input_shape: [null, ...IMAGE], dtype: 'float32' });
  for (const [group, { convolutions, filters }] of GROUPS.entries()) {
    for (let index = 1; index <= convolutions; index++) {
      const name = `block${group + 1}_conv${index}`;
      const kernel = [3, 3, channels, Math.round(filters * width)] as const;
      add(name, 'Conv2D', { ...CONVOLUTION, filters: kernel[3] });
      weigh(name, kernel, 2);
    }
    add(`block${group + 1}_pool`, 'MaxPooling2D', POOLING);
  }
  add('gap', 'GlobalAveragePooling2D', { data_format: 'channels_last' });
  add('predictions', 'Dense', { units: classes, use_bias: true, activation: 'linear', ...NOT_DRAWN });
  weigh('predictions', [channels, classes], 1);
  return { graph: { name: 'vgg16_cifar', layers, nodes, input: 'image', output: 'predictions' }, weights };
}

/** Keeps TensorFlow.js from drawing initial weights, which it does without a seed; ours are set right after. */
const NOT_DRAWN: JsonObject = {
  kernel_initializer: { class_name: 'Zeros', config: {} },
  bias_initializer: { class_name: 'Zeros', config: {} },
};

const CONVOLUTION: JsonObject = {
  kernel_size: [3, 3],
  strides: [1, 1],
  padding: 'same',
  data_format: 'channels_last',
  dilation_rate: [1, 1],
  use_bias: true,
  activation: 'relu',
  ...NOT_DRAWN,
};

const POOLING: JsonObject = { pool_size: [2, 2], strides: [2, 2], padding: 'valid', data_format: 'channels_last' };

interface Draw {
  /** Variance of an output for inputs of variance 1: 2 compensates for the half that a ReLU removes (He et al. 2015). */
  readonly gain: number;
  readonly stream: ReturnType<typeof randomStream>;
}

/** A normally distributed kernel; its fan-in is the product of all dimensions but the last. */
function normalKernel(shape: readonly number[], { gain, stream }: Draw): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  const deviation = Math.sqrt((gain * (shape.at(-1) ?? 1)) / count);
  return Float32Array.from({ length: count }, () => deviation * stream.normal());
}
