import { internalError } from '@distillation/api/errors';
import type { Scalar, Tensor4D } from '@tensorflow/tfjs';
import type { Shape3 } from '@distillation/api/plan';
import type { Tf } from '../../backend/tf.ts';
import type { BlockTrainer } from './block-trainer.ts';
import type { CompiledSteps } from './compiled-steps.ts';

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
  /** Where steps are compiled, all but those of a batch that is not full. */
  readonly compiled?: CompiledSteps;
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
  const { trainers, batches, imageShape, firstStep, steps, compiled, onStep, stopped } = options;
  const ownSeconds = new Map(trainers.map(({ block }) => [block, 0]));
  const add = (block: string, seconds: number): void => {
    ownSeconds.set(block, (ownSeconds.get(block) ?? 0) + seconds);
  };
  const one = oneByOne(options, add);
  const untimed = oneByOne(options, () => undefined);
  const started = performance.now();
  let images = 0;
  let step = 0;
  for await (const batch of batches) {
    const factors = trainers.map((trainer) => trainer.advance(firstStep + step));
    tf.tidy(() => {
      const args: StepArguments = {
        x: tf.tensor4d(batch.images, [batch.count, ...imageShape]),
        factors: factors.map((factor) => tf.scalar(factor)),
      };
      if (compiled?.takes(batch.count) !== true) one(args);
      else compiled.run({ trainers, args, step: untimed, onSeconds: add });
    });
    step += 1;
    images += batch.count;
    onStep?.(step, images);
    if (step < steps && stopped?.() === true) return undefined;
  }
  const own = [...ownSeconds.values()].reduce((sum, seconds) => sum + seconds, 0);
  return { prefixSeconds: (performance.now() - started) / 1000 - own, ownSeconds, images };
}

/** What differs from step to step. */
export interface StepArguments {
  readonly x: Tensor4D;
  /** Of the trainers, in their order. */
  readonly factors: readonly Scalar[];
}

/** A step of all trainers, one after the other, which tells the seconds of each. */
function oneByOne(
  { trainers, runCut }: PassOptions,
  onSeconds: (block: string, seconds: number) => void,
): (args: StepArguments) => void {
  return ({ x, factors }) => {
    const pairs = runCut(x);
    trainers.forEach((trainer, i) => {
      const [pair, factor] = [pairs.get(trainer.layer), factors[i]];
      if (pair === undefined || factor === undefined)
        throw internalError(`The teacher's cut does not give layer ${trainer.layer}.`);
      const before = performance.now();
      trainer.step(pair, factor);
      onSeconds(trainer.block, (performance.now() - before) / 1000);
    });
  };
}
