import type { AugmentationSpec, PreprocessingSpec } from '@distillation/api/job';
import type { Shape3 } from '@distillation/api/plan';
import type { Dataset, Split } from './types.ts';

/** A batch, preprocessed as the teacher expects it. */
export interface Batch {
  /** Position in the epoch, from 0. */
  readonly index: number;
  /** [b, h, w, c], b = labels.length. */
  readonly images: Float32Array<ArrayBuffer>;
  readonly shape: readonly [number, number, number, number];
  /** Class indices; `UNLABELLED` (-1) where there are none. */
  readonly labels: Int32Array<ArrayBuffer>;
  /** Index within the split of each sample. */
  readonly sampleIds: Uint32Array<ArrayBuffer>;
}

export interface LoaderOptions {
  readonly dataset: Dataset;
  readonly preprocessing: PreprocessingSpec;
  /** `spec.dataset.loaderThreads`. */
  readonly threads: number;
}

export interface BatchesOptions {
  readonly split: Split;
  readonly batchSize: number;
  /** Training: samples in the order of ('order', seed, epoch), augmented, the last partial batch dropped when there is a full one. */
  readonly training?: { readonly seed: number; readonly epoch: number; readonly augmentation?: AugmentationSpec };
}

export interface Loader {
  readonly imageShape: Shape3;
  /**
   * Batches of one epoch (with `training`) or of a split in its own order, every sample once (without). Stopping early is fine.
   * @throws DistillError what the data set's samples raise, in the order of the batches.
   */
  batches(options: BatchesOptions): AsyncIterableIterator<Batch>;
  /** Paths of images that could not be decoded so far, sorted. */
  unreadable(): readonly string[];
  /** Ends the threads. */
  close(): Promise<void>;
}

/** Starts the loader's threads. */
export function openLoader(options: LoaderOptions): Loader {
  throw new Error(`not yet: ${options.threads}`);
}
