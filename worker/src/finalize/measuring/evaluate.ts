import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { Forward } from '../../backend/graph/forward.ts';
import type { Tf } from '../../backend/tf.ts';
import { imageTensor, inputShape, scores, type LabelledBatch } from './batches.ts';
import type { AgreementCount } from './guessing.ts';
import type { Score } from '../select.ts';
import { mediansInTurns } from './turns.ts';

/**
 * Top-1 scores of several networks in one pass over the data, so that each image is read and decoded once for all of them. The
 * networks take the same input. `apply` is used, since `predict` would split the batch into pieces of 32.
 */
export async function evaluate(
  tf: Tf,
  models: readonly LayersModel[],
  batches: AsyncIterable<LabelledBatch>,
): Promise<Score[]> {
  const correct = models.map(() => 0);
  let total = 0;
  const [first] = models;
  if (first === undefined) return [];
  const forward = new Forward(tf, (images) => models.map((model) => model.apply(images) as Tensor));
  try {
    for await (const batch of batches) {
      const counts = tf.tidy(() => {
        const labels = tf.tensor1d(Int32Array.from(batch.labels));
        return forward.of(imageTensor(tf, first, batch)).map((output) => countCorrect(tf, output, labels));
      });
      counts.forEach((count, i) => (correct[i] = (correct[i] ?? 0) + count));
      total += batch.labels.length;
    }
  } finally {
    forward.dispose();
  }
  return correct.map((count) => ({ correct: count, total }));
}

/** The same for one network, with the counts that `judgeKnowledge` needs. */
export async function countAnswers(
  tf: Tf,
  { model, count }: { readonly model: LayersModel; readonly count: AgreementCount },
  batches: AsyncIterable<LabelledBatch>,
): Promise<void> {
  const forward = new Forward(tf, (images) => [model.apply(images) as Tensor]);
  try {
    for await (const batch of batches) {
      const given = tf.tidy(() => forward.of(imageTensor(tf, model, batch)).map((output) => answersOf(tf, output)));
      for (const answers of given) count.add(answers, batch.labels);
    }
  } finally {
    forward.dispose();
  }
}

/** Class with the highest score in each row of scores, [count, classes]; logits or probabilities. */
export function answersOf(tf: Tf, output: Tensor): Int32Array {
  return tf.tidy(() => tf.argMax(scores(output), -1).dataSync<'int32'>());
}

/** Number of rows of scores, [count, classes] (logits or probabilities), whose largest value is at the label. */
export function countCorrect(tf: Tf, output: Tensor, labels: Tensor): number {
  return tf.tidy(() => tf.argMax(scores(output), -1).equal(labels).sum().dataSync()[0] ?? 0);
}

/**
 * Median milliseconds per batch of each network, on this machine and backend. The networks take turns, so that other load on the
 * machine affects all of them alike.
 */
export async function measureLatency(
  tf: Tf,
  models: readonly LayersModel[],
  { batch, repetitions }: { readonly batch: number; readonly repetitions: number },
): Promise<number[]> {
  const once = (model: LayersModel) => (): number =>
    tf.tidy(() => {
      const images = tf.fill([batch, ...inputShape(model)], 0.5);
      images.dataSync();
      const start = performance.now();
      (model.apply(images) as Tensor).dataSync();
      return performance.now() - start;
    });
  return mediansInTurns(models.map(once), repetitions);
}
