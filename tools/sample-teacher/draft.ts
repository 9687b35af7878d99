import { randomStream } from '@distillation/core/random';
import type { Weight } from '@distillation/ledger/tensors';
import type { Tf } from '../../worker/src/backend/tf.ts';
import { buildModel } from '../../worker/src/teacher/build.ts';
import type { JsonObject } from '../../worker/src/teacher/files/json.ts';
import type { GraphLayer, GraphNode, Network } from '../../worker/src/teacher/graph/graph.ts';

/** The 32x32x3 images of CIFAR-10. */
export const IMAGE = [32, 32, 3] as const;

/** Output of a layer of the draft, and its channels. */
export interface Drawn {
  readonly layer: string;
  readonly channels: number;
}

interface ConvolutionOptions {
  readonly kernel: number;
  readonly filters: number;
  readonly stride?: number;
  /** Without one where a batch normalisation follows. */
  readonly bias?: boolean;
  readonly activation?: 'linear' | 'relu';
}

/** Keeps TensorFlow.js from drawing initial weights, which it does without a seed; ours are set right after. */
const NOT_DRAWN: JsonObject = {
  kernel_initializer: { class_name: 'Zeros', config: {} },
  bias_initializer: { class_name: 'Zeros', config: {} },
};

/** Exponential moving averages over the last ten or so batches: a short training leaves no time for Keras' 0.99. */
const NORMALIZATION: JsonObject = { axis: -1, momentum: 0.9, epsilon: 1e-3, center: true, scale: true };

/**
 * A network being drawn up layer by layer, with freshly initialized weights: kernels normal with variance gain / inputs, where a gain of 2
 * compensates for the half that a ReLU removes (He et al. 2015). They depend only on (seed, layer).
 */
export class Draft {
  readonly image: Drawn = { layer: 'image', channels: IMAGE[2] };
  readonly #seed: number;
  readonly #layers = new Map<string, GraphLayer>();
  readonly #nodes: GraphNode[] = [];
  readonly #weights: Weight[] = [];

  constructor(seed: number) {
    this.#seed = seed;
    this.layer('image', { className: 'InputLayer', config: { batch_input_shape: [null, ...IMAGE], dtype: 'float32' } });
  }

  /** A layer without weights, or whose weights the caller adds. */
  layer(
    name: string,
    { className, config, inputs = [] }: { className: string; config: JsonObject; inputs?: readonly Drawn[] },
  ): Drawn {
    this.#layers.set(name, { name, className, config: { name, ...config }, path: [name], store: [name] });
    this.#nodes.push({ id: name, layer: name, inputs: inputs.map(({ layer }) => layer) });
    return { layer: name, channels: inputs[0]?.channels ?? IMAGE[2] };
  }

  convolution(name: string, x: Drawn, options: ConvolutionOptions): Drawn {
    const { kernel, filters, stride = 1, bias = true, activation = 'linear' } = options;
    const config: JsonObject = {
      filters,
      kernel_size: [kernel, kernel],
      strides: [stride, stride],
      padding: 'same',
      data_format: 'channels_last',
      dilation_rate: [1, 1],
      use_bias: bias,
      activation,
      ...NOT_DRAWN,
    };
    this.layer(name, { className: 'Conv2D', config, inputs: [x] });
    this.#weigh(name, [kernel, kernel, x.channels, filters], { gain: 2, bias });
    return { layer: name, channels: filters };
  }

  normalization(name: string, x: Drawn): Drawn {
    const start = { gamma: 1, beta: 0, moving_mean: 0, moving_variance: 1 };
    for (const [weight, value] of Object.entries(start)) {
      const data = new Float32Array(x.channels).fill(value);
      this.#weights.push({ name: `${name}/${weight}`, shape: [x.channels], data });
    }
    return this.layer(name, { className: 'BatchNormalization', config: NORMALIZATION, inputs: [x] });
  }

  /** Gives logits. */
  dense(name: string, x: Drawn, units: number): Drawn {
    const config: JsonObject = { units, use_bias: true, activation: 'linear', ...NOT_DRAWN };
    this.layer(name, { className: 'Dense', config, inputs: [x] });
    this.#weigh(name, [x.channels, units], { gain: 1, bias: true });
    return { layer: name, channels: units };
  }

  async build(tf: Tf, { name, output }: { readonly name: string; readonly output: Drawn }): Promise<Network> {
    const graph = { name, layers: this.#layers, nodes: this.#nodes, input: 'image', output: output.layer };
    return { graph, model: await buildModel(tf, graph, this.#weights) };
  }

  #weigh(layer: string, shape: readonly number[], { gain, bias }: { gain: number; bias: boolean }): void {
    const size = shape.reduce((product, length) => product * length, 1);
    const outputs = shape.at(-1) ?? 1;
    const deviation = Math.sqrt((gain * outputs) / size);
    const stream = randomStream('sample-teacher', this.#seed, layer);
    const data = Float32Array.from({ length: size }, () => deviation * stream.normal());
    this.#weights.push({ name: `${layer}/kernel`, shape, data });
    if (bias) this.#weights.push({ name: `${layer}/bias`, shape: [outputs], data: new Float32Array(outputs) });
  }
}
