import fc from 'fast-check';
import { expect, expectTypeOf, test } from 'vitest';
import { otherVersion, readerOf } from './reading.ts';
import {
  among,
  amount,
  count,
  flag,
  listOf,
  mapOf,
  object,
  type Of,
  optional,
  orNull,
  pair,
  tagged,
  word,
} from './shape.ts';

const shape = object({
  name: word,
  kind: among('A', 'B'),
  sizes: pair,
  entries: listOf(object({ at: count, weight: optional(amount) }), 3),
  losses: mapOf(orNull(amount)),
  done: optional(flag),
});
const good: Of<typeof shape> = { name: 'x', kind: 'A', sizes: [1, 2], entries: [{ at: 0 }], losses: { a: null, b: 1 } };

test('the type follows from the shape, read-only and with what is optional', () => {
  expectTypeOf<Of<typeof shape>>().toEqualTypeOf<{
    readonly name: string;
    readonly kind: 'A' | 'B';
    readonly sizes: readonly [number, number];
    readonly entries: readonly { readonly at: number; readonly weight?: number }[];
    readonly losses: Readonly<Record<string, number | null>>;
    readonly done?: boolean;
  }>();
});

test.each<[string, boolean, object]>([
  ['what was asked for', true, {}],
  ['more than was asked for', true, { newer: [1] }],
  ['what is optional', true, { done: false }],
  ['no word', false, { name: 1 }],
  ['a word that is not among them', false, { kind: 'C' }],
  ['a pair of three', false, { sizes: [1, 2, 3] }],
  ['a count that is no whole number', false, { entries: [{ at: 0.5 }] }],
  ['a negative amount', false, { entries: [{ at: 0, weight: -1 }] }],
  ['an infinite amount', false, { losses: { a: Infinity } }],
  ['more entries than are believed', false, { entries: Array(4).fill({ at: 0 }) }],
  ['a list for a map', false, { losses: [1] }],
  ['null for what is optional', false, { done: null }],
  ['nothing for what is not', false, { name: undefined }],
])('%s: %s', (_, expected, change) => {
  expect(shape({ ...good, ...change })).toBe(expected);
});

test('nothing that is thrown at it makes it throw', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(typeof shape(value)).toBe('boolean');
    }),
    { seed: 1 },
  );
});

test('objects are told apart by their type, own ones only', () => {
  const either = tagged({ One: { a: count }, Two: { b: word } });
  expect(
    [
      { type: 'One', a: 1 },
      { type: 'Two', b: '' },
    ].every(either),
  ).toBe(true);
  expect([{ type: 'One', b: '' }, { type: 'toString' }, { a: 1 }, 'One', null].some(either)).toBe(false);
});

test('a version is looked at before all else; absent it is the first', () => {
  const read = readerOf(object({ a: count }), { versions: [1, 2] });
  for (const version of [undefined, 1, 2]) expect(read({ version, a: 1 }).as).toBe('Value');
  const newer = read({ version: 3, b: 1 });
  expect(newer).toEqual({ as: 'OtherVersion', version: 3, readable: [1, 2] });
  expect(newer.as === 'OtherVersion' && otherVersion(newer)).toBe(
    'is of version 3 of its format, and version 1 or 2 is read here',
  );
  expect(read({ version: 2, b: 1 }).as).toBe('Damaged');
  for (const body of [undefined, null, 1, 'x', []]) expect(read(body).as).toBe('Damaged');
  const manifest = readerOf(object({ a: count }), { versions: ['v1alpha1'], field: 'apiVersion' });
  for (const apiVersion of [undefined, 'v1alpha1']) expect(manifest({ apiVersion, a: 1 }).as).toBe('Value');
  expect(manifest({ apiVersion: 'v1', a: 1 })).toMatchObject({ as: 'OtherVersion', version: 'v1' });
  const outer = readerOf(object({ inner: object({ a: count }) }), { within: 'inner' });
  expect(outer({ version: 7, inner: { a: 1 } }).as).toBe('Value');
  expect(outer({ inner: { version: 7, a: 1 } })).toMatchObject({ as: 'OtherVersion', version: 7 });
});
