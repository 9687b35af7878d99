import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { io, LayersModel, Tensor } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { openBackend } from '../../backend/select.ts';
import { loadTeacher } from '../../teacher/load.ts';
import { nodeFileLayer } from '@distillation/ledger/file-layer';
import { writeFolder } from '@distillation/ledger/write-folder';
import { modelFiles } from './export.ts';
import { asTeacher, patchSamples, tinyModel, withFolder } from '../../../test/finalize.ts';

const { tf } = await openBackend({ cpuThreads: 1 });
const teacher = await asTeacher(tinyModel(tf, { softmax: 'Activation' }), tf);

const outputs = (model: LayersModel): number[] =>
  Array.from(
    tf.tidy(() => (model.apply(tf.tensor4d(patchSamples('export', 5).images, [5, 8, 8, 1])) as Tensor).dataSync()),
  );

/** A load handler that uses only the public format of TensorFlow.js, as any environment would. */
const anywhere = (folder: string): io.IOHandler => ({
  load: async () => {
    const model = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as io.ModelJSON;
    const [group] = model.weightsManifest;
    const parts = await Promise.all((group?.paths ?? []).map((path) => readFile(join(folder, path))));
    const weightData = new Uint8Array(Buffer.concat(parts)).buffer;
    const { modelTopology, userDefinedMetadata = {} } = model;
    return { modelTopology, weightSpecs: group?.weights ?? [], weightData, userDefinedMetadata };
  },
});

test('opens with stock TensorFlow.js and with our own loader, and computes the same', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'student');
    const files = modelFiles(teacher);
    await writeFolder(nodeFileLayer, path, files.files);
    expect(outputs(await tf.loadLayersModel(anywhere(path)))).toEqual(outputs(teacher.model));
    if (tf.getBackend() === 'tensorflow') {
      expect(outputs(await tf.loadLayersModel(`file://${path}/model.json`))).toEqual(outputs(teacher.model));
    }
    const again = await loadTeacher(tf, { path });
    expect(outputs(again.model)).toEqual(outputs(teacher.model));
    expect(again.sha256).toBe(files.sha256);
    expect(modelFiles(again).sha256).toBe(files.sha256);
  });
});

test('what is told of the network besides is read by stock TensorFlow.js, beside our own notes', async () => {
  const description = { classes: ['größer', '層'], preprocessing: { mode: 'Scale', scale: '1/255' } };
  await withFolder(async (folder) => {
    const path = join(folder, 'student');
    const { files, sha256 } = modelFiles(teacher, { outputs: 'Logits', description });
    expect(sha256).not.toBe(modelFiles(teacher, { outputs: 'Logits' }).sha256);
    await writeFolder(nodeFileLayer, path, files);
    const metadata = (await tf.loadLayersModel(anywhere(path))).getUserDefinedMetadata();
    expect(metadata).toMatchObject(description);
    expect((await loadTeacher(tf, { path })).outputs).toBe('Logits');
  });
});

test('the bytes depend on the network alone, and on each of its weights', async () => {
  const { sha256 } = modelFiles(teacher);
  // Creating other models advances TensorFlow.js' counters, from which it derives names.
  const twin = await asTeacher(tinyModel(tf, { softmax: 'Activation' }), tf);
  expect(modelFiles(twin).sha256).toBe(sha256);
  tf.tidy(() => {
    const bias = twin.model.getLayer('scores').weights[1];
    bias?.write(bias.read().add(1e-7));
  });
  expect(modelFiles(twin).sha256).not.toBe(sha256);
});

test.each([
  ['Probabilities', undefined],
  ['Logits', 'Activation'],
] as const)('outputs that the job says are %s are so when the student is read again', async (said, softmax) => {
  const network = await asTeacher(tinyModel(tf, softmax === undefined ? {} : { softmax }), tf);
  expect(network.outputs).not.toBe(said);
  const { files, sha256 } = modelFiles(network, { outputs: said });
  await withFolder(async (folder) => {
    await writeFolder(nodeFileLayer, join(folder, 'student'), files);
    const again = await loadTeacher(tf, { path: join(folder, 'student') });
    expect(again.outputs).toBe(said);
    expect(modelFiles(again, { outputs: again.outputs }).sha256).toBe(sha256);
    // A stated output kind is trusted, as for any network.
    const other = await loadTeacher(tf, { path: join(folder, 'student'), outputs: network.outputs });
    expect(other.outputs).toBe(network.outputs);
    expect(await tf.loadLayersModel(anywhere(join(folder, 'student')))).toBeDefined();
  });
  // What follows from the layers is not written a second time.
  expect(modelFiles(network, { outputs: network.outputs }).sha256).toBe(modelFiles(network).sha256);
});

test('large weights are cut into shards of at most 4 MiB', async () => {
  const model = tf.sequential({
    layers: [tf.layers.flatten({ inputShape: [32, 32, 3] }), tf.layers.dense({ units: 500 })],
  });
  const large = await asTeacher(model, tf);
  const { files } = modelFiles(large);
  const weightBytes = 4 * large.model.countParams();
  const shards = [...files].filter(([name]) => name.endsWith('.bin'));
  expect(shards.map(([name]) => name)).toEqual(['group1-shard1of2.bin', 'group1-shard2of2.bin']);
  expect(shards.map(([, bytes]) => bytes.length)).toEqual([4 * 2 ** 20, weightBytes - 4 * 2 ** 20]);
  await withFolder(async (folder) => {
    await writeFolder(nodeFileLayer, join(folder, 'student'), files);
    const loaded = await tf.loadLayersModel(anywhere(join(folder, 'student')));
    const bytes = (network: LayersModel): Buffer =>
      Buffer.concat(network.getWeights().map((weight) => Buffer.from(weight.dataSync<'float32'>().slice().buffer)));
    expect(bytes(loaded).equals(bytes(large.model))).toBe(true);
  });
});
