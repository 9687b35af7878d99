import { setImmediate as turn } from 'node:timers/promises';
import type { PreprocessingSpec } from '@distillation/api/job';
import type { Shape3, UnreadableFile } from '@distillation/api/plan';
import type { BatchRequest, MadeBatch, TrainingKey } from '../batch.ts';
import { LoaderPool } from './loader-pool.ts';
import { evaluationOrder, trainingOrder } from '../order.ts';
import { channelTables } from '../preprocess.ts';
import type { Dataset, Split } from '../types.ts';
import { UnreadableImages } from '../images/unreadable.ts';

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
  /** Called with the number of its images whenever a batch is taken. */
  readonly onBatch?: (images: number) => void;
}

export interface BatchesOptions {
  readonly split: Split;
  readonly batchSize: number;
  /**
   * For training: samples in the order of ('order', seed, epoch), augmented; the last partial batch is dropped if there is a full
   * one.
   */
  readonly training?: TrainingKey;
  /** Without `training`: at most this many samples, spread over the split. */
  readonly atMost?: number;
}

export interface Loader {
  readonly imageShape: Shape3;
  /**
   * Batches of one epoch (with `training`), or of a split in its own order with every sample once (without). The caller may stop
   * early. Between two batches signals, timers and messages are handled, however long the caller computes and however many batches
   * are ready.
   * @throws DistillError what reading the samples raises, in the order of the batches.
   */
  batches(options: BatchesOptions): AsyncGenerator<Batch, void, undefined>;
  /** Images that could not be decoded so far, sorted by path. */
  unreadable(): readonly UnreadableFile[];
  /** Ends the threads. */
  close(): Promise<void>;
}

/** Number of batches made ahead of the one in use: enough to keep every thread busy, few enough to bound memory. */
function prefetchDepth(threads: number): number {
  return Math.max(3, threads + 1);
}

function requests(dataset: Dataset, { split, batchSize, training, atMost }: BatchesOptions): BatchRequest[] {
  const { count } = dataset.splits[split];
  if (training === undefined) return evaluationOrder(count, batchSize, atMost).map((samples) => ({ split, samples }));
  return trainingOrder(count, batchSize, training).map((samples) => ({ split, samples, training }));
}

/**
 * Starts the loader's threads. The batches are the same, bit for bit, for every number of threads.
 * @throws DistillError DISTILL_E_MANIFEST_INVALID when the preprocessing does not fit the images
 */
export function openLoader({ dataset, preprocessing, threads, onBatch }: LoaderOptions): Loader {
  const { imageShape, maxUnreadable } = dataset.data;
  // The threads would fail too, but only when the first batch is requested.
  channelTables(preprocessing, imageShape[2]);
  const pool = new LoaderPool(threads, { data: dataset.data, preprocessing });
  const unreadable = new UnreadableImages(maxUnreadable);

  async function* batches(options: BatchesOptions): AsyncGenerator<Batch, void, undefined> {
    const todo = requests(dataset, options);
    const ahead: Promise<MadeBatch>[] = [];
    let next = 0;
    for (let index = 0; index < todo.length; index++) {
      while (next < todo.length && next <= index + prefetchDepth(threads)) {
        const request = todo[next++];
        if (request === undefined) break;
        const made = pool.request(request);
        // The failure of a batch that is never consumed must not end the process.
        made.catch(() => undefined);
        ahead.push(made);
      }
      const made = await ahead.shift();
      if (made === undefined) return;
      for (const { name, reason } of made.unreadable) unreadable.add(name, reason);
      const { images, labels, sampleIds } = made;
      if (labels.length === 0) continue;
      onBatch?.(labels.length);
      // Messages of the threads are delivered in one go as long as any arrive. A caller that computes longer than a batch takes to
      // make would never see the end of them, and a SIGTERM would wait until the end of the epoch.
      await turn();
      yield { index, images, shape: [labels.length, ...imageShape], labels, sampleIds };
    }
  }

  return { imageShape, batches, unreadable: () => unreadable.list(), close: () => pool.close() };
}
