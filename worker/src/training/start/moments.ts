import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { layerKind } from '@distillation/api/candidates';
import type { LayerInfo, Shape3 } from '@distillation/api/plan';
import type { Tf } from '../../backend/tf.ts';
import type { ConvolutionMoments, LayerWeights } from '../../blocks/low-rank-start.ts';
import type { OutputMoments } from '../../blocks/principal-components.ts';
import type { TrainingBatch } from '../step/pass.ts';

/** Training images, spread over the split, on which the activations' statistics are taken. */
export const IMAGES = 1536;

export type LayerMoments = ConvolutionMoments | OutputMoments;

/** A layer whose moments are asked for, with its own weights. */
export interface MeasuredLayer {
  readonly name: string;
  readonly layer: Pick<
    LayerInfo,
    'className' | 'kernel' | 'strides' | 'padding' | 'dilation' | 'inputShape' | 'outputShape'
  >;
  readonly weights: LayerWeights;
}

interface MomentsOptions {
  readonly layers: readonly MeasuredLayer[];
  /** One forward pass of the teacher to the layers' inputs; called inside a tidy. */
  readonly runCut: (x: Tensor4D) => ReadonlyMap<string, { readonly input: Tensor4D }>;
  readonly batches: AsyncIterable<TrainingBatch>;
  readonly imageShape: Shape3;
  /** Whether to stop before the next batch; the moments are then undefined. */
  readonly stopped?: () => boolean;
}

/** What is gathered of a layer, batch by batch. */
interface Gathering {
  /** Called inside a tidy, with the layer's input as images. */
  add(tf: Tf, input: Tensor4D, weights: HeldWeights): void;
  moments(): LayerMoments;
}

/**
 * Second moments of the inputs of some layers and of their outputs before the activation, over all positions of the images. Within a
 * batch TensorFlow sums, over the batches doubles do: a layer has the same moments, to the bit, whichever others are measured with it.
 * Of a dense layer with more outputs than there are images the outputs themselves are kept, which are smaller than their covariance.
 */
export async function layerMoments(tf: Tf, options: MomentsOptions): Promise<Map<string, LayerMoments> | undefined> {
  const { layers, runCut, batches, imageShape, stopped } = options;
  const gatherings = layers.map(({ layer, name, weights }) => ({
    name,
    gathering: gatheringOf(layer),
    held: tensorsOf(tf, layer, weights),
  }));
  try {
    for await (const { images, count } of batches) {
      if (stopped?.() === true) return undefined;
      tf.tidy(() => {
        const inputs = runCut(tf.tensor4d(images, [count, ...imageShape]));
        for (const { name, gathering, held } of gatherings) {
          const input = inputs.get(name)?.input;
          if (input !== undefined) gathering.add(tf, input, held);
        }
      });
    }
    return new Map(gatherings.map(({ name, gathering }) => [name, gathering.moments()]));
  } finally {
    for (const { held } of gatherings) tf.dispose(held.bias === undefined ? [held.kernel] : [held.kernel, held.bias]);
  }
}

function gatheringOf(layer: MeasuredLayer['layer']): Gathering {
  if (layerKind(layer) === 'Convolution') return gatherConvolution(layer);
  const [height, width, outputs] = layer.outputShape;
  return height * width === 1 && outputs > IMAGES ? gatherSamples(layer) : gatherProduct(layer);
}

interface HeldWeights {
  readonly kernel: Tensor4D;
  readonly bias?: Tensor;
}

function tensorsOf(tf: Tf, layer: MeasuredLayer['layer'], { kernel, bias }: LayerWeights): HeldWeights {
  const { kernel: area, inputShape, outputShape } = layer;
  return {
    kernel: tf.tensor4d(kernel, [...area, inputShape[2], outputShape[2]]),
    ...(bias !== undefined && { bias: tf.tensor1d(bias) }),
  };
}

const rows = (x: Tensor4D): Tensor2D => x.reshape([-1, x.shape[3]]);

/** The layer's output before its activation, [positions, out]; of a dense layer too, which is a 1x1 convolution of one position. */
function outputRows(
  tf: Tf,
  { strides, padding, dilation }: MeasuredLayer['layer'],
  { input, kernel, bias }: HeldWeights & { readonly input: Tensor4D },
): Tensor2D {
  const linear = tf.conv2d(input, kernel, [...strides], padding, 'NHWC', [...dilation]);
  return rows(bias === undefined ? linear : tf.add<Tensor4D>(linear, bias));
}

function gatherConvolution(layer: MeasuredLayer['layer']): Gathering {
  const inputs = layer.inputShape[2];
  const output = gatherProduct(layer);
  const products = new Float64Array(inputs * inputs);
  let positions = 0;
  return {
    add: (tf, input, weights) => {
      const x = rows(input);
      addTo(products, tf.matMul(x, x, true));
      positions += x.shape[0];
      output.add(tf, input, weights);
    },
    moments: () => {
      const { outputMean, covariance } = output.spread();
      return {
        kind: 'Convolution',
        input: products.map((sum) => sum / positions),
        outputMean,
        outputCovariance: covariance,
      };
    },
  };
}

interface ProductGathering extends Gathering {
  spread(): { readonly outputMean: Float64Array; readonly covariance: Float64Array };
}

function gatherProduct(layer: MeasuredLayer['layer']): ProductGathering {
  const outputs = layer.outputShape[2];
  const sums = new Float64Array(outputs);
  const products = new Float64Array(outputs * outputs);
  let positions = 0;
  const spread = (): ReturnType<ProductGathering['spread']> => {
    const mean = sums.map((sum) => sum / positions);
    const covariance = products.map(
      (sum, at) => sum / positions - (mean[Math.floor(at / outputs)] ?? 0) * (mean[at % outputs] ?? 0),
    );
    return { outputMean: mean, covariance };
  };
  return {
    add: (tf, input, weights) => {
      const y = outputRows(tf, layer, { input, ...weights });
      addTo(sums, tf.sum(y, 0));
      addTo(products, tf.matMul(y, y, true));
      positions += y.shape[0];
    },
    spread,
    moments: () => {
      const { outputMean, covariance } = spread();
      return { kind: 'Product', outputMean, spread: { kind: 'Covariance', covariance } };
    },
  };
}

function gatherSamples(layer: MeasuredLayer['layer']): Gathering {
  const samples: Float32Array[] = [];
  const sums = new Float64Array(layer.outputShape[2]);
  return {
    add: (tf, input, weights) => {
      for (const row of tf.unstack(outputRows(tf, layer, { input, ...weights }))) {
        const sample = Float32Array.from(row.dataSync());
        samples.push(sample);
        sample.forEach((value, i) => {
          sums[i] = (sums[i] ?? 0) + value;
        });
      }
    },
    moments: () => ({
      kind: 'Product',
      outputMean: sums.map((sum) => sum / samples.length),
      spread: { kind: 'Samples', samples },
    }),
  };
}

function addTo(sum: Float64Array, batch: Tensor): void {
  batch.dataSync().forEach((value, i) => {
    sum[i] = (sum[i] ?? 0) + value;
  });
}

/** Whether the moments are numbers: a teacher that overflows on an image has none. */
export function isFiniteMoments(moments: LayerMoments): boolean {
  const isFinite = (values: Float64Array | Float32Array): boolean => values.every(Number.isFinite);
  if (!isFinite(moments.outputMean)) return false;
  if (moments.kind === 'Convolution') return isFinite(moments.input) && isFinite(moments.outputCovariance);
  const { spread } = moments;
  return spread.kind === 'Covariance' ? isFinite(spread.covariance) : spread.samples.every(isFinite);
}
