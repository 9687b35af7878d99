import { readDecimal } from '@distillation/api/decimal';
import type { TrainingSpec } from '@distillation/api/job';
import type { Scalar, Tensor, Tensor1D, Tensor4D, Variable } from '@tensorflow/tfjs';
import type { Tf } from '../../backend/tf.ts';
import { runBlock, runBlockLinear } from '../../blocks/forward.ts';
import type { BlockStructure } from '../../blocks/structure.ts';
import { blockWeights, initialWeights, weightsFrom } from '../../blocks/weights.ts';
import type { NamedArray } from '@distillation/ledger/tensors';
import { checkpointOf, partsOf } from './checkpoint.ts';
import { localLoss } from './local-loss.ts';
import { createOptimizer } from './optimizer.ts';
import { learningRate } from './schedule.ts';

/** Keras' default momentum for the moving averages of a batch normalisation. */
const MOVING_AVERAGE = 0.99;
/** Factor on the learning rate for the one restart of a failed block. */
const RESTART_RATE = 0.1;

/** One block in training: its weights, its optimizer and the running loss of the epoch. Owns its tensors until `dispose`. */
export interface BlockTrainer {
  readonly block: string;
  /** The layer that it imitates. */
  readonly layer: string;
  readonly attempt: number;
  /** All that a step changes on the device. */
  readonly state: readonly Variable[];
  /** Counts a step, numbered over all epochs. @returns the factor of its update */
  advance(step: number): number;
  /** One step of the local loss (section 3.1, equation 3), by the factor that `advance` gave. Reads nothing back from the device. */
  step(pair: { input: Tensor4D; target: Tensor4D }, factor: Scalar): void;
  /** Mean loss of the steps since the last call; resets the mean. Waits for the device. */
  takeLoss(): number;
  /** The same mean without resetting it. */
  peekLoss(): number;
  /** The block's output in inference mode; the caller owns it. */
  infer(input: Tensor4D): Tensor4D;
  /** Weights and optimizer state: what a checkpoint holds. */
  snapshot(): NamedArray[];
  dispose(): void;
}

interface TrainerOptions {
  readonly block: string;
  readonly layer: string;
  readonly attempt: number;
  readonly structure: BlockStructure;
  readonly training: Pick<TrainingSpec, 'loss' | 'optimizer' | 'seed'>;
  readonly totalSteps: number;
  /** Checkpoint to resume from; when absent, training starts from the start. */
  readonly checkpoint?: readonly NamedArray[];
  /** Weights to start from, where they are computed; when absent, the initial weights of (seed, block, attempt). */
  readonly start?: readonly NamedArray[];
}

/**
 * Creates the trainer of one block, from its initial weights or from a checkpoint.
 * @throws DISTILL_E_FILE_CORRUPT when the checkpoint does not fit the block.
 */
export function createBlockTrainer(tf: Tf, options: TrainerOptions): BlockTrainer {
  const { block, layer, attempt, structure, training } = options;
  const given = options.checkpoint ?? options.start;
  const start =
    given === undefined
      ? initialWeights(structure, { seed: training.seed, block, attempt })
      : weightsFrom(given, structure);
  const learning = new Set(blockWeights(structure).flatMap(({ name, trainable }) => (trainable ? name : [])));
  const weights = new Map<string, Variable>();
  const trainable = new Map<string, Variable>();
  for (const { name, shape, data } of start) {
    const isTrainable = learning.has(name);
    const variable = tf.tidy(() => tf.variable(tf.tensor(data, [...shape], 'float32'), isTrainable));
    weights.set(name, variable);
    if (isTrainable) trainable.set(name, variable);
  }
  const names = new Map([...trainable].map(([name, variable]) => [variable.name, name]));
  const optimizer = createOptimizer(tf, training.optimizer, trainable);
  if (options.checkpoint !== undefined) optimizer.restore(partsOf(options.checkpoint).optimizer);
  const peak = readDecimal(training.optimizer.learningRate) * Math.pow(RESTART_RATE, attempt);
  const { schedule } = training.optimizer;
  const lossSum = tf.tidy(() => tf.variable(tf.scalar(0), false));
  let lossSteps = 0;

  const moveAverages = (normalization: string, mean: Tensor1D, variance: Tensor1D): void => {
    for (const [kind, batch] of [['moving_mean', mean] as const, ['moving_variance', variance] as const]) {
      const held = weights.get(`${normalization}/${kind}`);
      if (held !== undefined) held.assign(held.mul(MOVING_AVERAGE).add(batch.mul(1 - MOVING_AVERAGE)));
    }
  };

  const blockLoss = (input: Tensor4D, target: Tensor4D): Scalar => {
    const averages: [string, Tensor1D, Tensor1D][] = [];
    const before = runBlockLinear(tf, structure, {
      x: input,
      weights,
      training: true,
      onStatistics: (...statistics) => averages.push(statistics),
    });
    for (const statistics of averages) moveAverages(...statistics);
    const error = localLoss(tf, structure.activation, { before, target });
    return training.loss === 'MeanSquaredError' ? error : error.div(tf.mean(tf.square(target)).add(1e-12));
  };

  return {
    block,
    layer,
    attempt,
    state: [...weights.values(), ...optimizer.slots, lossSum],
    advance(step) {
      lossSteps += 1;
      return optimizer.advance(learningRate(peak, schedule, { step, totalSteps: options.totalSteps }));
    },
    step({ input, target }, factor) {
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(() => blockLoss(input, target), [...trainable.values()]);
        const gradients: Record<string, Tensor> = {};
        for (const [variableName, gradient] of Object.entries(grads)) {
          const name = names.get(variableName);
          if (name !== undefined) gradients[name] = gradient;
        }
        optimizer.apply(gradients, factor);
        lossSum.assign(lossSum.add(value));
      });
    },
    takeLoss() {
      const loss = this.peekLoss();
      tf.tidy(() => {
        lossSum.assign(tf.scalar(0));
      });
      lossSteps = 0;
      return loss;
    },
    peekLoss: () => (lossSum.dataSync()[0] ?? Number.NaN) / lossSteps,
    infer: (input) => tf.tidy(() => runBlock(tf, structure, { x: input, weights, training: false })),
    snapshot: () => checkpointOf(weights, optimizer),
    dispose() {
      for (const variable of weights.values()) variable.dispose();
      optimizer.dispose();
      lossSum.dispose();
    },
  };
}
