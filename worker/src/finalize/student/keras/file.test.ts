import { unzipSync } from 'fflate';
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { expect, test, vi } from 'vitest';
import { openBackend } from '../../../backend/select.ts';
import { withHdf5 } from '../../../teacher/files/hdf5.ts';
import type { JsonObject } from '../../../teacher/files/json.ts';
import type { Network } from '../../../teacher/graph/graph.ts';
import { loadTeacher, type Teacher } from '../../../teacher/load.ts';
import { asTeacher, patchSamples, tinyModel } from '../../../../test/finalize.ts';
import { temporaryFile } from '../../../../test/teacher.ts';
import { kerasFile } from './file.ts';

const { tf } = await openBackend({ cpuThreads: 1 });
const teacher = await asTeacher(tinyModel(tf, { softmax: 'Activation' }), tf);

const outputs = (model: LayersModel): number[] =>
  Array.from(
    tf.tidy(() => (model.apply(tf.tensor4d(patchSamples('keras', 5).images, [5, 8, 8, 1])) as Tensor).dataSync()),
  );

async function readBack(file: Uint8Array): Promise<Teacher> {
  return loadTeacher(tf, { path: await temporaryFile('student.keras', Buffer.from(file)) });
}

function jsonIn(file: Uint8Array, name: string): JsonObject {
  return JSON.parse(Buffer.from(unzipSync(file)[name] ?? []).toString()) as JsonObject;
}

test('opens with our own loader, and computes the same', async () => {
  const again = await readBack(await kerasFile(teacher));
  expect(again).toMatchObject({ format: 'Keras', outputs: 'Probabilities', classes: 4, inputShape: [8, 8, 1] });
  expect(outputs(again.model)).toEqual(outputs(teacher.model));
});

test('is the archive that Keras writes: three files, stored, with every layer in the weights', async () => {
  const file = await kerasFile(teacher);
  const files = unzipSync(file);
  expect(Object.keys(files)).toEqual(['metadata.json', 'config.json', 'model.weights.h5']);
  const sizes = Object.values(files).reduce((total, { length }) => total + length, 0);
  expect(file.length - sizes).toBeLessThan(400);
  await withHdf5(files['model.weights.h5'] ?? new Uint8Array(), 'weights', (weights) => {
    for (const group of ['', 'layers/dropout/', 'layers/input_layer/']) expect(weights.has(`${group}vars`)).toBe(true);
    expect(weights.text('layers/conv2d_1/vars', 'name')).toBe('conv2');
    expect(weights.numbers('layers/conv2d_1/vars/0')?.shape).toEqual([3, 3, 8, 8]);
    expect(weights.has('layers/conv2d_2')).toBe(false);
  });
});

test('the bytes depend on the network and its description alone, and on all of them', async () => {
  const file = await kerasFile(teacher, { description: { classes: ['größer', '層'] } });
  vi.useFakeTimers({ now: new Date(2031, 5, 5), toFake: ['Date'] });
  const zone = process.env['TZ'];
  process.env['TZ'] = 'Pacific/Chatham';
  try {
    const twin = await asTeacher(tinyModel(tf, { softmax: 'Activation' }), tf);
    expect(Buffer.from(await kerasFile(twin, { description: { classes: ['größer', '層'] } })).equals(file)).toBe(true);
    expect(Buffer.from(await kerasFile(teacher, { description: {} })).equals(file)).toBe(false);
    const [kernel] = twin.model.weights;
    tf.tidy(() => {
      kernel?.write(tf.add(kernel.read(), 2 ** -20));
    });
    expect(Buffer.from(await kerasFile(twin, { description: { classes: ['größer', '層'] } })).equals(file)).toBe(false);
  } finally {
    vi.useRealTimers();
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
});

test('the description and the kind of the outputs are in metadata.json, and the latter is read again', async () => {
  const file = await kerasFile(teacher, { outputs: 'Logits', description: { classes: ['größer', '層'] } });
  expect(jsonIn(file, 'metadata.json')).toEqual({
    keras_version: '3.4.0',
    classes: ['größer', '層'],
    distillation: { outputs: 'Logits' },
  });
  expect((await readBack(file)).outputs).toBe('Logits');
});

/** The network with one layer of another class or config. */
function withLayer(network: Network, name: string, change: { className?: string; config?: JsonObject }): Network {
  const layers = new Map(network.graph.layers);
  const layer = layers.get(name);
  if (layer !== undefined) layers.set(name, { ...layer, ...change });
  return { ...network, graph: { ...network.graph, layers } };
}

test.each([
  ['drop', { className: 'Lambda' }, 'of the class Lambda'],
  [
    'conv2',
    { className: 'UpSampling2D', config: { interpolation: 'bilinear', size: [2, 2] } },
    'an UpSampling2D whose bilinear interpolation is that of TensorFlow.js',
  ],
  ['relu1', { className: 'Softmax', config: { axis: [1, 2] } }, 'a Softmax along several axes'],
])('a layer that Keras lacks is refused by name: %s, %j', async (name, change, what) => {
  await expect(kerasFile(withLayer(teacher, name, change))).rejects.toMatchObject({
    code: 'DISTILL_E_EXPORT_LAYER',
    message: `The student's layer "${name}" is ${what}, which Keras cannot express.`,
  });
});
