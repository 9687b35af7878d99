import { expect, it } from 'vitest';
import { ChunkReader, CutShort } from './chunk-reader.ts';

/** A stream of these bytes in chunks of a size. */
function reader(text: string, size: number): ChunkReader {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );
  return new ChunkReader(
    (async function* () {
      for (const chunk of chunks) yield await Promise.resolve(chunk);
    })(),
  );
}

async function taken(from: ChunkReader, size: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of from.bytes(size)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

it.each([1, 2, 3, 100])('reads lines and bytes in turn, in chunks of %d', async (size) => {
  const from = reader('{"é":1}\na\nb\nlast\n\n', size);
  expect(await from.line()).toBe('{"é":1}');
  expect(await taken(from, 3)).toBe('a\nb');
  expect(await from.line()).toBe('');
  expect(await taken(from, 0)).toBe('');
  expect(await from.line()).toBe('last');
  expect(await from.line()).toBe('');
  expect(await from.line()).toBeUndefined();
});

it('tells an end that was announced from one that was not', async () => {
  await expect(reader('abc', 2).line()).rejects.toThrow(CutShort);
  await expect(taken(reader('abc', 2), 4)).rejects.toThrow('too early, by 1 B');
  await expect(reader('x'.repeat(200_000), 1000).line()).rejects.toThrow(CutShort);
});
