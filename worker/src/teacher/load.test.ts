import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Tensor } from '@tensorflow/tfjs';
import { modelBytes, modelFiles } from '../finalize/student/export.ts';
import { loadTeacher } from './load.ts';
import { fixture, pixels, reference, relativeDifference, saveWithTfjs, take, testTf } from '../../test/teacher.ts';

const tf = await testTf();

const NETWORKS = ['vgg16', 'resnet50', 'kernels', 'sequential', 'nested', 'mobile', 'branches', 'twice'];
const FILES = NETWORKS.flatMap((name) => [
  { file: `${name}.h5`, name, format: 'KerasH5' },
  { file: `${name}.keras`, name, format: 'Keras' },
  { file: `${name}-keras2.h5`, name: `${name}-keras2`, format: 'KerasH5' },
]);

test('a network is as large as its weights, whatever else its file holds', async () => {
  const sizes = await Promise.all(
    ['vgg16.keras', 'vgg16.h5'].map(async (file) => {
      const teacher = await loadTeacher(tf, { path: await fixture(file) });
      const { bytes } = modelFiles(teacher);
      expect(modelBytes(teacher)).toBe(bytes);
      expect(bytes).toBeGreaterThan(4 * teacher.params);
      teacher.model.dispose();
      return bytes;
    }),
  );
  expect(new Set(sizes).size).toBe(1);
});

test.each(FILES)('$file gives the outputs that Keras gives', async ({ file, name, format }) => {
  const expected = await reference(name);
  const teacher = await loadTeacher(tf, { path: await fixture(file) });
  const outputs = take(teacher.model.apply(pixels(tf, expected.input), { training: false }) as Tensor);
  expect(relativeDifference(outputs, expected.values)).toBeLessThan(1e-5);
  expect(teacher.format).toBe(format);
  expect(teacher.inputShape).toEqual(expected.input.slice(1));
  expect(teacher.classes).toBe(expected.output[1]);
  expect(teacher.outputs).toBe(
    ['vgg16', 'sequential', 'mobile'].includes(name.replace('-keras2', '')) ? 'Probabilities' : 'Logits',
  );
  teacher.model.dispose();
});

test.each(NETWORKS)('%s keeps its graph and outputs when TensorFlow.js saves it', async (name) => {
  const expected = await reference(name);
  const original = await loadTeacher(tf, { path: await fixture(`${name}.keras`) });
  const folder = await saveWithTfjs(tf, original.model);
  for (const path of [folder, join(folder, 'model.json')]) {
    const copy = await loadTeacher(tf, { path });
    expect(copy.format).toBe('TfjsLayers');
    expect(copy.graph.nodes).toEqual(original.graph.nodes);
    expect(copy.params).toBe(original.params);
    const outputs = take(copy.model.apply(pixels(tf, expected.input), { training: false }) as Tensor);
    expect(relativeDifference(outputs, expected.values)).toBeLessThan(1e-5);
  }
});
