import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf } from './json-lines.ts';

async function read(bytes: Buffer, cuts: readonly number[]): Promise<string[]> {
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let start = 0;
    for (const end of ends) {
      await Promise.resolve();
      yield bytes.subarray(start, end);
      start = end;
    }
  }
  const lines: string[] = [];
  for await (const line of linesOf(chunks())) lines.push(line);
  return lines;
}

test('lines are complete however the stream is split, even within a character', async () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\n'));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat(), { maxLength: 20 }), async (lines, cuts) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
      // What the encoding cannot hold (half a surrogate pair) has been replaced on the way in.
      const sent = lines.map((text) => Buffer.from(text).toString());
      expect(await read(bytes, cuts)).toEqual(sent);
    }),
  );
});

test('empty lines are skipped, and a last line without a line feed is ignored', async () => {
  expect(await read(Buffer.from('{"a":1}\n\n{"b":'), [3])).toEqual(['{"a":1}']);
});
