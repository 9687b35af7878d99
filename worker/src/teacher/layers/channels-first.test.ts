import { expect, test } from 'vitest';
import { loadTeacher } from '../load.ts';
import { bundled } from '../../../test/teacher-files.ts';
import { saveWithTfjs, testTf } from '../../../test/teacher.ts';

const tf = await testTf();

/** What the refusal says of the layer by which it is known. */
test.each([
  ['channels-first.keras', '"conv" is of the class Conv2D with data_format="channels_first"'],
  ['channels-first.h5', '"conv" is of the class Conv2D with data_format="channels_first"'],
  ['channels-first-flipped.keras', '"flip" is of the class RandomFlip with data_format="channels_first"'],
  ['channels-first-nested.keras', '"deep" is of the class SeparableConv2D with data_format="channels_first"'],
  ['channels-first-turned.keras', '"turned" is of the class Permute with dims=[2,3,1]'],
  ['channels-first-turned.h5', '"turned" is of the class Permute with dims=[2,3,1]'],
])('%s takes images that nobody gives it, and is told what to do', async (file, layer) => {
  const tensors = tf.memory().numTensors;
  await expect(loadTeacher(tf, { path: await bundled(`refused-${file}`) })).rejects.toMatchObject({
    code: 'DISTILL_E_TEACHER_SHAPE',
    message:
      `The teacher takes images of the shape [null,3,6,6] with their channels first: its layer ${layer}. ` +
      'Images are given to it with their channels last. Build the network with data_format="channels_last" and axis=-1 in its normalisations, give it the same weights, and save it.',
  });
  expect(tf.memory().numTensors).toBe(tensors);
});

test('a model of TensorFlow.js that takes channels first is refused as one of Keras is', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ name: 'conv', filters: 2, kernelSize: 3, dataFormat: 'channelsFirst', inputShape: [3, 6, 6] }),
      tf.layers.flatten({ dataFormat: 'channelsFirst' }),
      tf.layers.dense({ units: 3 }),
    ],
  });
  await expect(loadTeacher(tf, { path: await saveWithTfjs(tf, model) })).rejects.toMatchObject({
    code: 'DISTILL_E_TEACHER_SHAPE',
    message: expect.stringContaining('"conv" is of the class Conv2D with data_format="channels_first"') as string,
  });
});

test('channels first inside of a network are read', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.permute({ name: 'turned', dims: [3, 1, 2], inputShape: [6, 6, 3] }),
      tf.layers.conv2d({ name: 'conv', filters: 2, kernelSize: 3, dataFormat: 'channelsFirst' }),
      tf.layers.permute({ name: 'back', dims: [2, 3, 1] }),
      tf.layers.globalAveragePooling2d({}),
    ],
  });
  const teacher = await loadTeacher(tf, { path: await saveWithTfjs(tf, model) });
  expect(teacher.inputShape).toEqual([6, 6, 3]);
  teacher.model.dispose();
});
