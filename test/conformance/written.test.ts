import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tensor } from '@tensorflow/tfjs';
import { DistillError } from '@distillation/api/errors';
import { expect, test } from 'vitest';
import { kerasFile } from '../../worker/src/finalize/student/keras/file.ts';
import { loadTeacher, type Teacher } from '../../worker/src/teacher/load.ts';
import { pixels, take, temporaryFolder, testTf } from '../../worker/test/teacher.ts';
import { REFUSED } from './refused.ts';
import { type ConformanceFile, conformanceSet } from './set.ts';

/** Every layer that is read, with every value, can be written as a `.keras` file, from which exactly the same is computed. */

const tf = await testTf();
const folder = await temporaryFolder();
const files = (await conformanceSet()).filter(({ name, extension }) => extension === 'keras' && !REFUSED.has(name));

/** Keras cannot compute what it reads of them. */
const INEXPRESSIBLE: ReadonlySet<string> = new Set([
  'Softmax: axis=[1,2]',
  'Softmax: axis=[-1,1]',
  'Softmax: axis=[1,2,3]',
]);

function outputs({ model }: Teacher, { input, bytes }: ConformanceFile): Float32Array {
  return tf.tidy(() => {
    const images = pixels(tf, [1, ...input]);
    return take(model.apply(bytes ? tf.floor(tf.mul(images, 255)) : images, { training: false }) as Tensor);
  });
}

async function load(content: Uint8Array): Promise<Teacher> {
  const path = join(folder, 'network.keras');
  await writeFile(path, content);
  return loadTeacher(tf, { path });
}

/** `same`, or what is not. */
async function outcome(file: ConformanceFile): Promise<string> {
  const network = await load(file.content);
  try {
    const again = await load(await kerasFile(network));
    const same = Buffer.from(outputs(again, file).buffer).equals(Buffer.from(outputs(network, file).buffer));
    again.model.dispose();
    return same ? 'same' : 'other outputs';
  } catch (error) {
    if (error instanceof DistillError) return error.code;
    throw error;
  } finally {
    network.model.dispose();
  }
}

test.each([...new Set(files.map(({ className }) => className))])('%s', async (className) => {
  const wrong: string[] = [];
  for (const file of files.filter((each) => each.className === className)) {
    const found = await outcome(file);
    const expected = INEXPRESSIBLE.has(file.name) ? 'DISTILL_E_EXPORT_LAYER' : 'same';
    if (found !== expected) wrong.push(`${file.name} (${file.version}): ${found}`);
  }
  expect(wrong).toEqual([]);
});
