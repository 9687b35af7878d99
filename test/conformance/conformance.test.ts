import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tensor } from '@tensorflow/tfjs';
import { DistillError } from '@distillation/api/errors';
import { loadTeacher } from '../../worker/src/teacher/load.ts';
import { pixels, relativeDifference, take, temporaryFolder, testTf } from '../../worker/test/teacher.ts';
import { expect, test } from 'vitest';
import { REFUSED } from './refused.ts';
import { type ConformanceFile, conformanceSet } from './set.ts';

/** Every layer with every value of every key, as Keras saved it, gives the outputs that Keras computed, or is refused as stated. */

const tf = await testTf();
const folder = await temporaryFolder();
const files = await conformanceSet();
const classes = [...new Set(files.map(({ className }) => className))];

/** What happens to a file: `same`, how far its outputs are from Keras', or the refusal. */
async function outcome(file: ConformanceFile): Promise<string> {
  const path = join(folder, `teacher.${file.extension}`);
  await writeFile(path, file.content);
  try {
    const { model } = await loadTeacher(tf, { path });
    const images = pixels(tf, [1, ...file.input]);
    const inputs = file.bytes ? tf.floor(tf.mul(images, 255)) : images;
    const outputs = take(model.apply(inputs, { training: false }) as Tensor);
    model.dispose();
    const difference = relativeDifference(outputs, file.outputs);
    return difference < 1e-5 ? 'same' : `${difference} away from Keras`;
  } catch (error) {
    if (error instanceof DistillError) return `${error.code} ${error.message}`;
    throw error;
  }
}

/** Whether an outcome is what it should be. */
function isRight({ name, className }: ConformanceFile, found: string): boolean {
  const key = REFUSED.get(name);
  if (key === undefined) return found === 'same';
  const refusal = `DISTILL_E_TEACHER_LAYER The teacher's layer "layer" is of the class ${className} with ${key}=`;
  // A sentence on what to do follows.
  return found.startsWith(refusal) && /, which is not computed here\. [A-Z].*\.$/.test(found);
}

test.each(classes)('%s', async (className) => {
  const wrong: string[] = [];
  const own = files.filter((file) => file.className === className);
  for (const file of own) {
    const found = await outcome(file);
    if (!isRight(file, found)) wrong.push(`${file.name} (${file.version}, .${file.extension}): ${found}`);
  }
  expect(own.length).toBeGreaterThan(0);
  expect(wrong).toEqual([]);
});

test('every refusal is of a case', () => {
  const names = new Set(files.map(({ name }) => name));
  expect([...REFUSED.keys()].filter((name) => !names.has(name))).toEqual([]);
});
