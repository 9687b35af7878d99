import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { loadTfjs, UNUSED } from './load-tfjs.ts';

it('loads what computes, and nothing of what is not used', () => {
  const tf = loadTfjs();
  expect(tf.square(3).dataSync()).toEqual(Float32Array.of(9));
  expect(tf.layers.conv2d).toBeTypeOf('function');
  const { resolve, cache } = createRequire(import.meta.resolve('@tensorflow/tfjs'));
  for (const name of UNUSED) expect(Object.keys(cache[resolve(name)]?.exports as object)).toEqual([]);
  expect(tf).not.toHaveProperty('loadGraphModel');
});
