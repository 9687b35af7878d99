import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileName, LAYOUT } from './layout.ts';

/** Longest file name of the usual file systems, in bytes. */
const LONGEST = 255;

const names = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 400 }),
  // Unpaired surrogates too.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc.integer({ min: 60, max: 400 }).map((length) => '層'.repeat(length)),
);

test('a layer of any name has a file name that every file system holds, with room for that of a temporary file', () => {
  fc.assert(
    fc.property(names, (layer) => {
      expect(fileName(layer)).toMatch(/^[\w%~-]+$/);
      expect(LAYOUT.measurement(layer).split('/').at(-1)?.length).toBeLessThan(LONGEST - 45);
    }),
  );
});

test('layers of different names have different file names', () => {
  fc.assert(
    fc.property(names, names, (one, other) => {
      fc.pre(one !== other);
      expect(fileName(one)).not.toBe(fileName(other));
    }),
  );
  const long = '層'.repeat(200);
  const alike = [
    'a/b',
    'a:b',
    'a%2Fb',
    'a b',
    `${long}1`,
    `${long}2`,
    '\ud800',
    '\ud801',
    '\ufffd',
    '_',
    '',
    fileName(`${long}1`),
  ];
  expect(new Set(alike.map(fileName)).size).toBe(alike.length);
});

test('a name that has a place keeps it: jobs under way find their files', () => {
  expect(fileName('block1_conv2')).toBe('block1_conv2');
  expect(fileName('conv1/conv (größer).~')).toBe('conv1%2Fconv%20%28gr%C3%B6%C3%9Fer%29%2E%7E');
  expect(fileName('a'.repeat(200))).toBe('a'.repeat(200));
});
