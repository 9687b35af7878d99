import type { Tensor4D } from '@tensorflow/tfjs';
import type { Shape3 } from '@distillation/api/plan';
import type { Tf } from '../backend/tf.ts';
import type { BlockTrainer } from './block-trainer.ts';

/** The layer's input and output in the teacher, by layer name: one forward pass to the deepest of them. Called within a tidy. */
export type RunCut = (x: Tensor4D) => ReadonlyMap<string, { readonly input: Tensor4D; readonly target: Tensor4D }>;

/** A batch as the loader gives it: `count` preprocessed images, row-major [count, height, width, channels]. */
export interface TrainingBatch {
  readonly images: Float32Array;
  readonly count: number;
}

/** Seconds spent in a pass. */
export interface PassTiming {
  /** Waiting for data and running the teacher's prefix, which all blocks of the pass share. */
  readonly prefixSeconds: number;
  /** Each block's own steps. */
  readonly ownSeconds: ReadonlyMap<string, number>;
  readonly images: number;
}

interface PassOptions {
  /** Blocks at the same epoch. One: an independent pass. Several: fused, one teacher forward feeds all. */
  readonly trainers: readonly BlockTrainer[];
  readonly runCut: RunCut;
  readonly batches: AsyncIterable<TrainingBatch>;
  readonly imageShape: Shape3;
  /** Step number of the epoch's first step, counted over all epochs. */
  readonly firstStep: number;
  /** Steps of the epoch. */
  readonly steps: number;
  /** Called after each step. */
  readonly onStep?: (step: number, images: number) => void;
  /** Asked after each step but the last, after which all is done: the pass then stops early, unfinished. */
  readonly stopped?: () => boolean;
}

/**
 * One epoch of one or several blocks. Each block sees the same tensors and takes the same arithmetic steps whether it is
 * alone or not, so both ways give the same weights to the bit; only the prefix is paid once instead of once a block.
 * @returns undefined when stopped early: nothing of the epoch may then be kept.
 */
export async function trainPass(tf: Tf, options: PassOptions): Promise<PassTiming | undefined> {
  const { trainers, runCut, batches, imageShape, firstStep, steps, onStep, stopped } = options;
  const ownSeconds = new Map(trainers.map(({ block }) => [block, 0]));
  const started = performance.now();
  let own = 0;
  let images = 0;
  let step = 0;
  for await (const batch of batches) {
    tf.tidy(() => {
      const x = tf.tensor4d(batch.images, [batch.count, ...imageShape]);
      const pairs = runCut(x);
      for (const trainer of trainers) {
        const pair = pairs.get(trainer.block);
        if (pair === undefined) throw new Error(`the teacher's cut does not give layer ${trainer.block}`);
        const before = performance.now();
        trainer.step(pair, firstStep + step);
        const seconds = (performance.now() - before) / 1000;
        own += seconds;
        ownSeconds.set(trainer.block, (ownSeconds.get(trainer.block) ?? 0) + seconds);
      }
    });
    step += 1;
    images += batch.count;
    onStep?.(step, images);
    if (step < steps && stopped?.() === true) return undefined;
  }
  return { prefixSeconds: (performance.now() - started) / 1000 - own, ownSeconds, images };
}
