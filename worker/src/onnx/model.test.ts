import type { Tensor } from '@tensorflow/tfjs';
import type { PreprocessingSpec } from '@distillation/api/job';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeNetwork } from '../../test/network-files.ts';
import { drawnNetwork } from '../../test/networks.ts';
import { fixture, pixels, take, testTf } from '../../test/teacher.ts';
import { blocksFor } from '../../test/blocks.ts';
import { inputShape } from '../finalize/measuring/batches.ts';
import { checkOutputs } from '../finalize/student/formats.ts';
import type { Network } from '../teacher/graph/graph.ts';
import { assembleStudent, studentParts } from '../teacher/graph/rewrite/replace.ts';
import { loadTeacher, type Teacher } from '../teacher/load.ts';
import { onnxGraph, onnxModel } from './model.ts';
import { openOnnxRuntime, openSession } from './runtime.ts';
import { channelTables } from '../data/preprocess.ts';

const tf = await testTf();
const { runtime, missing } = await openOnnxRuntime();
if (runtime === undefined) throw new Error(missing);
const open = openSession.bind(undefined, runtime);

const OPTIONS = { output: 'scores', producerVersion: '0', description: 'A test.', metadata: { classes: '["a"]' } };

/** ONNX Runtime's outputs are the network's own. */
async function isSame(network: Network, { outputs }: Pick<Teacher, 'outputs'>, batch: number): Promise<void> {
  const shape = [batch, ...inputShape(network.model)];
  const images = pixels(tf, shape);
  const values = take(tf.tidy(() => network.model.apply(images, { training: false }) as Tensor));
  const session = await open(onnxModel(network, OPTIONS), { threads: 1 });
  const found = await session.run(Float32Array.from(images.dataSync()), shape);
  await session.close();
  images.dispose();
  checkOutputs('the file', found, { values, outputs });
}

test('ONNX Runtime computes what networks of any kind, and their students, compute', async () => {
  await fc.assert(
    fc.asyncProperty(drawnNetwork, async (drawn) => {
      const teacher = await loadTeacher(tf, {
        path: await writeNetwork(drawn),
        outputs: drawn.head.units === 1 && drawn.head.ends === 'linear' ? 'Logits' : 'Auto',
      });
      await isSame(teacher, teacher, 3);
      const student = await assembleStudent(tf, studentParts(teacher, blocksFor(teacher)));
      await isSame(student, teacher, 1);
      student.model.dispose();
      teacher.model.dispose();
    }),
    { numRuns: 60, seed: 8 },
  );
});

const FILES = ['vgg16.keras', 'resnet50.keras', 'mobile.keras', 'branches.keras', 'kernels-keras2.h5', 'nested.h5'];

test.each(FILES)('ONNX Runtime computes what %s computes', async (file) => {
  const teacher = await loadTeacher(tf, { path: await fixture(file) });
  await isSame(teacher, teacher, 2);
  teacher.model.dispose();
});

test.each([
  { mode: 'None' },
  { mode: 'Caffe' },
  { mode: 'Tf' },
  { mode: 'Torch' },
  { mode: 'Custom', scale: '0.00392156862745098', mean: ['0.49', '0.48', '0.45'], std: ['0.25', '0.2', '0.3'] },
  { mode: 'Custom', std: ['127'] },
] as const)(
  'with the preprocessing $mode inside, pixels give to the bit what prepared pixels give without',
  async (spec) => {
    const preprocessing = spec as PreprocessingSpec;
    const teacher = await loadTeacher(tf, { path: await fixture('vgg16.keras') });
    const [height = 0, width = 0, channels = 0] = inputShape(teacher.model);
    const shape = [2, height, width, channels];
    const bytes = Uint8Array.from({ length: 2 * height * width * channels }, (_, i) => (i * 89) % 256);
    const tables = channelTables(preprocessing, channels);
    const images = Float32Array.from(bytes, (_, i) => {
      const { source, values } = tables[i % channels] ?? { source: 0, values: [] };
      return values[bytes[i - (i % channels) + source] ?? 0] ?? NaN;
    });
    const outputs: Float32Array[] = [];
    for (const [options, input] of [
      [{ ...OPTIONS, preprocessing }, bytes],
      [OPTIONS, images],
    ] as const) {
      const session = await open(onnxModel(teacher, options), { threads: 1 });
      outputs.push(await session.run(input, shape));
      await session.close();
    }
    teacher.model.dispose();
    expect(outputs[0]).toEqual(outputs[1]);
  },
);

/** How often each operation is in the file of a network. */
async function operations(file: string): Promise<Record<string, number>> {
  const teacher = await loadTeacher(tf, { path: await fixture(file) });
  const found: Record<string, number> = {};
  for (const { op } of onnxGraph(teacher).graph.nodes) found[op] = (found[op] ?? 0) + 1;
  teacher.model.dispose();
  return found;
}

test('the images are transposed once, and batch normalisations are part of the convolutions before them', async () => {
  const residual = await operations('resnet50.keras');
  expect(residual).toMatchObject({ Transpose: 1 });
  expect(Object.keys(residual)).not.toContain('BatchNormalization');
  expect(Object.keys(residual)).not.toContain('Mul');
  // Its dense layers take the flattened image in the order of ONNX.
  expect(await operations('vgg16.keras')).toMatchObject({ Transpose: 1, Gemm: expect.any(Number) as number });
});

test('a network is written as the same bytes each time', async () => {
  const path = await fixture('branches.keras');
  const [once, twice] = [await loadTeacher(tf, { path }), await loadTeacher(tf, { path })];
  expect(Buffer.compare(onnxModel(once, OPTIONS), onnxModel(twice, OPTIONS))).toBe(0);
});

test('a layer that ONNX cannot express is named', async () => {
  const { graph, model } = await loadTeacher(tf, { path: await fixture('sequential.keras') });
  const [, name = ''] = [...graph.layers.keys()];
  const layers = new Map(graph.layers);
  const layer = layers.get(name);
  if (layer !== undefined) layers.set(name, { ...layer, className: 'Foreign' });
  expect(() => onnxModel({ graph: { ...graph, layers }, model }, OPTIONS)).toThrow(
    expect.objectContaining({
      code: 'DISTILL_E_EXPORT_LAYER',
      message: `The layer ${JSON.stringify(name)} has the class Foreign, which cannot be expressed in ONNX.`,
    }),
  );
});
