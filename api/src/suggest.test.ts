import fc from 'fast-check';
import { expect, it } from 'vitest';
import { editDistance, nearest } from './suggest.ts';

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
