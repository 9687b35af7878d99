import fc from 'fast-check';
import { expect, it } from 'vitest';
import { editDistance, nearest, nearestToGlob } from './suggest.ts';

it('counts edits as a metric does', () => {
  expect(editDistance('epochs', 'epcohs')).toBe(1);
  expect(editDistance('epochs', 'Epoch')).toBe(1);
  expect(editDistance('', 'abc')).toBe(3);
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      const distance = editDistance(a, b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance === 0).toBe(a.toLowerCase() === b.toLowerCase());
      expect(distance).toBeLessThanOrEqual(Math.max(a.toLowerCase().length, b.toLowerCase().length));
    }),
  );
});

it('suggests only what is near', () => {
  expect(nearest('minAcuracy', ['maxAccuracyDrop', 'minAccuracy', 'split'])).toBe('minAccuracy');
  expect(nearest('threshold', ['maxAccuracyDrop', 'minAccuracy', 'split'])).toBeUndefined();
});

it('suggests the name that a glob comes nearest to', () => {
  const names = ['conv1', 'block3_conv2', 'block4_conv1', 'block4_conv2'];
  expect(nearestToGlob('blck4_*', names)).toBe('block4_conv1');
  expect(nearestToGlob('*_cov2', names)).toBe('block3_conv2');
  expect(nearestToGlob('blok?_conv2', names)).toBe('block3_conv2');
  expect(nearestToGlob('dense*', names)).toBeUndefined();
  fc.assert(
    fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b, c) => {
      expect(editDistance(`${a}*${c}`, `${a}${b}${c}`, { globs: true })).toBe(0);
    }),
  );
});
