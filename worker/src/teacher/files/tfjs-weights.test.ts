import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { io, LayersModel, Tensor } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { randomStream } from '@distillation/core/random';
import { loadTeacher } from '../load.ts';
import { pixels, saveWithTfjs, take, testTf } from '../../../test/teacher.ts';

/** LayersModels whose weights are not called as their layers are: renamed, or nested models with layers of the same names. */

const tf = await testTf();
const L = tf.layers;

interface Part {
  readonly name: string;
  readonly frozen?: boolean;
}

/** Convolution and normalisation, called the same in each part. */
function part({ name, frozen = false }: Part): LayersModel {
  const model = tf.sequential({
    name,
    layers: [
      L.conv2d({ filters: 3, kernelSize: 2, padding: 'same', inputShape: [5, 4, 3], name: 'conv', trainable: !frozen }),
      L.batchNormalization({ name: 'bn', trainable: !frozen }),
    ],
  });
  return model;
}

function nested(...parts: readonly Part[]): LayersModel {
  const model = tf.sequential({
    layers: [...parts.map(part), L.globalAveragePooling2d({ name: 'pool' }), L.dense({ units: 3, name: 'scores' })],
  });
  const stream = randomStream('tfjs-weights');
  for (const weight of model.weights) {
    const shape = weight.shape.map(Number);
    const isVariance = weight.originalName.endsWith('variance');
    const size = shape.reduce((product, length) => product * length, 1);
    const values = Float32Array.from({ length: size }, () => (isVariance ? 0.5 + stream.next() : stream.normal()));
    tf.tidy(() => {
      weight.write(tf.tensor(values, shape));
    });
  }
  return model;
}

type Manifest = io.WeightsManifestConfig;

interface Saved {
  modelTopology: unknown;
  weightsManifest: Manifest;
}

/** The model as TensorFlow.js saves it, its `model.json` changed. */
async function saved(model: LayersModel, change: (json: Saved) => Saved): Promise<string> {
  const folder = await saveWithTfjs(tf, model);
  const path = join(folder, 'model.json');
  await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')) as Saved)));
  return folder;
}

/** With other names of layers, wherever the topology has them. */
function renamed({ modelTopology, weightsManifest }: Saved, names: Readonly<Record<string, string>>): Saved {
  const topology = JSON.stringify(modelTopology).replace(/"([^"]*)"/g, (text, name: string) =>
    Object.hasOwn(names, name) ? JSON.stringify(names[name]) : text,
  );
  return { modelTopology: JSON.parse(topology), weightsManifest };
}

/** With other names of weights. */
function called({ modelTopology, weightsManifest }: Saved, name: (old: string, index: number) => string): Saved {
  const [group] = weightsManifest;
  const weights = (group?.weights ?? []).map((spec, index) => ({ ...spec, name: name(spec.name, index) }));
  return { modelTopology, weightsManifest: [{ paths: group?.paths ?? [], weights }] };
}

async function isTheSame(model: LayersModel, folder: string): Promise<void> {
  const images = pixels(tf, [2, 5, 4, 3]);
  const expected = take(model.apply(images, { training: false }) as Tensor);
  const teacher = await loadTeacher(tf, { path: folder });
  expect(take(teacher.model.apply(images, { training: false }) as Tensor)).toEqual(expected);
}

test.each([
  ['both trained', [{ name: 'left' }, { name: 'right' }]],
  ['the first one frozen', [{ name: 'left', frozen: true }, { name: 'right' }]],
  ['the second one frozen', [{ name: 'left' }, { name: 'right', frozen: true }]],
])('nested models of layers of the same names, %s', async (_, parts) => {
  const model = nested(...parts);
  await isTheSame(model, await saved(model, (json) => json));
});

test('layers and nested models that were renamed after their weights were made', async () => {
  const model = nested({ name: 'part' });
  const names = { part: 'base', conv: 'first', bn: 'second', scores: 'classes' };
  await isTheSame(model, await saved(model, (json) => renamed(json, names)));
});

test('nested models that were renamed, with weights called after the old names', async () => {
  const model = nested({ name: 'left' }, { name: 'right' });
  const seen = new Map<string, number>();
  const folder = await saved(model, (json) =>
    renamed(
      called(json, (name) => {
        const count = seen.get(name) ?? 0;
        seen.set(name, count + 1);
        return name.startsWith('scores') ? name : `${['old_left', 'old_right'][count] ?? ''}/${name}`;
      }),
      { left: 'new_left', right: 'new_right' },
    ),
  );
  await isTheSame(model, folder);
});

/** The model as the converter writes a `.h5`: weights layer by layer, by Keras' names. */
async function converted(model: LayersModel, names: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await saveWithTfjs(tf, model);
  const path = join(folder, 'model.json');
  const json = JSON.parse(await readFile(path, 'utf8')) as Saved;
  const bytes = await readFile(join(folder, 'weights.bin'));
  let at = 0;
  const all = (json.weightsManifest[0]?.weights ?? []).map((spec) => {
    const length = 4 * spec.shape.reduce((product, size) => product * size, 1);
    at += length;
    return { spec, bytes: bytes.subarray(at - length, at) };
  });
  const ofPart = (number: number): typeof all =>
    ['conv/kernel', 'conv/bias', 'bn/gamma', 'bn/beta', 'bn/moving_mean', 'bn/moving_variance'].flatMap(
      (name) => all.filter(({ spec }) => spec.name === name)[number] ?? [],
    );
  const sorted = [...ofPart(0), ...ofPart(1), ...all.filter(({ spec }) => spec.name.startsWith('scores'))];
  await writeFile(join(folder, 'weights.bin'), Buffer.concat(sorted.map((weight) => weight.bytes)));
  const specs = sorted.map(({ spec }) => {
    const [layer = '', own = ''] = spec.name.split('/');
    return { ...spec, name: `${names[layer] ?? layer}/${own}` };
  });
  const written = renamed(json, names).modelTopology as object;
  const modelTopology = { model_config: { ...written, keras_version: '2.15.0' } };
  await writeFile(
    path,
    JSON.stringify({ modelTopology, weightsManifest: [{ paths: ['weights.bin'], weights: specs }] }),
  );
  return folder;
}

test('weights layer by layer, as the converter writes those of a .h5', async () => {
  const model = nested({ name: 'left' }, { name: 'right' });
  await isTheSame(model, await converted(model));
});

test('what neither names nor order tell is refused as that, not called damaged', async () => {
  // Ordering by position or by name fits equally, and no name decides between them.
  const folder = await converted(nested({ name: 'z' }, { name: 'a' }), { scores: 'zz', pool: 'aa' });
  await expect(loadTeacher(tf, { path: folder })).rejects.toMatchObject({
    code: 'DISTILL_E_TEACHER_FORMAT',
    message: expect.stringMatching(
      /calls its weights otherwise than its layers.*weight kernel of layer "conv"\.$/,
    ) as string,
  });
});
