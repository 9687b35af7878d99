import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tensor } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { loadTeacher } from '../load.ts';
import { pixels, take, temporaryFolder, testTf } from '../../../test/teacher.ts';

/** Weights that the converter has quantised to fewer bits, or that are integers, are dequantised by the rule of the format. */

const tf = await testTf();
const SHAPE = [2, 2, 3, 4];
const SIZE = SHAPE.reduce((product, length) => product * length, 1);

const bytesOf = (values: ArrayLike<number> & ArrayBufferView): Buffer =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

/** A folder of one convolution with this kernel, and a pooling behind it. */
async function folderOf(kernel: object, bytes: Buffer): Promise<string> {
  const folder = await temporaryFolder();
  const convolution = {
    name: 'conv',
    filters: 4,
    kernel_size: [2, 2],
    use_bias: false,
    batch_input_shape: [null, 3, 3, 3],
  };
  const config = {
    name: 'net',
    layers: [
      { class_name: 'Conv2D', config: convolution },
      { class_name: 'GlobalAveragePooling2D', config: { name: 'pool' } },
    ],
  };
  const weights = [{ name: 'conv/kernel', shape: SHAPE, ...kernel }];
  const model = {
    format: 'layers-model',
    modelTopology: { keras_version: '2.15.0', model_config: { class_name: 'Sequential', config } },
    weightsManifest: [{ paths: ['weights.bin'], weights }],
  };
  await writeFile(join(folder, 'model.json'), JSON.stringify(model));
  await writeFile(join(folder, 'weights.bin'), bytes);
  return folder;
}

const [scale, min] = [0.03125, -1.5];
const steps = Array.from({ length: SIZE }, (_, i) => (i * 37) % 256);
/** Halves of exact 16-bit floats: sign, exponent 15, fraction. */
const halves = Uint16Array.from({ length: SIZE }, (_, i) => ((i % 2) << 15) | (15 << 10) | ((i * 41) % 1024));
const halfValues = Array.from(halves, (bits) => (bits & 0x8000 ? -1 : 1) * (1 + (bits & 0x3ff) / 1024));

const whole = (dtype: string): object => ({
  dtype: 'float32',
  quantization: { dtype, scale, min, original_dtype: 'float32' },
});

test.each([
  ['uint8', whole('uint8'), bytesOf(Uint8Array.from(steps)), steps.map((step) => step * scale + min)],
  [
    'uint16',
    whole('uint16'),
    bytesOf(Uint16Array.from(steps, (step) => 257 * step)),
    steps.map((step) => 257 * step * scale + min),
  ],
  [
    'float16',
    { dtype: 'float32', quantization: { dtype: 'float16', original_dtype: 'float32' } },
    bytesOf(halves),
    halfValues,
  ],
  ['int32', { dtype: 'int32' }, bytesOf(Int32Array.from(steps, (step) => step - 128)), steps.map((step) => step - 128)],
  ['bool', { dtype: 'bool' }, bytesOf(Uint8Array.from(steps, (step) => step % 2)), steps.map((step) => step % 2)],
  [
    'int32 in uint8',
    { dtype: 'int32', quantization: { dtype: 'uint8', scale: 3, min: -7, original_dtype: 'int32' } },
    bytesOf(Uint8Array.from(steps)),
    steps.map((step) => step * 3 - 7),
  ],
])('%s', async (...packed) => {
  const [, kernel, bytes, values] = packed;
  const { model } = await loadTeacher(tf, { path: await folderOf(kernel, bytes) });
  const [read] = model.getWeights();
  expect(Array.from(read?.dataSync() ?? [])).toEqual(Array.from(Float32Array.from(values)));
  const images = pixels(tf, [1, 3, 3, 3]);
  const expected = tf.tidy(() =>
    take(tf.mean(tf.conv2d(images, tf.tensor4d(Float32Array.from(values), SHAPE as [2, 2, 3, 4]), 1, 'valid'), [1, 2])),
  );
  expect(take(model.apply(images, { training: false }) as Tensor)).toEqual(expected);
});

test.each([
  ['a type that there is not', { dtype: 'float32', quantization: { dtype: 'uint4', scale, min } }],
  ['no scale', { dtype: 'float32', quantization: { dtype: 'uint8', min } }],
])('%s is refused by name, not called damaged', async (_, kernel) => {
  const folder = await folderOf(kernel, bytesOf(Uint8Array.from(steps)));
  await expect(loadTeacher(tf, { path: folder })).rejects.toMatchObject({ code: 'DISTILL_E_TEACHER_FORMAT' });
});
