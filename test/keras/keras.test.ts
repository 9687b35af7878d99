import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kerasFile } from '../../worker/src/finalize/student/keras/file.ts';
import { kerasNames } from '../../worker/src/finalize/student/keras/names.ts';
import type { Network } from '../../worker/src/teacher/graph/graph.ts';
import { assembleStudent, studentParts } from '../../worker/src/teacher/graph/rewrite/replace.ts';
import { loadTeacher, type Teacher } from '../../worker/src/teacher/load.ts';
import { blocksFor } from '../../worker/test/blocks.ts';
import { writeNetwork } from '../../worker/test/network-files.ts';
import { type Drawn, drawnNetwork } from '../../worker/test/networks.ts';
import { pixels, relativeDifference, take, temporaryFolder, testTf } from '../../worker/test/teacher.ts';
import { REFUSED } from '../conformance/refused.ts';
import { conformanceSet } from '../conformance/set.ts';
import { hasPython, type KerasCase, outputsOfKeras } from './real-keras.ts';

/** Networks that were written as `.keras` files without Python are loaded by real Keras, which computes the same. */

const tf = await testTf();

interface Written extends KerasCase {
  readonly name: string;
  /** What TensorFlow.js computes. */
  readonly outputs: Float32Array;
  readonly layers: readonly string[];
}

function outputs(model: LayersModel, { input, bytes }: Pick<KerasCase, 'input' | 'bytes'>): Float32Array {
  return tf.tidy(() => {
    const images = pixels(tf, [2, ...input]);
    return take(model.apply(bytes ? tf.floor(tf.mul(images, 255)) : images, { training: false }) as Tensor);
  });
}

async function written(
  network: Network,
  named: Pick<Written, 'name' | 'input' | 'bytes'>,
  file: string,
): Promise<Written> {
  await writeFile(file, await kerasFile(network));
  return { ...named, file, outputs: outputs(network.model, named), layers: [...kerasNames(network.graph).values()] };
}

/** What differs in Keras, one line a network. */
async function differences(networks: readonly Written[], folder: string): Promise<string[]> {
  const cases = networks.map(({ file, input, bytes }) => ({ file, input, bytes }));
  const found = await outputsOfKeras(cases, folder);
  return networks.flatMap(({ name, outputs: expected, layers }, index) => {
    const result = found[index] ?? { error: 'no result' };
    if ('error' in result) return [`${name}: ${result.error}`];
    const missing = layers.filter((layer) => !result.layers.includes(layer));
    if (missing.length > 0) return [`${name}: no layers ${missing.join(', ')}`];
    const difference = relativeDifference(result.outputs, expected);
    // Two libraries add up in different orders.
    return difference < 1e-5 ? [] : [`${name}: ${difference} away from TensorFlow.js`];
  });
}

/** CI has Python, so there its absence is a failure. */
const withKeras = test.skipIf(!hasPython() && (process.env['CI'] ?? '') === '');

/** Of a class with many cases only some: Keras compiles each shape anew, at some 0.15 s. */
const OF_A_CLASS = 3;

withKeras('each kind of layer (skipped without Python 3.11 and pip)', { timeout: 1_800_000 }, async () => {
  const folder = await temporaryFolder();
  const files = (await conformanceSet()).filter(
    ({ name, version, extension }) => version === 'keras 3' && extension === 'keras' && !REFUSED.has(name),
  );
  const networks: Written[] = [];
  for (const className of new Set(files.map((file) => file.className))) {
    const own = files.filter((file) => file.className === className);
    const step = Math.max(1, own.length / OF_A_CLASS);
    for (let at = 0; at < own.length; at += step) {
      const file = own[Math.floor(at)];
      if (file === undefined) continue;
      const path = join(folder, `${networks.length}.keras`);
      await writeFile(path, file.content);
      const { graph, model } = await loadTeacher(tf, { path });
      networks.push(await written({ graph, model }, file, path));
      model.dispose();
    }
  }
  expect(networks.length).toBeGreaterThan(100);
  expect(await differences(networks, folder)).toEqual([]);
});

/**
 * Whether a LeakyReLU has a slope of more than 1, which Keras' NumPy backend, unlike its others, takes for the larger of x and slope * x.
 */
function isSteep(drawn: Drawn): boolean {
  const slopes = JSON.stringify(drawn).matchAll(/"LeakyReLU","config":\{[^}]*"alpha":([\d.]+)/g);
  return [...slopes].some(([, slope]) => Number(slope) > 1);
}

/** A student in which every second layer that can be is replaced, so that branches become of unequal length. */
async function studentOf(teacher: Teacher): Promise<Network> {
  const every = [...blocksFor(teacher)];
  return assembleStudent(tf, studentParts(teacher, new Map(every.filter((_, index) => index % 2 === 0))));
}

withKeras(
  'networks of any kind, with nested models and shared layers, and their students (skipped without Python 3.11 and pip)',
  { timeout: 1_800_000 },
  async () => {
    const folder = await temporaryFolder();
    const networks: Written[] = [];
    for (const drawn of fc.sample(drawnNetwork, { numRuns: 30, seed: 10 }).filter((each) => !isSteep(each))) {
      const teacher = await loadTeacher(tf, {
        path: await writeNetwork(drawn),
        outputs: drawn.head.units === 1 ? 'Logits' : 'Auto',
      });
      const named = { name: JSON.stringify(drawn), input: teacher.inputShape, bytes: false };
      networks.push(await written(teacher, named, join(folder, `${networks.length}.keras`)));
      const student = await studentOf(teacher);
      const name = `student of ${named.name}`;
      networks.push(await written(student, { ...named, name }, join(folder, `${networks.length}.keras`)));
      student.model.dispose();
      teacher.model.dispose();
    }
    expect(networks.length).toBeGreaterThan(30);
    expect(await differences(networks, folder)).toEqual([]);
  },
);
