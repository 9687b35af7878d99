import { expect, test } from 'vitest';
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { openBackend } from '../../backend/select.ts';
import { countCorrect, evaluate, measureLatency } from './evaluate.ts';
import { batchesOf, patchSamples, tinyModel } from '../../../test/finalize.ts';

const { tf } = await openBackend({ cpuThreads: 1 });

test('counts the rows whose largest score is at the label, whatever singleton dimensions stand between', () => {
  const rows = [
    [0.1, 0.7, 0.2],
    [5, -1, 4],
    [-3, -2, -1],
    [0, 0, 1],
  ];
  const labels = [1, 2, 2, 0];
  tf.tidy(() => {
    expect(countCorrect(tf, tf.tensor2d(rows), tf.tensor1d(labels, 'int32'))).toBe(2);
    expect(countCorrect(tf, tf.tensor2d(rows).reshape([4, 1, 1, 3]), tf.tensor1d(labels, 'int32'))).toBe(2);
    // A sample without a label (-1) never counts as correct.
    expect(countCorrect(tf, tf.tensor2d(rows), tf.tensor1d([-1, -1, -1, 2], 'int32'))).toBe(1);
  });
});

/** Accuracy by one sample at a time, read back and compared in plain JavaScript. */
function reference(model: LayersModel, { images, labels }: ReturnType<typeof patchSamples>): number {
  return Array.from(labels).filter((label, i) => {
    const output = tf.tidy(() =>
      (model.apply(tf.tensor4d(images.slice(i * 64, i * 64 + 64), [1, 8, 8, 1])) as Tensor).dataSync(),
    );
    return output.indexOf(Math.max(...output)) === label;
  }).length;
}

test('scores several networks over one pass, the partial batch at the end included, and leaks nothing', async () => {
  const samples = patchSamples('evaluate', 50);
  const models = [tinyModel(tf), tinyModel(tf, { softmax: 'Layer' })];
  tf.tidy(() => {
    const kernel = models[1]?.getLayer('scores').weights[0];
    kernel?.write(kernel.read().mul(-1));
  });
  const before = tf.memory().numTensors;
  const scores = await evaluate(tf, models, batchesOf(samples, 16));
  expect(tf.memory().numTensors).toBe(before);
  expect(scores).toEqual(models.map((model) => ({ correct: reference(model, samples), total: 50 })));
  expect(scores[0]).not.toEqual(scores[1]);
});

test('latency is a time for each network', async () => {
  const model = tinyModel(tf);
  const before = tf.memory().numTensors;
  let attended = 0;
  const turns = setInterval(() => (attended += 1));
  const [first = 0, second = 0] = await measureLatency(tf, [model, model], { batch: 4, repetitions: 4 });
  clearInterval(turns);
  // Measuring yields to the event loop, so that a signal to stop is handled before it ends.
  expect(attended).toBeGreaterThan(0);
  expect(Math.min(first, second)).toBeGreaterThan(0);
  expect(tf.memory().numTensors).toBe(before);
});
