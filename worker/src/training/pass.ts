import { internalError } from '@distillation/api/errors';
import type { Tensor4D } from '@tensorflow/tfjs';
import type { Shape3 } from '@distillation/api/plan';
import type { Tf } from '../backend/tf.ts';
import type { BlockTrainer } from './block-trainer.ts';

/**
 * Input and output of each layer in the teacher, by layer name, from one forward pass to the deepest of them. Call it
 * inside a tidy.
 */
type RunCut = (x: Tensor4D) => ReadonlyMap<string, { readonly input: Tensor4D; readonly target: Tensor4D }>;

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
  /**
   * Blocks at the same epoch: one in an independent pass, several in a fused pass, where one forward pass of the
   * teacher feeds all.
   */
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
  /** Checked after each step but the last, since the epoch is then complete; the pass then stops early, unfinished. */
  readonly stopped?: () => boolean;
}

/**
 * One epoch of one or several blocks. A block sees the same tensors and computes the same steps whether it is trained alone or with
 * others, so both ways give the same weights bit for bit; fused, the prefix is computed once instead of once per block.
 * @returns undefined when stopped early; nothing of the epoch may then be kept.
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
        const pair = pairs.get(trainer.layer);
        if (pair === undefined) throw internalError(`The teacher's cut does not give layer ${trainer.layer}.`);
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
