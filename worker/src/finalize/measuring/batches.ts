import type { LayersModel, Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { Tf } from '../../backend/tf.ts';

/** What the finalizer needs of a batch: pixels as the teacher takes them, and class indices. */
export interface LabelledBatch {
  /** [count, height, width, channels], row-major. */
  readonly images: Float32Array;
  /** One class index per sample. */
  readonly labels: ArrayLike<number>;
}

/** Starts a new pass over the samples of a split at each call. */
export type OpenBatches = () => AsyncIterable<LabelledBatch>;

/** A batch to train on: each image is known by its index within the training split. */
export interface TrainingBatch extends LabelledBatch {
  readonly sampleIds: Uint32Array;
}

/** Starts a new pass over the training split at each call. */
export type OpenTrainingBatches = () => AsyncIterable<TrainingBatch>;

/** The model's input for a batch, on the device. */
export function imageTensor(tf: Tf, model: LayersModel, batch: LabelledBatch): Tensor {
  const sample = inputShape(model);
  const pixels = sample.reduce((product, size) => product * size, 1);
  return tf.tensor(batch.images, [batch.images.length / pixels, ...sample]);
}

/** [height, width, channels] of the model's input. */
export function inputShape(model: LayersModel): number[] {
  const shape = model.inputs[0]?.shape ?? [];
  return shape.slice(1).map((size) => size ?? 1);
}

/** Scores as [count, classes], without the model's singleton dimensions. Call it inside a tidy. */
export function scores(output: Tensor): Tensor2D {
  return output.reshape([-1, output.shape.slice(1).reduce((product, size) => product * size, 1)]);
}
