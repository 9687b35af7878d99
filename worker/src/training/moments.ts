import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { LayerInfo, Shape3 } from '@distillation/api/plan';
import type { Tf } from '../backend/tf.ts';
import type { LayerMoments, LayerWeights } from '../blocks/low-rank-start.ts';
import type { TrainingBatch } from './pass.ts';

/** A layer whose moments are asked for, with its own weights. */
export interface MeasuredLayer {
  readonly name: string;
  readonly layer: Pick<LayerInfo, 'kernel' | 'strides' | 'padding' | 'dilation' | 'inputShape' | 'outputShape'>;
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

/** Running sums of a layer, in doubles. */
interface Sums {
  positionsIn: number;
  positionsOut: number;
  readonly input: Float64Array;
  readonly output: Float64Array;
  readonly outputProducts: Float64Array;
}

/**
 * Second moments of the inputs of some layers and of their outputs before the activation, over all positions of the images. Within a
 * batch TensorFlow sums, over the batches doubles do: a layer has the same moments, to the bit, whichever others are measured with it.
 */
export async function layerMoments(tf: Tf, options: MomentsOptions): Promise<Map<string, LayerMoments> | undefined> {
  const { layers, runCut, batches, imageShape, stopped } = options;
  const sums = new Map(layers.map((layer) => [layer.name, emptySums(layer)]));
  const weights = new Map(layers.map((layer) => [layer.name, tensorsOf(tf, layer)]));
  try {
    for await (const { images, count } of batches) {
      if (stopped?.() === true) return undefined;
      tf.tidy(() => {
        const inputs = runCut(tf.tensor4d(images, [count, ...imageShape]));
        for (const { name, layer } of layers) {
          const input = inputs.get(name)?.input;
          const own = sums.get(name);
          const held = weights.get(name);
          if (input !== undefined && own !== undefined && held !== undefined)
            addBatch(tf, own, { layer, input, ...held });
        }
      });
    }
    return new Map([...sums].map(([name, each]) => [name, momentsOf(each)]));
  } finally {
    for (const { kernel, bias } of weights.values()) tf.dispose(bias === undefined ? [kernel] : [kernel, bias]);
  }
}

function emptySums({ layer }: MeasuredLayer): Sums {
  const [inputs, outputs] = [layer.inputShape[2], layer.outputShape[2]];
  return {
    positionsIn: 0,
    positionsOut: 0,
    input: new Float64Array(inputs * inputs),
    output: new Float64Array(outputs),
    outputProducts: new Float64Array(outputs * outputs),
  };
}

interface HeldWeights {
  readonly kernel: Tensor4D;
  readonly bias?: Tensor;
}

function tensorsOf(tf: Tf, { layer, weights: { kernel, bias } }: MeasuredLayer): HeldWeights {
  const { kernel: area, inputShape, outputShape } = layer;
  return {
    kernel: tf.tensor4d(kernel, [...area, inputShape[2], outputShape[2]]),
    ...(bias !== undefined && { bias: tf.tensor1d(bias) }),
  };
}

function addBatch(
  tf: Tf,
  sums: Sums,
  { layer, input, kernel, bias }: HeldWeights & Pick<MeasuredLayer, 'layer'> & { readonly input: Tensor4D },
): void {
  const { strides, padding, dilation } = layer;
  const linear = tf.conv2d(input, kernel, [...strides], padding, 'NHWC', [...dilation]);
  const output = bias === undefined ? linear : tf.add<Tensor4D>(linear, bias);
  const rows = (x: Tensor4D): Tensor2D => x.reshape([-1, x.shape[3]]);
  const [x, y] = [rows(input), rows(output)];
  add(sums.input, tf.matMul(x, x, true));
  add(sums.output, tf.sum(y, 0));
  add(sums.outputProducts, tf.matMul(y, y, true));
  sums.positionsIn += x.shape[0];
  sums.positionsOut += y.shape[0];
}

function add(sum: Float64Array, batch: Tensor): void {
  batch.dataSync().forEach((value, i) => {
    sum[i] = (sum[i] ?? 0) + value;
  });
}

function momentsOf({ positionsIn, positionsOut, input, output, outputProducts }: Sums): LayerMoments {
  const mean = output.map((sum) => sum / positionsOut);
  const size = mean.length;
  const covariance = outputProducts.map(
    (sum, at) => sum / positionsOut - (mean[Math.floor(at / size)] ?? 0) * (mean[at % size] ?? 0),
  );
  return { input: input.map((sum) => sum / positionsIn), outputMean: mean, outputCovariance: covariance };
}
