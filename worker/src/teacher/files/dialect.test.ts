import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayersModel, SymbolicTensor, Tensor } from '@tensorflow/tfjs';
import { DistillError } from '@distillation/api/errors';
import { expect, test } from 'vitest';
import { dialectOf } from './dialect.ts';
import { loadTeacher } from '../load.ts';
import { pixels, relativeDifference, saveWithTfjs, take, testTf } from '../../../test/teacher.ts';

const tf = await testTf();

const IMAGE = [5, 4, 2];

/** A model that TensorFlow.js makes of one layer. */
function modelOf(layer: LayersModel['layers'][number]): LayersModel {
  const input = tf.input({ shape: IMAGE });
  const output = tf.layers.flatten().apply(layer.apply(input));
  return tf.model({ inputs: input, outputs: output as SymbolicTensor });
}

async function read(path: string): Promise<Float32Array> {
  const { model } = await loadTeacher(tf, { path });
  return take(model.apply(pixels(tf, [1, ...IMAGE]), { training: false }) as Tensor);
}

async function refusal(path: string): Promise<string> {
  try {
    await loadTeacher(tf, { path });
  } catch (error) {
    if (error instanceof DistillError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'loaded';
}

/** The same files with another library named as their writer. */
async function edited(folder: string, from: string | RegExp, to: string): Promise<string> {
  const path = join(folder, 'model.json');
  const text = await readFile(path, 'utf8');
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  await writeFile(path, changed);
  return folder;
}

const WRITER = /"keras_version":"tfjs-layers [\d.]+"/;

test.each([
  ['3.15.1', 'Keras3'],
  ['2.4.0-tf', 'Keras2'],
  ['tfjs-layers 4.22.0', 'TensorFlow.js'],
  ['unknown', 'Keras2'],
  [undefined, 'Keras2'],
])('%s', (version, dialect) => {
  expect(dialectOf(version, 'Keras2')).toBe(dialect);
});

test.each([
  ['bilinear', () => tf.layers.upSampling2d({ size: [2, 3], interpolation: 'bilinear' })],
  ['hard_sigmoid', () => tf.layers.activation({ activation: 'hardSigmoid' })],
  ['softmax', () => tf.layers.softmax({ axis: -1 })],
  ['leaky ReLU', () => tf.layers.leakyReLU({ alpha: 0.1 })],
])('what TensorFlow.js made means what TensorFlow.js computes: %s', async (_, layer) => {
  const model = modelOf(layer());
  const own = take(model.apply(pixels(tf, [1, ...IMAGE])) as Tensor);
  expect(relativeDifference(await read(await saveWithTfjs(tf, model)), own)).toBeLessThan(1e-6);
});

test('the same config by Keras means another computation', async () => {
  const model = modelOf(tf.layers.activation({ activation: 'hardSigmoid' }));
  const folder = await edited(await saveWithTfjs(tf, model), WRITER, '"keras_version":"3.15.1"');
  const images = pixels(tf, [1, ...IMAGE]);
  const expected = take(tf.clipByValue(tf.add(tf.div(images, 6), 0.5), 0, 1));
  expect(relativeDifference(await read(folder), expected)).toBeLessThan(1e-6);
});

test('a dilation that TensorFlow.js left out is refused', async () => {
  const model = modelOf(tf.layers.depthwiseConv2d({ kernelSize: 2, dilationRate: 2, name: 'dilated' }));
  const found = await refusal(await saveWithTfjs(tf, model));
  expect(found).toBe(
    'DISTILL_E_TEACHER_LAYER The teacher\'s layer "dilated" is of the class DepthwiseConv2D with dilation_rate=[2,2], ' +
      'which is not computed here. Save the model with Keras.',
  );
});

test('a key that no Keras writes is refused by name', async () => {
  const model = modelOf(tf.layers.reLU({ name: 'limited' }));
  const folder = await edited(await saveWithTfjs(tf, model), '"max_value"', '"sharpness":3,"max_value"');
  expect(await refusal(folder)).toBe(
    'DISTILL_E_TEACHER_LAYER The teacher\'s layer "limited" is of the class ReLU with sharpness=3. ' +
      'What this key does to the output is not known here. Save the teacher without it.',
  );
});

test('a key of every object is no key of a layer', async () => {
  const model = modelOf(tf.layers.reLU({ name: 'limited' }));
  const folder = await edited(await saveWithTfjs(tf, model), '"max_value"', '"constructor":3,"max_value"');
  expect(await refusal(folder)).toContain('with constructor=3');
});
