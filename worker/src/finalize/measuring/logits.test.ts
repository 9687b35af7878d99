import { expect, test } from 'vitest';
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { openBackend } from '../../backend/select.ts';
import { logitsOf } from './logits.ts';
import { patchSamples, tinyModel, type TinyOptions } from '../../../test/finalize.ts';

const { tf } = await openBackend({ cpuThreads: 1 });

const images = (): Tensor => tf.tensor(patchSamples('logits', 6).images, [6, 8, 8, 1]);
const apply = (model: LayersModel): number[] => Array.from(tf.tidy(() => (model.apply(images()) as Tensor).dataSync()));

test.each(['Activation', 'Layer'] as const)('a softmax as %s is left out, for the while', (softmax) => {
  const options: TinyOptions = { softmax, dropout: 0 };
  const model = tinyModel(tf, options);
  const plain = apply(tinyModel(tf, { ...options, softmax: 'None' }));
  const probabilities = apply(model);
  const logits = logitsOf(tf, model, 'Probabilities');
  expect(Array.from(tf.tidy(() => logits.run(images(), { training: false }).dataSync()))).toEqual(plain);
  // Between two runs and after the release the model is unchanged.
  expect(apply(model)).toEqual(probabilities);
  logits.release();
  expect(apply(model)).toEqual(probabilities);
  expect(Object.hasOwn(model.outputLayers[0] ?? {}, 'call')).toBe(false);
});

test('a gradient reaches a class that the softmax rounds to zero', () => {
  const model = tinyModel(tf, { softmax: 'Activation', dropout: 0 });
  const kernel = model.getLayer('scores').weights[0];
  tf.tidy(() => {
    kernel?.write(kernel.read().mul(1000));
  });
  expect(apply(model)).toContain(0);
  const logits = logitsOf(tf, model, 'Probabilities');
  const labels = tf.oneHot([0, 1, 2, 3, 0, 1], 4);
  const { value, grads } = tf.tidy(() =>
    tf.variableGrads(() => tf.losses.softmaxCrossEntropy(labels, logits.run(images(), { training: true }))),
  );
  expect(value.dataSync()[0]).toBeGreaterThan(100);
  for (const gradient of Object.values(grads)) expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
});

test('logits are taken as they are, and probabilities of unknown origin by their logarithm', () => {
  const model = tinyModel(tf, { dropout: 0 });
  const raw = apply(model);
  const read = (outputs: 'Logits' | 'Probabilities'): number[] =>
    Array.from(tf.tidy(() => logitsOf(tf, model, outputs).run(images(), { training: false }).dataSync()));
  expect(read('Logits')).toEqual(raw);
  read('Probabilities').forEach((value, i) => {
    expect(value).toBeCloseTo(Math.log(Math.max(raw[i] ?? 0, 1e-7)), 4);
  });
});
