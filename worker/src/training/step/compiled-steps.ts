import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { BlockCost } from '@distillation/api/plan';
import { type CompiledUpdate, compileUpdate } from '../../backend/graph/update.ts';
import type { Tf } from '../../backend/tf.ts';
import type { BlockTrainer } from './block-trainer.ts';
import type { StepArguments } from './pass.ts';

interface StepOptions {
  readonly trainers: readonly BlockTrainer[];
  readonly args: StepArguments;
  /** The step of these trainers, as it is compiled. */
  readonly step: (args: StepArguments) => void;
  readonly onSeconds: (block: string, seconds: number) => void;
}

interface Kept {
  readonly trainers: readonly BlockTrainer[];
  readonly update: CompiledUpdate;
  /** Of the trainers in the time of a step. */
  readonly shares: readonly number[];
}

/** Steps of full batches as graphs. That of the last trainers is kept, for they are mostly the next epoch's too. */
export class CompiledSteps {
  readonly #tf: Tf;
  readonly #costs: ReadonlyMap<string, BlockCost>;
  readonly #batchSize: number;
  #kept: Kept | undefined;

  /** @param costs planned, by block: a graph does not tell how long each part of it took, so they share its time */
  constructor(tf: Tf, { costs, batchSize }: { costs: ReadonlyMap<string, BlockCost>; batchSize: number }) {
    this.#tf = tf;
    this.#costs = costs;
    this.#batchSize = batchSize;
  }

  /** Whether a batch is a full one. The job says so, not the first batch of an epoch: an image of it may be unreadable. */
  takes(count: number): boolean {
    return count === this.#batchSize;
  }

  /** Runs the step, compiled before if these trainers had none yet; for batches that it `takes`. */
  run({ trainers, args: { x, factors }, step, onSeconds }: StepOptions): void {
    const args = [x, ...factors];
    let kept = this.#kept;
    if (kept === undefined || !isSame(kept.trainers, trainers)) {
      this.dispose();
      const update = compileUpdate(this.#tf, {
        state: trainers.flatMap(({ state }) => state),
        args,
        update: ([images, ...rest]: readonly Tensor[]) => {
          step({ x: images as Tensor4D, factors: rest as Scalar[] });
        },
      });
      const shares = ownShares(trainers.map(({ block }) => this.#costs.get(block)));
      kept = { trainers: [...trainers], update, shares };
      this.#kept = kept;
    }
    const before = performance.now();
    kept.update.run(args);
    const seconds = (performance.now() - before) / 1000;
    const { shares } = kept;
    trainers.forEach(({ block }, i) => {
      onSeconds(block, seconds * (shares[i] ?? 0));
    });
  }

  dispose(): void {
    this.#kept?.update.dispose();
    this.#kept = undefined;
  }
}

const isSame = (some: readonly BlockTrainer[], others: readonly BlockTrainer[]): boolean =>
  some.length === others.length && some.every((trainer, i) => trainer === others[i]);

/** The share of each block's own steps in a step of all, whose forward pass is that of the deepest. */
export function ownShares(costs: readonly (BlockCost | undefined)[]): number[] {
  const own = costs.map((cost) => cost?.own ?? 0);
  const prefix = Math.max(0, ...costs.map((cost) => cost?.prefix ?? 0));
  const all = prefix + own.reduce((sum, cost) => sum + cost, 0);
  return own.map((cost) => (all > 0 ? cost / all : 0));
}
