import { readDecimal } from '@distillation/api/decimal';
import type { TrainingSpec } from '@distillation/api/job';
import type { Scalar, Tensor, Tensor1D, Tensor4D, Variable } from '@tensorflow/tfjs';
import type { Tf } from '../backend/tf.ts';
import { runBlock, runBlockLinear } from '../blocks/forward.ts';
import type { BlockStructure } from '../blocks/structure.ts';
import { blockWeights, initialWeights } from '../blocks/weights.ts';
import type { NamedArray } from '@distillation/ledger/tensors';
import { localLoss } from './local-loss.ts';
import { createOptimizer } from './optimizer.ts';
import { learningRate } from './schedule.ts';

/** Keras' momentum of the moving averages of a batch normalisation. */
const MOVING_AVERAGE = 0.99;
/** The one restart of a failed block learns this much slower. */
const RESTART_RATE = 0.1;
const OPTIMIZER_PREFIX = 'optimizer/';

/** One block in training: its weights, its optimizer and the running loss of the epoch. Owns its tensors until `dispose`. */
export interface BlockTrainer {
  readonly block: string;
  readonly attempt: number;
  /** One step of the local loss (section 3.1, equation 3). Reads nothing back from the device. */
  step(pair: { input: Tensor4D; target: Tensor4D }, step: number): void;
  /** Mean loss of the steps since the last call, which it forgets. Waits for the device. */
  takeLoss(): number;
  /** Mean loss so far, kept. */
  peekLoss(): number;
  /** The block's output in inference mode; the caller owns it. */
  infer(input: Tensor4D): Tensor4D;
  /** Weights and optimizer state: what a checkpoint holds. */
  snapshot(): NamedArray[];
  dispose(): void;
}

interface TrainerOptions {
  readonly block: string;
  readonly attempt: number;
  readonly structure: BlockStructure;
  readonly training: Pick<TrainingSpec, 'loss' | 'optimizer' | 'seed'>;
  readonly totalSteps: number;
  /** A checkpoint to go on from; absent: the initial weights of (seed, block, attempt). */
  readonly checkpoint?: readonly NamedArray[];
}

/** Weights of a block from a checkpoint, by name, without the optimizer's state. */
export function checkpointWeights(checkpoint: readonly NamedArray[]): Map<string, Float32Array> {
  return new Map(
    checkpoint
      .filter(({ name }) => !name.startsWith(OPTIMIZER_PREFIX))
      .map(({ name, data }) => [name, data as Float32Array]),
  );
}

/** Creates the trainer of one block, at its start or from a checkpoint. */
export function createBlockTrainer(tf: Tf, options: TrainerOptions): BlockTrainer {
  const { block, attempt, structure, training } = options;
  const start =
    options.checkpoint === undefined
      ? initialWeights(structure, { seed: training.seed, block, attempt })
      : checkpointWeights(options.checkpoint);
  const weights = new Map<string, Variable>();
  const trainable = new Map<string, Variable>();
  for (const { name, shape, trainable: learns } of blockWeights(structure)) {
    const values = start.get(name);
    if (values === undefined) throw new Error(`the checkpoint of block ${block} lacks weight ${name}`);
    const variable = tf.tidy(() => tf.variable(tf.tensor(values, [...shape], 'float32'), learns));
    weights.set(name, variable);
    if (learns) trainable.set(name, variable);
  }
  const names = new Map([...trainable].map(([name, variable]) => [variable.name, name]));
  const optimizer = createOptimizer(tf, training.optimizer, trainable);
  if (options.checkpoint !== undefined) {
    optimizer.restore(
      options.checkpoint
        .filter(({ name }) => name.startsWith(OPTIMIZER_PREFIX))
        .map((array) => ({ ...array, name: array.name.slice(OPTIMIZER_PREFIX.length) })),
    );
  }
  const peak = readDecimal(training.optimizer.learningRate) * Math.pow(RESTART_RATE, attempt);
  const { schedule } = training.optimizer;
  const lossSum = tf.tidy(() => tf.variable(tf.scalar(0), false));
  let lossSteps = 0;

  const moveAverages = (layer: string, mean: Tensor1D, variance: Tensor1D): void => {
    for (const [kind, batch] of [['moving_mean', mean] as const, ['moving_variance', variance] as const]) {
      const held = weights.get(`${layer}/${kind}`);
      if (held !== undefined) held.assign(held.mul(MOVING_AVERAGE).add(batch.mul(1 - MOVING_AVERAGE)));
    }
  };

  const blockLoss = (input: Tensor4D, target: Tensor4D): Scalar => {
    const averages: [string, Tensor1D, Tensor1D][] = [];
    const before = runBlockLinear(tf, structure, {
      x: input,
      weights,
      training: true,
      onStatistics: (layer, mean, variance) => averages.push([layer, mean, variance]),
    });
    for (const [layer, mean, variance] of averages) moveAverages(layer, mean, variance);
    const error = localLoss(tf, structure.activation, { before, target });
    return training.loss === 'MeanSquaredError' ? error : error.div(tf.mean(tf.square(target)).add(1e-12));
  };

  return {
    block,
    attempt,
    step({ input, target }, step) {
      const rate = learningRate(peak, schedule, { step, totalSteps: options.totalSteps });
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(() => blockLoss(input, target), [...trainable.values()]);
        const gradients: Record<string, Tensor> = {};
        for (const [variableName, gradient] of Object.entries(grads)) {
          const name = names.get(variableName);
          if (name !== undefined) gradients[name] = gradient;
        }
        optimizer.apply(gradients, rate);
        lossSum.assign(lossSum.add(value));
      });
      lossSteps += 1;
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
    snapshot() {
      const arrays = [...weights].map(([name, variable]): NamedArray => ({
        name,
        shape: [...variable.shape],
        dtype: 'float32',
        data: variable.dataSync(),
      }));
      return [...arrays, ...optimizer.state().map((array) => ({ ...array, name: OPTIMIZER_PREFIX + array.name }))];
    },
    dispose() {
      for (const variable of weights.values()) variable.dispose();
      optimizer.dispose();
      lossSum.dispose();
    },
  };
}
