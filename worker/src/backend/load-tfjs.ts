import { createRequire, Module } from 'node:module';
import type { Tf } from './tf.ts';

/** TensorFlow.js' packages are CommonJS. An import would read their 5 MB twice, in search of names to export: 0.3 s of each process. */
const require = createRequire(import.meta.url);

/**
 * What `@tensorflow/tfjs` loads beside what computes, and nothing here uses: the backend of browsers, data sets of its own, converted
 * graphs. They are a quarter of the time that loading takes.
 */
export const UNUSED: readonly string[] = [
  '@tensorflow/tfjs-backend-webgl',
  '@tensorflow/tfjs-converter',
  '@tensorflow/tfjs-data',
];

/** Loads TensorFlow.js without what is not used of it; the first one of a process to load it. */
export function loadTfjs(): Tf {
  const { resolve, cache } = createRequire(require.resolve('@tensorflow/tfjs'));
  for (const name of UNUSED) {
    const unused = resolve(name);
    if (cache[unused] !== undefined) continue;
    const empty = new Module(unused);
    empty.loaded = true;
    cache[unused] = empty;
  }
  return require('@tensorflow/tfjs') as Tf;
}
