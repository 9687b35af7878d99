import { internalError } from '@distillation/api/errors';
import type { LayersModel } from '@tensorflow/tfjs';
import type { Tf } from '../../backend/tf.ts';
import { imageTensor, type OpenTrainingBatches, type TrainingBatch } from '../measuring/batches.ts';
import { logitsOf } from '../measuring/logits.ts';

/** The teacher's logits for the images of a batch, row-major [count, classes]. */
export type KnownLogits = (batch: TrainingBatch) => Float32Array;

interface KnownLogitsOptions {
  readonly teacher: LayersModel;
  readonly outputs: 'Logits' | 'Probabilities';
  readonly classes: number;
  /** Size of the training split. */
  readonly samples: number;
  /** A pass over the training split as it is, each image once. */
  readonly batches: OpenTrainingBatches;
}

/** Most memory that the logits may take, in bytes: those of a million images of 64 classes. */
const MOST_BYTES = 256 * 2 ** 20;

/** Whether the logits of so many images can be kept. */
export const canBeKept = ({ samples, classes }: Pick<KnownLogitsOptions, 'samples' | 'classes'>): boolean =>
  samples * classes * Float32Array.BYTES_PER_ELEMENT <= MOST_BYTES;

/**
 * The teacher's logits for every training image, from one forward pass of each, for images that are not augmented: the teacher, which
 * takes a third of a step, then says the same in every epoch. The pass is in the split's own order, so a resumed run gets the same bits.
 */
export async function knownLogits(
  tf: Tf,
  { teacher, outputs, classes, samples, batches }: KnownLogitsOptions,
): Promise<KnownLogits> {
  const values = new Float32Array(samples * classes);
  const known = new Uint8Array(samples);
  const logits = logitsOf(tf, teacher, outputs);
  try {
    for await (const batch of batches()) {
      const rows = tf.tidy(() =>
        logits.run(imageTensor(tf, teacher, batch), { training: false }).dataSync<'float32'>(),
      );
      batch.sampleIds.forEach((sample, row) => {
        values.set(rows.subarray(row * classes, (row + 1) * classes), sample * classes);
        known[sample] = 1;
      });
    }
  } finally {
    logits.release();
  }
  return ({ sampleIds }) => {
    const rows = new Float32Array(sampleIds.length * classes);
    sampleIds.forEach((sample, row) => {
      if (known[sample] !== 1) throw internalError(`The teacher was not asked about training image ${sample}.`);
      rows.set(values.subarray(sample * classes, (sample + 1) * classes), row * classes);
    });
    return rows;
  };
}
