import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareNames, decodeName, encodedLength, encodeName, shownName, writeName } from './names.ts';

const bytes = fc.uint8Array({ maxLength: 40 });

describe('file names', () => {
  it('come back to the byte whatever they are', () => {
    fc.assert(
      fc.property(bytes, (name) => {
        const decoded = decodeName(name);
        expect([...encodeName(decoded)]).toStrictEqual([...name]);
        expect(encodedLength(decoded)).toBe(name.length);
        const block = Buffer.alloc(name.length + 2);
        expect(writeName(block, decoded, 1)).toBe(name.length);
        expect([...block.subarray(1, 1 + name.length)]).toStrictEqual([...name]);
      }),
    );
  });

  it('are what they are where they are UTF-8, a real replacement character and a byte order mark included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(decodeName(Buffer.from(name))).toBe(name);
      }),
    );
    expect(decodeName(Buffer.from('\ufeffa\ufffd'))).toBe('\ufeffa\ufffd');
  });

  it('show bytes that are no UTF-8 as Python’s surrogateescape has them, and never a control character', () => {
    // Latin-1 "café", a truncated UTF-8 sequence, an encoded unpaired surrogate.
    expect(decodeName(Buffer.from([0x63, 0x61, 0x66, 0xe9]))).toBe('caf\udce9');
    expect(shownName(decodeName(Buffer.from([0x63, 0x61, 0x66, 0xe9])))).toBe('caf\\xe9');
    expect(shownName(decodeName(Buffer.from([0xe2, 0x82, 0x41])))).toBe('\\xe2\\x82A');
    expect(shownName(decodeName(Buffer.from([0xed, 0xb3, 0xa9])))).toBe('\\xed\\xb3\\xa9');
    expect(shownName('a\nb\u007f')).toBe('a\\x0ab\\x7f');
  });

  it('sort by code point, as Python’s sorted does, and not by UTF-16 code unit', () => {
    // U+FF5E comes before U+1F600 by code point, after it by code unit.
    expect(['\u{1f600}', '\uff5e', 'b', 'B', '\udce9', 'é'].sort(compareNames)).toStrictEqual([
      'B',
      'b',
      'é',
      '\udce9',
      '\uff5e',
      '\u{1f600}',
    ]);
    const points = (name: string): number[] => Array.from(name, (point) => point.codePointAt(0) ?? 0);
    const reference = (a: string, b: string): number => {
      const [left, right] = [points(a), points(b)];
      const at = left.findIndex((point, index) => point !== right[index]);
      return at < 0 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1);
    };
    fc.assert(
      fc.property(bytes, bytes, (first, second) => {
        const [a, b] = [decodeName(first), decodeName(second)];
        expect(Math.sign(compareNames(a, b))).toBe(Math.sign(reference(a, b)));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareNames(a, b))).toBe(Math.sign(reference(a, b)));
      }),
    );
  });
});
