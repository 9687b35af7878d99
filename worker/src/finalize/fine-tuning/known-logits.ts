import { internalError } from '@distillation/api/errors';
import type { AugmentationSpec } from '@distillation/api/job';
import type { LayersModel } from '@tensorflow/tfjs';
import { Forward } from '../../backend/graph/forward.ts';
import type { Tf } from '../../backend/tf.ts';
import { drawChange } from '../../data/augment.ts';
import { imageTensor, type OpenTrainingBatches, type TrainingBatch } from '../measuring/batches.ts';
import { logitsOf } from '../measuring/logits.ts';

/** The teacher's logits for the images of a batch of this epoch, row-major [count, classes]. */
export type KnownLogits = (batch: Pick<TrainingBatch, 'sampleIds'>, at: EpochId) => Float32Array;

/** Decides, with the sample, how an image is augmented. */
interface EpochId {
  readonly seed: number;
  readonly epoch: number;
}

interface KnownLogitsOptions {
  readonly teacher: LayersModel;
  readonly outputs: 'Logits' | 'Probabilities';
  readonly classes: number;
  /** Size of the training split. */
  readonly samples: number;
  /** A pass over the training split as it is, each image once. */
  readonly batches: OpenTrainingBatches;
  /** What the images are augmented by: nothing, or flips alone. */
  readonly augmentation?: AugmentationSpec;
}

/** Axes of a batch of images that are flipped. */
const [ROWS, COLUMNS] = [1, 2];

interface Flip {
  readonly flipHorizontal: boolean;
  readonly flipVertical: boolean;
}

const flippedAxes = ({ flipHorizontal, flipVertical }: Flip): number[] => [
  ...(flipVertical ? [ROWS] : []),
  ...(flipHorizontal ? [COLUMNS] : []),
];

/** Every way in which an image may come, the image as it is first. */
function flips(augmentation: AugmentationSpec | undefined): readonly Flip[] {
  const both = (kind: 'flipHorizontal' | 'flipVertical'): boolean[] =>
    augmentation?.[kind] === 'Enabled' ? [false, true] : [false];
  return both('flipVertical').flatMap((flipVertical) =>
    both('flipHorizontal').map((flipHorizontal) => ({ flipHorizontal, flipVertical })),
  );
}

/** How often the teacher is asked about each image; undefined when images differ in every epoch. */
export function timesAsked(augmentation: AugmentationSpec | undefined): number | undefined {
  const isFlippedAlone =
    augmentation === undefined || (augmentation.cropPadding === 0 && augmentation.rotateDegrees === 0);
  return isFlippedAlone ? flips(augmentation).length : undefined;
}

/** Most memory that the logits may take, in bytes: those of a million images of 64 classes. */
const MOST_BYTES = 256 * 2 ** 20;

/** Whether the logits of so many images can be kept. */
export const canBeKept = ({ images, classes }: { readonly images: number; readonly classes: number }): boolean =>
  images * classes * Float32Array.BYTES_PER_ELEMENT <= MOST_BYTES;

/**
 * The teacher's logits for every training image, from one forward pass of each way in which it may be flipped: the teacher, which takes a
 * third of a step, then says the same in every epoch. The pass is in the split's own order, so a resumed run gets the same bits.
 */
export async function knownLogits(
  tf: Tf,
  { teacher, outputs, classes, samples, batches, augmentation }: KnownLogitsOptions,
): Promise<KnownLogits> {
  const ways = flips(augmentation);
  const values = ways.map(() => new Float32Array(samples * classes));
  const known = new Uint8Array(samples);
  const logits = logitsOf(tf, teacher, outputs);
  const forward = new Forward(tf, (images) =>
    ways.map((flip) => {
      const axes = flippedAxes(flip);
      return tf.tidy(() => logits.run(axes.length === 0 ? images : tf.reverse(images, axes), { training: false }));
    }),
  );
  try {
    for await (const batch of batches()) {
      const said = tf.tidy(() =>
        forward.of(imageTensor(tf, teacher, batch)).map((output) => output.dataSync<'float32'>()),
      );
      for (const [way, rows] of said.entries()) {
        batch.sampleIds.forEach((sample, row) => {
          values[way]?.set(rows.subarray(row * classes, (row + 1) * classes), sample * classes);
        });
      }
      for (const sample of batch.sampleIds) known[sample] = 1;
    }
  } finally {
    forward.dispose();
    logits.release();
  }
  const wayOf = (sample: number, at: EpochId): Float32Array | undefined => {
    const change = augmentation === undefined ? undefined : drawChange(augmentation, { ...at, sample });
    const way = ways.findIndex(
      ({ flipHorizontal, flipVertical }) =>
        flipHorizontal === (change?.flipHorizontal ?? false) && flipVertical === (change?.flipVertical ?? false),
    );
    return values[way];
  };
  return ({ sampleIds }, { seed, epoch }) => {
    const rows = new Float32Array(sampleIds.length * classes);
    sampleIds.forEach((sample, row) => {
      const all = wayOf(sample, { seed, epoch });
      if (known[sample] !== 1 || all === undefined)
        throw internalError(`The teacher was not asked about training image ${sample}.`);
      rows.set(all.subarray(sample * classes, (sample + 1) * classes), row * classes);
    });
    return rows;
  };
}
