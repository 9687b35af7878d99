import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesGlob } from './glob.ts';

test.each([
  ['conv2_block1_2_conv', ['conv2_*'], true],
  ['conv2_block1_2_conv', ['conv2'], false],
  ['conv2_block1_2_conv', ['*_?_conv'], true],
  ['conv.1', ['conv?1'], true],
  ['convx1', ['conv.1'], false],
  ['a(b)', ['a(b)'], true],
  ['a', [], false],
  ['b', ['a', 'b'], true],
])('%s against %j: %s', (name, globs, expected) => {
  expect(matchesGlob(name, globs)).toBe(expected);
});

test('every name matches itself and *', () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      expect(matchesGlob(name, [name])).toBe(true);
      expect(matchesGlob(name, ['*'])).toBe(true);
      expect(matchesGlob(`${name}x`, [name.replaceAll(/[*?]/g, '_')])).toBe(false);
    }),
  );
});
