import { internalError } from '@distillation/api/errors';
import type { FineTuningSpec } from '@distillation/api/job';
import type { LayersModel, Scalar, Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs';
import { type CompiledUpdate, compileUpdate, isCompiled } from '../../backend/graph/update.ts';
import type { Tf } from '../../backend/tf.ts';
import { checkpointOf, partsOf } from '../../training/step/checkpoint.ts';
import { createOptimizer } from '../../training/step/optimizer.ts';
import type { NamedArray } from '@distillation/ledger/tensors';
import { imageTensor, type TrainingBatch } from '../measuring/batches.ts';
import { logitsOf } from '../measuring/logits.ts';
import type { KnownLogits } from './known-logits.ts';
import { distillationLoss, lossParts } from './loss.ts';
import { enterTraining, namedWeights, type StepId } from './training-mode.ts';

export interface SessionOptions {
  readonly student: LayersModel;
  /** Computes the soft targets if the job asks for them; has the same outputs as the student. */
  readonly teacher: LayersModel;
  readonly outputs: 'Logits' | 'Probabilities';
  readonly classes: number;
  readonly spec: Pick<FineTuningSpec, 'labels' | 'teacherLogits' | 'optimizer' | 'batchSize'>;
  readonly stepsPerEpoch: number;
  /** Names of layers that are not trained. */
  readonly frozen: ReadonlySet<string>;
}

/** A student being trained: the network in training mode, its optimizer and its teacher. */
export interface Session {
  /** @param known the teacher's logits, where they are known; otherwise the teacher computes them */
  step(batch: TrainingBatch, at: StepId & { readonly rate: number }, known?: KnownLogits): void;
  /** Sum of the losses of the steps since the last reset. Waits for the device. */
  peekLoss(): number;
  resetLoss(): void;
  /** Weights, moving averages and optimizer state: everything that a resumed run needs to reach the same bits. */
  checkpoint(): NamedArray[];
  restore(arrays: readonly NamedArray[]): void;
  /** Leaves training mode and frees everything that belongs to neither student nor teacher. */
  close(): void;
}

export function openSession(tf: Tf, options: SessionOptions): Session {
  const { student, teacher, outputs, classes, spec, frozen } = options;
  const parts = lossParts(spec);
  const mode = enterTraining(tf, student, frozen);
  const optimizer = createOptimizer(tf, spec.optimizer, mode.variables);
  const studentLogits = logitsOf(tf, student, outputs);
  const teacherLogits = parts.teacher === undefined ? undefined : logitsOf(tf, teacher, outputs);
  const weights = namedWeights(student);
  const trained = [...mode.variables];
  const lossSum = tf.tidy(() => tf.variable(tf.scalar(0), false));
  const state = [...weights.values(), ...optimizer.slots, lossSum];
  // A mask of a dropout would become a constant of the graph.
  const isCompiling = isCompiled(tf, options.stepsPerEpoch) && !mode.isNoisy;
  let compiled: CompiledUpdate | undefined;

  /** @param given images, labels, the factor of the update, and the teacher's logits where they are known */
  const update = ([images, labels, factor, known]: readonly Tensor[]): void => {
    if (images === undefined || labels === undefined || factor === undefined)
      throw internalError('A step of fine-tuning lacks its arguments.');
    const taught = (known as Tensor2D | undefined) ?? teacherLogits?.run(images, { training: false });
    const { value, grads } = tf.variableGrads(
      () => {
        const own: Tensor2D = studentLogits.run(images, { training: true });
        const targets = { labels: labels as Tensor1D, ...(taught && { teacher: taught }) };
        return distillationLoss(tf, parts, { student: own, ...targets });
      },
      trained.map(([, variable]) => variable),
    );
    optimizer.apply(gradientsByName(trained, grads), factor as Scalar);
    lossSum.assign(lossSum.add(value));
  };

  return {
    step(batch, { rate, ...at }, known) {
      mode.enterStep(at);
      const count = batch.labels.length;
      tf.tidy(() => {
        const args: Tensor[] = [
          imageTensor(tf, student, batch),
          tf.tensor1d(Int32Array.from(batch.labels)),
          tf.scalar(optimizer.advance(rate)),
        ];
        if (teacherLogits !== undefined && known !== undefined)
          args.push(tf.tensor2d(known(batch, at), [count, classes]));
        if (!isCompiling || count !== spec.batchSize) {
          update(args);
          return;
        }
        compiled ??= compileUpdate(tf, { state, args, update });
        compiled.run(args);
      });
    },
    peekLoss: () => lossSum.dataSync()[0] ?? NaN,
    resetLoss: () => {
      tf.tidy(() => {
        lossSum.assign(tf.scalar(0));
      });
    },
    checkpoint: () => checkpointOf(weights, optimizer),
    restore: (arrays) => {
      const parts = partsOf(arrays);
      for (const array of parts.weights) setWeight(tf, weights.get(array.name), array);
      optimizer.restore(parts.optimizer);
    },
    close: () => {
      compiled?.dispose();
      teacherLogits?.release();
      studentLogits.release();
      mode.release();
      optimizer.dispose();
      lossSum.dispose();
    },
  };
}

type Gradients = ReturnType<Tf['variableGrads']>['grads'];

/** TensorFlow.js numbers its variables anew in each process, so the optimizer's checkpoint names them by layer. */
function gradientsByName(trained: readonly [string, Variable][], gradients: Gradients): Gradients {
  const byName: Gradients = {};
  for (const [name, variable] of trained) {
    const gradient = gradients[variable.name];
    if (gradient !== undefined) byName[name] = gradient;
  }
  return byName;
}

function setWeight(tf: Tf, variable: Variable | undefined, array: NamedArray): void {
  if (variable === undefined)
    throw internalError(`The checkpoint holds ${array.name}, which the student does not have.`);
  tf.tidy(() => {
    variable.assign(tf.tensor(array.data, [...array.shape], 'float32'));
  });
}
