import { internalError } from '@distillation/api/errors';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { fusedBatchNorm, fusedBatchNormGradient, isNative } from './native-ops.ts';
import type { Tf } from './tf.ts';

interface BatchNormInputs {
  /** [batch, height, width, channels] */
  readonly x: Tensor4D;
  readonly gamma: Tensor1D;
  readonly beta: Tensor1D;
  readonly epsilon: number;
}

interface BatchNormOutputs {
  readonly y: Tensor4D;
  /** Of the batch, one value per channel; no gradient flows through these two. */
  readonly mean: Tensor1D;
  /** Divided by the count, not by count - 1, as Keras 3 and TensorFlow.js do for the moving averages. */
  readonly variance: Tensor1D;
}

/**
 * Batch normalisation by the batch's own moments, with the gradient through them (Ioffe & Szegedy 2015, algorithm 1). On the
 * native backend TensorFlow's fused kernels compute it, in a quarter of the time of the composed operations.
 */
export function batchNormTraining(tf: Tf, { x, gamma, beta, epsilon }: BatchNormInputs): BatchNormOutputs {
  if (!isNative(tf)) {
    const { mean, variance } = tf.moments(x, [0, 1, 2]) as { mean: Tensor1D; variance: Tensor1D };
    return { y: tf.batchNorm4d(x, mean, variance, beta, gamma, epsilon), mean, variance };
  }
  const fused = fusedBatchNorm(tf, [x, gamma, beta], epsilon);
  const normalize = tf.customGrad((...inputs) => {
    const save = inputs.pop() as unknown as (tensors: Tensor[]) => void;
    save([x, gamma, ...fused.reserved]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => fusedBatchNormGradient(tf, [dy, ...saved], epsilon);
    return { value: fused.output, gradFunc };
  });
  const y = normalize(x, gamma, beta) as Tensor4D;
  const count = x.size / gamma.size;
  return { y, mean: fused.mean as Tensor1D, variance: tf.mul(fused.variance, (count - 1) / count) };
}

/** A weight as the layers of TensorFlow.js hold it. */
interface LayerWeight {
  read(): Tensor;
  write(value: Tensor): unknown;
}

/** The parts of a BatchNormalization layer that are used. */
interface BatchNormalizationLayer {
  readonly axis: number;
  readonly epsilon: number;
  readonly momentum: number;
  readonly gamma?: LayerWeight | null;
  readonly beta?: LayerWeight | null;
  readonly movingMean: LayerWeight;
  readonly movingVariance: LayerWeight;
}

type LayerCall = (
  this: BatchNormalizationLayer,
  inputs: Tensor | Tensor[],
  kwargs?: { training?: boolean },
) => Tensor | Tensor[];

const installed = new WeakSet();

/**
 * Makes every `BatchNormalization` layer that is called with `training: true` on images use `batchNormTraining` on the native
 * backend and update its moving averages from the result. It then also trains without gamma or beta, which the stock layer cannot
 * do. Installing twice is harmless.
 */
export function installBatchNormalization(tf: Tf): void {
  if (installed.has(tf.engine())) return;
  installed.add(tf.engine());

  const [layerClass] = tf.serialization.SerializationMap.getMap().classNameMap['BatchNormalization'] ?? [];
  if (layerClass === undefined) throw internalError('TensorFlow.js has no BatchNormalization layer.');
  const prototype = (layerClass as unknown as { prototype: { call: LayerCall } }).prototype;
  const stock = prototype.call;
  prototype.call = function (inputs, kwargs) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const training = kwargs?.training === true && isNative(tf);
    if (!training || x?.rank !== 4 || (this.axis !== -1 && this.axis !== 3)) return stock.call(this, inputs, kwargs);
    const channels = x.shape[3] ?? 0;
    return tf.tidy(() => {
      const gamma = (this.gamma?.read() ?? tf.ones([channels])) as Tensor1D;
      const beta = (this.beta?.read() ?? tf.zeros([channels])) as Tensor1D;
      const { y, mean, variance } = batchNormTraining(tf, { x: x as Tensor4D, gamma, beta, epsilon: this.epsilon });
      move(this.movingMean, mean, this.momentum);
      move(this.movingVariance, variance, this.momentum);
      return y;
    });
  };

  function move(average: LayerWeight, value: Tensor, momentum: number): void {
    const held = average.read();
    average.write(tf.sub(held, tf.mul(tf.sub(held, value), 1 - momentum)));
  }
}
