import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { io, LayersModel, Tensor, Tensor4D } from '@tensorflow/tfjs';
import { afterFile } from '../../test/support/after-file.ts';
import { openBackend } from '../src/backend/select.ts';
import type { Tf } from '../src/backend/tf.ts';

/** Shared by the tests of this folder: the networks written by fixtures/networks/make-fixtures.py, and TensorFlow.js to run them. */

/** Path of a fixture: networks that must be refused are kept apart, the others by the version of Keras that wrote them. */
function placeOf(file: string): string {
  const folder = file.startsWith('refused-') ? 'refused' : file.includes('-keras2.') ? 'keras2' : 'keras3';
  return fileURLToPath(new URL(`./fixtures/networks/${folder}/${file}`, import.meta.url));
}

/** The best backend of this machine, on one thread. */
export async function testTf(): Promise<Tf> {
  return (await openBackend({ cpuThreads: 1 })).tf;
}

/** An empty temporary folder, deleted after the tests of the file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'teacher-'));
  afterFile(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The bytes of a fixture, such as `vgg16.keras`. */
export async function fixtureBytes(file: string): Promise<Buffer> {
  return gunzipSync(await readFile(placeOf(`${file}.gz`)));
}

/** Writes a file with this content; returns its path. */
export async function temporaryFile(name: string, content: Buffer): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, content);
  return path;
}

/** Unpacks a fixture; returns its path. */
export async function fixture(file: string): Promise<string> {
  return temporaryFile(file, await fixtureBytes(file));
}

/** What Keras computed for `pixels(input)`. */
export interface Reference {
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly values: readonly number[];
  readonly params: number;
}

export async function reference(name: string): Promise<Reference> {
  return JSON.parse(await readFile(placeOf(`${name}.json`), 'utf8')) as Reference;
}

/** Fixed images in 0..1, by the formula of make-fixtures.py. */
export function pixels(tf: Tf, shape: readonly number[]): Tensor4D {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length: count }, (_, i) => 0.5 + 0.5 * Math.sin(i * 12.9898));
  return tf.tensor4d(values, shape as [number, number, number, number]);
}

/** Largest difference of two lists of numbers, divided by the largest magnitude in the second. */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = actual.length === expected.length ? 0 : Infinity;
  let magnitude = 0;
  for (let i = 0; i < expected.length; i++) {
    const value = expected[i] ?? NaN;
    // Written so that NaN counts as a difference.
    const distance = Math.abs((actual[i] ?? NaN) - value);
    if (!(distance <= difference)) difference = Number.isNaN(distance) ? Infinity : distance;
    magnitude = Math.max(magnitude, Math.abs(value));
  }
  return difference / magnitude;
}

/** Returns a tensor's values and disposes of the tensor. */
export function take(tensor: Tensor): Float32Array {
  const values = Float32Array.from(tensor.dataSync());
  tensor.dispose();
  return values;
}

/** What TensorFlow.js passes to a save handler. */
export async function artifactsOf(tf: Tf, model: LayersModel): Promise<io.ModelArtifacts> {
  return new Promise((resolve, reject) => {
    const handler = tf.io.withSaveHandler((artifacts) => {
      resolve(artifacts);
      return Promise.resolve({ modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) });
    });
    model.save(handler).catch(reject);
  });
}

/** Saves a model as TensorFlow.js itself does, as `model.json` and one weight file, into a new folder; returns the folder. */
export async function saveWithTfjs(tf: Tf, model: LayersModel): Promise<string> {
  const folder = await temporaryFolder();
  const { modelTopology, weightSpecs, weightData } = await artifactsOf(tf, model);
  const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
  await writeFile(join(folder, 'weights.bin'), Buffer.from(tf.io.CompositeArrayBuffer.join(weightData)));
  await writeFile(
    join(folder, 'model.json'),
    JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }),
  );
  return folder;
}
