import { internalError } from '@distillation/api/errors';
import type { FineTuningSpec } from '@distillation/api/job';
import type { LayersModel, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs';
import type { Tf } from '../../backend/tf.ts';
import { checkpointOf, partsOf } from '../../training/checkpoint.ts';
import { createOptimizer } from '../../training/optimizer.ts';
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
  readonly spec: Pick<FineTuningSpec, 'labels' | 'teacherLogits' | 'optimizer'>;
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

export function openSession(tf: Tf, { student, teacher, outputs, classes, spec, frozen }: SessionOptions): Session {
  const parts = lossParts(spec);
  const mode = enterTraining(tf, student, frozen);
  const optimizer = createOptimizer(tf, spec.optimizer, mode.variables);
  const studentLogits = logitsOf(tf, student, outputs);
  const teacherLogits = parts.teacher === undefined ? undefined : logitsOf(tf, teacher, outputs);
  const weights = namedWeights(student);
  const trained = [...mode.variables];
  const lossSum = tf.tidy(() => tf.variable(tf.scalar(0), false));

  return {
    step(batch, { rate, ...at }, known) {
      mode.enterStep(at);
      tf.tidy(() => {
        const images = imageTensor(tf, student, batch);
        const labels: Tensor1D = tf.tensor1d(Int32Array.from(batch.labels));
        const taught =
          teacherLogits === undefined || known === undefined
            ? teacherLogits?.run(images, { training: false })
            : tf.tensor2d(known(batch, at), [batch.labels.length, classes]);
        const { value, grads } = tf.variableGrads(
          () => {
            const own: Tensor2D = studentLogits.run(images, { training: true });
            return distillationLoss(tf, parts, { student: own, labels, ...(taught && { teacher: taught }) });
          },
          trained.map(([, variable]) => variable),
        );
        optimizer.apply(gradientsByName(trained, grads), rate);
        lossSum.assign(lossSum.add(value));
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
