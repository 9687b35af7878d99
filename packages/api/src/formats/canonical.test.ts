import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical.ts';

describe('canonicalJson', () => {
  it('sorts the keys of maps by their UTF-16 units, numbers too, and leaves out what is undefined', () => {
    const value = { b: [{ z: 1, a: null }], 10: true, 9: false, none: undefined };
    expect(canonicalJson(value)).toBe('{"10":true,"9":false,"b":[{"a":null,"z":1}]}');
  });

  it('writes any text as JSON does, controls and halves of surrogate pairs too', () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 });
    const half = fc.integer({ min: 0xd800, max: 0xdfff }).map((unit) => String.fromCharCode(unit));
    fc.assert(
      fc.property(fc.oneof(text, half), (any) => {
        expect(canonicalJson(any)).toBe(JSON.stringify(any));
        expect(canonicalJson({ [any]: 1 })).toBe(JSON.stringify({ [any]: 1 }));
      }),
    );
    expect(canonicalJson('"\\\u007f\u2028é😀')).toBe(JSON.stringify('"\\\u007f\u2028é😀'));
  });

  it('is JSON of the same value, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it.each([NaN, Infinity])('refuses %s', (number) => {
    expect(() => canonicalJson([number])).toThrow(`JSON cannot hold the number ${number}.`);
  });
});

/** With the keys of maps the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, child]) => [key, reversed(child)] as const);
  return Object.fromEntries(fields.toReversed());
}
