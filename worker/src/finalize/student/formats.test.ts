import { expect, test } from 'vitest';
import { DistillError } from '@distillation/api/errors';
import { openBackend } from '../../backend/select.ts';
import type { Network } from '../../teacher/graph/graph.ts';
import { asTeacher, patchSamples, tinyModel } from '../../../test/finalize.ts';
import { channelTables } from '../../data/preprocess.ts';
import { modelFiles } from './export.ts';
import { checkLayersModel, checkOutputs, otherFormats } from './formats.ts';

const { tf } = await openBackend({ cpuThreads: 1 });
const student = await asTeacher(tinyModel(tf, { softmax: 'Layer' }), tf);
const batch = patchSamples('formats', 6);
const about = { outputs: 'Probabilities', description: { classes: ['a', 'b', 'c', 'd'] }, batch } as const;

test('each format but ours is a file that is listed with its hash, once', async () => {
  const before = tf.memory().numTensors;
  const { files, listed, warnings } = await otherFormats(tf, ['Keras', 'TfjsLayers', 'Keras'], { student, ...about });
  expect(tf.memory().numTensors).toBe(before);
  expect([...files.keys()]).toEqual(['student.keras']);
  expect(listed).toMatchObject([{ format: 'Keras', file: 'student.keras', bytes: files.get('student.keras')?.length }]);
  expect(listed[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(warnings).toEqual([]);
  expect(await otherFormats(tf, ['TfjsLayers'], { student, ...about })).toMatchObject({ listed: [], warnings: [] });
});

test('what any TensorFlow.js reads from our own files is compared with the student, which is none when it differs', async () => {
  const before = tf.memory().numTensors;
  const ours = modelFiles(student);
  const checked = { student, outputs: 'Probabilities', batch } as const;
  await checkLayersModel(tf, ours, checked);
  const [json, weights] = [...ours.files];
  if (json === undefined || weights === undefined) throw new Error('There are no weights.');
  const other = new Map([json, [weights[0], new Uint8Array(weights[1].length)]]);
  await expect(checkLayersModel(tf, { ...ours, files: other }, checked)).rejects.toMatchObject({
    code: 'DISTILL_E_INTERNAL',
    message: expect.stringMatching(
      /^The student cannot be written as a LayersModel\. What is read from model\.json gives/,
    ) as string,
  });
  expect(tf.memory().numTensors).toBe(before);
  await expect(checkLayersModel(tf, { ...ours, files: new Map([json]) }, checked)).rejects.toMatchObject({
    code: 'DISTILL_E_INTERNAL',
  });
});

test('a format that cannot express a layer costs a warning that names it', async () => {
  const layers = new Map(student.graph.layers);
  const softmax = layers.get('softmax');
  if (softmax !== undefined) layers.set('softmax', { ...softmax, config: { ...softmax.config, axis: [1, 2] } });
  const other: Network = { ...student, graph: { ...student.graph, layers } };
  const { files, listed, warnings } = await otherFormats(tf, ['Keras'], { student: other, ...about });
  expect([files.size, listed]).toEqual([0, []]);
  expect(warnings).toEqual([
    {
      code: 'DISTILL_E_EXPORT_LAYER',
      message:
        'The student was not written as Keras. The student\'s layer "softmax" is a Softmax along several axes, which Keras cannot express.',
    },
  ]);
});

test('the .onnx file is compared by ONNX Runtime, and carries what is told of the student', async () => {
  const { files, listed, warnings } = await otherFormats(tf, ['Onnx', 'Keras'], { student, ...about });
  expect([[...files.keys()], warnings]).toEqual([['student.onnx', 'student.keras'], []]);
  const again = await otherFormats(tf, ['Onnx'], { student, ...about });
  expect(again.listed[0]?.sha256).toBe(listed[0]?.sha256);
  expect(Buffer.from(files.get('student.onnx') ?? []).includes('["a","b","c","d"]')).toBe(true);
});

test('what ONNX cannot express is named, and the other formats are written', async () => {
  const layers = new Map(student.graph.layers);
  const softmax = layers.get('softmax');
  if (softmax !== undefined) layers.set('softmax', { ...softmax, className: 'Unheard' });
  const other: Network = { ...student, graph: { ...student.graph, layers } };
  const { warnings } = await otherFormats(tf, ['Onnx'], { student: other, ...about });
  expect(warnings).toMatchObject([{ code: 'DISTILL_E_EXPORT_LAYER' }]);
  expect(warnings[0]?.message).toContain('softmax');
});

test('a file that ONNX Runtime refuses costs a warning', async () => {
  const layers = new Map(student.graph.layers);
  const softmax = layers.get('softmax');
  if (softmax !== undefined) layers.set('softmax', { ...softmax, config: { ...softmax.config, axis: 7 } });
  const other: Network = { ...student, graph: { ...student.graph, layers } };
  const { files, warnings } = await otherFormats(tf, ['Onnx'], { student: other, ...about });
  expect([files.size, warnings.map(({ code }) => code)]).toEqual([0, ['DISTILL_E_EXPORT_CHECK']]);
  expect(warnings[0]?.message).toMatch(
    /^The student was not written as Onnx\. ONNX Runtime does not run student\.onnx: .*axis.*\.$/s,
  );
});

test('a file that computes something else than the student costs a warning', async () => {
  // The layers that are written lack the softmax of the model that computes.
  const { graph } = await asTeacher(tinyModel(tf, { softmax: 'None' }), tf);
  const layers = new Map(graph.layers);
  const scores = layers.get('scores');
  if (scores !== undefined) layers.set('scores', { ...scores, config: { ...scores.config, activation: 'relu' } });
  const { model } = await asTeacher(tinyModel(tf, { softmax: 'None' }), tf);
  const student = { graph: { ...graph, layers }, model };
  const { files, warnings } = await otherFormats(tf, ['Keras'], { student, ...about });
  expect(files.size).toBe(0);
  expect(warnings).toMatchObject([{ code: 'DISTILL_E_EXPORT_CHECK' }]);
  expect(warnings[0]?.message).toMatch(
    /^The student was not written as Keras. What is read from student.keras gives 0 /,
  );
});

test.each([
  ['another value', [1, 2.01], 1],
  ['no number', [NaN, 2], 0],
  ['fewer values', [1], 1],
])('outputs with %s are refused', (_, found, at) => {
  const expected = Float32Array.of(1, 2);
  expect(() => {
    checkOutputs('student.keras', Float32Array.from(found), { values: expected, outputs: 'Logits' });
  }).toThrow(
    expect.objectContaining({
      code: 'DISTILL_E_EXPORT_CHECK',
      message: `What is read from student.keras gives ${Float32Array.from(found)[at]} for output ${at} where the student gives ${expected[at]}.`,
    }),
  );
});

test('of several wrong outputs the one that is furthest off is named', () => {
  expect(() => {
    checkOutputs('student.onnx', Float32Array.of(1.5, 4), { values: Float32Array.of(1, 2), outputs: 'Logits' });
  }).toThrow('What is read from student.onnx gives 4 for output 1 where the student gives 2.');
});

test('probabilities are compared as they are, logits by the largest', () => {
  const [found, values] = [Float32Array.of(2e-5, 1e-5), Float32Array.of(1e-5, 1e-5)];
  const check = (outputs: 'Probabilities' | 'Logits') => (): void => {
    checkOutputs('student.onnx', found, { values, outputs });
  };
  expect(check('Probabilities')).not.toThrow();
  expect(check('Logits')).toThrow(DistillError);
});

test('rounding is not a difference', () => {
  expect(() => {
    checkOutputs('student.keras', Float32Array.of(1.00001, 2), { values: Float32Array.of(1, 2), outputs: 'Logits' });
  }).not.toThrow();
});

test('a .onnx file with the preprocessing inside is compared by pixels, and says what it takes', async () => {
  const preprocessing = { mode: 'Custom', scale: '0.5', mean: ['3'], std: ['40'] } as const;
  const [table] = channelTables({ ...preprocessing, mean: ['3'], std: ['40'] }, 1);
  const images = Float32Array.from(batch.images, (_, i) => table?.values[(i * 37) % 256] ?? 0);
  const exported = {
    ...about,
    batch: { ...batch, images },
    preprocessing: { ...preprocessing, mean: ['3'], std: ['40'] },
  };
  const { files, listed, warnings } = await otherFormats(tf, ['Onnx', 'Keras'], { student, ...exported });
  expect(warnings).toEqual([]);
  expect(listed.map(({ format, input }) => [format, input])).toEqual([
    ['Onnx', 'Pixels'],
    ['Keras', undefined],
  ]);
  const text = Buffer.from(files.get('student.onnx') ?? []).toString('latin1');
  expect(text).toContain('{"mode":"None"}');
  expect(text).not.toContain('{"mode":"Custom"');
});
