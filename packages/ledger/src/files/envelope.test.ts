import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { canonicalJson } from '@distillation/api/canonical';
import { decodeEnvelope, encodeEnvelope, readJson, writeJson } from './envelope.ts';
import { nodeFileLayer } from './file-layer.ts';

let folder: string;
let logged: string[];
const log = (message: string): number => logged.push(message);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'envelope-'));
  logged = [];
});
afterEach(() => rm(folder, { recursive: true }));

test('canonical JSON sorts keys, leaves out what is undefined, and parses back', () => {
  expect(canonicalJson({ b: [1, undefined, { d: null, c: 'x' }], a: undefined, '': 0.1 })).toBe(
    '{"":0.1,"b":[1,null,{"c":"x","d":null}]}',
  );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
    { seed: 1 },
  );
});

test('a number that JSON cannot hold is refused instead of becoming null', () => {
  expect(() => canonicalJson({ loss: NaN })).toThrow('NaN');
});

test('what is written is read', async () => {
  const path = join(folder, 'deep/er/a.json');
  await writeJson(nodeFileLayer, path, { body: { epoch: 3 } });
  expect(await readJson(nodeFileLayer, path, log)).toEqual({ epoch: 3 });
  expect(await readJson(nodeFileLayer, join(folder, 'absent.json'), log)).toBeUndefined();
  expect(logged).toEqual([]);
});

test('cut anywhere, or with any bit flipped, the envelope tells', () => {
  const bytes = encodeEnvelope({ loss: 0.25, block: 'conv2' });
  // Only the line feed at the end may be missing.
  for (let length = 0; length < bytes.length - 1; length++)
    expect(decodeEnvelope(bytes.subarray(0, length))).toBeUndefined();
  for (let bit = 0; bit < (bytes.length - 1) * 8; bit++) {
    const altered = bytes.slice();
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(decodeEnvelope(altered), `bit ${bit}`).toBeUndefined();
  }
});

test('a damaged file is set aside, told, and counts as absent', async () => {
  const path = join(folder, 'plan.json');
  await writeFile(path, '{"body":1,"sha256":"00"}');
  expect(await readJson(nodeFileLayer, path, log)).toBeUndefined();
  expect(await readdir(folder)).toEqual([expect.stringMatching(/^plan\.json\.corrupt-[0-9a-f]{8}$/)]);
  expect(logged).toEqual([expect.stringContaining(`${path} is damaged`)]);
});

test('a reader that may not write takes a damaged file for absent too', async () => {
  const path = join(folder, 'plan.json');
  await writeFile(path, 'x');
  const denied = Object.assign(new Error('read-only'), { code: 'EROFS' });
  const layer = { ...nodeFileLayer, rename: () => Promise.reject(denied) };
  expect(await readJson(layer, path, log)).toBeUndefined();
  expect(logged).toEqual([expect.stringContaining('cannot be set aside')]);
});
