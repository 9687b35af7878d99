import { expect, test } from 'vitest';
import type { Tensor } from '@tensorflow/tfjs';
import { listLayers } from '../graph/candidates.ts';
import { loadTeacher, type Teacher, type TeacherOptions } from '../load.ts';
import { bundled, outputsOfKeras } from '../../../test/teacher-files.ts';
import { pixels, relativeDifference, take, testTf } from '../../../test/teacher.ts';

const tf = await testTf();
const FILES = [...outputsOfKeras.keys()].filter((file) => !/two-classes|one-number/.test(file));

async function load(file: string, options: Omit<TeacherOptions, 'path'> = {}): Promise<Teacher> {
  return loadTeacher(tf, { path: await bundled(file), ...options });
}

function outputs({ model }: Teacher, input: readonly number[]): Float32Array {
  return take(model.apply(pixels(tf, input), { training: false }) as Tensor);
}

test.each(FILES)('%s gives the outputs that Keras gives', async (file) => {
  const expected = outputsOfKeras.get(file);
  const teacher = await load(file);
  expect(relativeDifference(outputs(teacher, expected?.input ?? []), expected?.values ?? [])).toBeLessThan(1e-5);
  teacher.model.dispose();
});

test.each([...outputsOfKeras.keys()].filter((file) => file.includes('two-classes')))(
  '%s gives as its second score what Keras gives',
  async (file) => {
    const expected = outputsOfKeras.get(file);
    const teacher = await load(file);
    const isLogit = file.includes('logit');
    expect(teacher).toMatchObject({ classes: 2, outputs: isLogit ? 'Logits' : 'Probabilities' });
    const scores = outputs(teacher, expected?.input ?? []);
    const second = scores.filter((_, i) => i % 2 === 1);
    expect(relativeDifference(second, expected?.values ?? [])).toBeLessThan(1e-5);
    scores
      .filter((_, i) => i % 2 === 0)
      .forEach((first, i) => {
        expect(first).toBeCloseTo(isLogit ? 0 : 1 - (second[i] ?? NaN), 6);
      });
    teacher.model.dispose();
  },
);

test('one number is the logit of the second class where the job says so, and nothing where nobody does', async () => {
  await expect(load('one-number.keras')).rejects.toMatchObject({
    code: 'DISTILL_E_TEACHER_SHAPE',
    message: expect.stringContaining('set spec.teacher.outputs to Logits') as string,
  });
  const expected = outputsOfKeras.get('one-number.keras');
  const teacher = await load('one-number.keras', { outputs: 'Logits' });
  expect(teacher).toMatchObject({ classes: 2, outputs: 'Logits' });
  const second = outputs(teacher, expected?.input ?? []).filter((_, i) => i % 2 === 1);
  expect(relativeDifference(second, expected?.values ?? [])).toBeLessThan(1e-5);
});

test.each([
  ['shared-with-part', ['stem', 'tail'], { shared: 2 }],
  ['shared-first-outside', ['stem', 'own'], { shared: 2 }],
  ['shared-by-two-parts', ['stem', 'own_left', 'own_right'], { shared: 2 }],
  ['part-shared-with-part', ['stem', 'after'], { inside: 2, deep: 2 }],
  ['part-twice-and-between', ['stem', 'between'], { inside: 3 }],
])('%s: a layer in several models is one layer', async (name, own, shared) => {
  const { candidates, kept } = listLayers(await load(`${name}.keras`), { include: ['*'], exclude: [] });
  expect(candidates.map((layer) => layer.name)).toEqual(own);
  const reasons = Object.fromEntries(kept.map(({ layer, reason }) => [layer.name, reason]));
  for (const [layer, times] of Object.entries(shared)) expect(reasons[layer]).toContain(`applied ${times} times`);
});

test('layers have the names that the user gave them, whatever TensorFlow.js calls them', async () => {
  for (const file of ['names.keras', 'names.h5']) {
    const teacher = await load(file);
    const found = listLayers(teacher, { include: ['conv layer*', '*größer', '層'], exclude: ['conv layer?1'] });
    expect(found.candidates.map(({ name }) => name)).toEqual(['Faltung größer', '層']);
    const reasons = Object.fromEntries(found.kept.map(({ layer, reason }) => [layer.name, reason]));
    expect(reasons).toMatchObject({
      'conv layer 1': 'matches spec.blocks.exclude',
      'conv layer*1': 'matches spec.blocks.exclude',
      'onnx::Conv_12:0': 'does not match spec.blocks.include',
    });
    const built = teacher.model.layers.map(({ name }) => name);
    expect(new Set(built).size).toBe(built.length);
    for (const name of built) expect(name).toMatch(/^[A-Za-z0-9][\w./-]*$/);
    // A name that TensorFlow.js accepts is not changed.
    expect(built).toEqual(expect.arrayContaining(['conv_layer_1', 'a.b']));
  }
});

test.each([
  ['power.keras', 'DISTILL_E_TEACHER_LAYER', ['"power"', 'power with 2']],
  ['quotient.keras', 'DISTILL_E_TEACHER_LAYER', ['the quotient of two tensors']],
  ['inverse.keras', 'DISTILL_E_TEACHER_LAYER', ['the constant 1 divided by a tensor']],
  ['crop.keras', 'DISTILL_E_TEACHER_LAYER', ['the slice']],
  ['one-channel.keras', 'DISTILL_E_TEACHER_LAYER', ['"expand_dims"']],
  ['each-pixel.keras', 'DISTILL_E_TEACHER_LAYER', ['neither one number nor one a channel']],
  ['whole-numbers.keras', 'DISTILL_E_TEACHER_LAYER', ['cast with dtype="int32"']],
  ['mean-of-channels.keras', 'DISTILL_E_TEACHER_LAYER', ['the mean over -1']],
  ['difference-of-pixels.keras', 'DISTILL_E_TEACHER_LAYER', ['"difference"', 'neither one number nor one a channel']],
  ['difference-that-widens.keras', 'DISTILL_E_TEACHER_LAYER', ['"difference"', 'one a channel (1)']],
  ['missing-channel.keras', 'DISTILL_E_TEACHER_LAYER', ['stack of 2 tensors']],
  ['standardization-keras2.h5', 'DISTILL_E_TEACHER_LAYER', ['per_image_standardization']],
  ['two-outputs-inside.keras', 'DISTILL_E_TEACHER_LAYER', ['"base"', 'several outputs']],
  ['softmax-of-one.keras', 'DISTILL_E_TEACHER_SHAPE', ['1 for every image']],
  ['twice-a-sigmoid.keras', 'DISTILL_E_TEACHER_SHAPE', ['not through a sigmoid']],
  ['int8.keras', 'DISTILL_E_TEACHER_LAYER', ['"scores"', 'int8_from_float32', 'before it was quantised']],
  ['int8.h5', 'DISTILL_E_TEACHER_LAYER', ['"scores"', 'int8_from_float32']],
  ['int8-earlier.keras', 'DISTILL_E_TEACHER_LAYER', ['"scores"', 'int8_from_float32']],
  ['int4.keras', 'DISTILL_E_TEACHER_LAYER', ['"scores"', 'int4']],
  ['float8.keras', 'DISTILL_E_TEACHER_LAYER', ['"scores"', 'float8_from_float32']],
  ['lzf.h5', 'DISTILL_E_TEACHER_FORMAT', ['conv/kernel', 'filter 32000 (lzf)']],
  ['text.h5', 'DISTILL_E_TEACHER_FORMAT', ['conv/kernel', 'text of 8 bytes']],
  ['theano.h5', 'DISTILL_E_TEACHER_FORMAT', ['Theano']],
])('%s is refused by name: %s', async (file, code, texts) => {
  const tensors = tf.memory().numTensors;
  const attempt = load(`refused-${file}`);
  await expect(attempt).rejects.toMatchObject({ code });
  for (const text of texts) await expect(attempt).rejects.toThrow(text);
  // Intact files must never be called damaged, and each message must be one complete sentence.
  await expect(attempt).rejects.toThrow(/[^.]\.$/);
  expect(tf.memory().numTensors).toBe(tensors);
});
