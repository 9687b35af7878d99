import { DistillError } from '@distillation/api/errors';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeTensors, encodeTensors, type NamedArray } from './tensors.ts';

const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
const tensor: fc.Arbitrary<NamedArray> = fc
  .record({ name: fc.string({ minLength: 1 }), shape, type: fc.constantFrom('float32', 'int32') })
  .chain(({ type, ...head }) => {
    const length = head.shape.reduce((product, extent) => product * extent, 1);
    const exactly = { minLength: length, maxLength: length };
    const data: fc.Arbitrary<NamedArray['data']> = {
      float32: fc.float32Array(exactly),
      int32: fc.int32Array(exactly),
    }[type];
    return data.map((values) => ({ ...head, data: values }));
  });
const tensors = fc.uniqueArray(
  tensor.filter(({ name }) => !['__metadata__', '__proto__'].includes(name)),
  { selector: ({ name }) => name, maxLength: 5 },
);

const byName = (a: NamedArray, b: NamedArray): number => (a.name < b.name ? -1 : 1);
const bitsOf = ({ name, shape: extents, data }: NamedArray): unknown => ({
  name,
  extents,
  type: data.constructor,
  bits: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex'),
});

test('decoding gives back every bit, whatever order the tensors came in', () => {
  fc.assert(
    fc.property(tensors, (given) => {
      const bytes = encodeTensors(given, { epoch: '3' });
      expect(encodeTensors([...given].reverse(), { epoch: '3' })).toEqual(bytes);
      // As read from a file: a Buffer at an odd offset of its memory.
      const shifted = Buffer.concat([Buffer.from([0]), bytes]).subarray(1);
      const decoded = decodeTensors(shifted);
      expect(decoded.tensors.map(bitsOf)).toEqual([...given].sort(byName).map(bitsOf));
      expect(decoded.metadata).toEqual({ epoch: '3' });
    }),
    { seed: 1 },
  );
});

test('the bytes are those of the safetensors format', () => {
  const bytes = encodeTensors([
    { name: 'w', shape: [2, 1], data: Float32Array.of(1, -2) },
    { name: 'steps', shape: [1], data: Int32Array.of(7) },
  ]);
  const header =
    '{"__metadata__":{},"steps":{"data_offsets":[0,4],"dtype":"I32","shape":[1]},' +
    '"w":{"data_offsets":[4,12],"dtype":"F32","shape":[2,1]}}';
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
  const expected = [
    padded.length,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    ...Buffer.from(padded),
    7,
    0,
    0,
    0,
    0,
    0,
    128,
    63,
    0,
    0,
    0,
    192,
  ];
  expect([...bytes]).toEqual(expected);
});

test("decoded values are the receiver's own", () => {
  const bytes = Buffer.from(encodeTensors([{ name: 'w', shape: [1], data: Int32Array.of(5) }]));
  const [first] = decodeTensors(bytes).tensors;
  bytes.fill(0);
  expect(first?.data[0]).toBe(5);
});

test('a file cut anywhere, or extended, is corrupt', () => {
  const bytes = encodeTensors([
    { name: 'a', shape: [3], data: Float32Array.of(1, 2, 3) },
    { name: 'b', shape: [2], data: Int32Array.of(4, 5) },
  ]);
  const corrupt: unknown = expect.objectContaining({ code: 'DISTILL_E_FILE_CORRUPT' });
  const thrownBy = (given: Uint8Array): unknown => {
    try {
      return decodeTensors(given, 'x.safetensors');
    } catch (error) {
      return error;
    }
  };
  for (let length = 0; length < bytes.length; length++) expect(thrownBy(bytes.subarray(0, length))).toEqual(corrupt);
  expect(thrownBy(Buffer.concat([bytes, Buffer.of(0)]))).toEqual(corrupt);
});

test('no single byte altered in the header makes it throw anything else', () => {
  const bytes = encodeTensors([{ name: 'a', shape: [2], data: Float32Array.of(1, 2) }], {
    block: 'c',
  });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: bytes.length - 9 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const altered = bytes.slice();
      altered[at] = (altered[at] ?? 0) ^ flip;
      try {
        decodeTensors(altered);
      } catch (error) {
        expect(error).toBeInstanceOf(DistillError);
        expect((error as DistillError).code).toBe('DISTILL_E_FILE_CORRUPT');
      }
    }),
    { seed: 1, numRuns: 1000 },
  );
});

test('values that do not fit their shape, and names given twice, are refused', () => {
  const one = { name: 'w', shape: [2], data: Float32Array.of(1, 2) };
  expect(() => encodeTensors([one, one])).toThrow('Two tensors are named w');
  expect(() => encodeTensors([{ ...one, shape: [3] }])).toThrow('shape [3] has 2 values');
});
