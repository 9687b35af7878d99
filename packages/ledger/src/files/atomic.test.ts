import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkWritable, createExclusive, sweep, writeAtomic } from './atomic.ts';
import { faultyFileLayer } from '../../test/files.ts';
import { type FileLayer, nodeFileLayer, withVolumeErrors } from './file-layer.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atomic-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('replaces a file and leaves no other', async () => {
  const path = join(folder, 'a/b.json');
  await writeAtomic(nodeFileLayer, path, { bytes: bytes('old') });
  await writeAtomic(nodeFileLayer, path, { bytes: bytes('new') });
  expect(await readFile(path, 'utf8')).toBe('new');
  expect(await readdir(join(folder, 'a'))).toEqual(['b.json']);
});

test('writes again when its temporary is swept away, but not for ever', async () => {
  const path = join(folder, 'x');
  let swept = 0;
  const sweeping = (times: number): FileLayer => ({
    ...nodeFileLayer,
    rename: async (from, to) => {
      if (swept++ < times) await nodeFileLayer.unlink(from);
      return nodeFileLayer.rename(from, to);
    },
  });
  await writeAtomic(sweeping(1), path, { bytes: bytes('x') });
  expect(await readFile(path, 'utf8')).toBe('x');
  swept = 0;
  await expect(writeAtomic(sweeping(9), path, { bytes: bytes('y') })).rejects.toMatchObject({
    code: 'DISTILL_E_VOLUME_IO',
  });
});

test('a full disk is told as such, names the file, and is not filled by what was begun', async () => {
  const path = join(folder, 'x');
  const trace = faultyFileLayer();
  await writeAtomic(trace, path, { bytes: bytes('old') });
  const write = trace.trace.indexOf('write') + 1;
  const layer = withVolumeErrors(faultyFileLayer({ kind: 'ENOSPC', at: write }));
  const failed = writeAtomic(layer, path, { bytes: bytes('new') });
  await expect(failed).rejects.toMatchObject({
    code: 'DISTILL_E_DISK_FULL',
    kind: 'Retry',
    subject: expect.stringContaining(path.slice(0, -1)) as string,
  });
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['x']);
});

test('of many makers of a file one wins, and its bytes stand', async () => {
  const path = join(folder, 'x');
  const made = await Promise.all(
    ['a', 'b', 'c', 'd'].map((text) => createExclusive(nodeFileLayer, path, { bytes: bytes(text) })),
  );
  expect(made.filter(Boolean)).toHaveLength(1);
  expect(await readFile(path, 'utf8')).toBe(['a', 'b', 'c', 'd'][made.indexOf(true)]);
  expect(await readdir(folder)).toEqual(['x']);
});

test('a sweep takes own leftovers and old ones, not those of living writers nor other files', async () => {
  await writeAtomic(nodeFileLayer, join(folder, 'deep/a'), { bytes: bytes('a') });
  const leftovers = { own: '.a.bin-0.17.0123ab.tmp', young: '.a.bin-1.17.0123ab.tmp', old: '.a.bin-2.17.0123ab.tmp' };
  for (const name of [...Object.values(leftovers), '.hidden', 'data.tmp'])
    await writeFile(join(folder, 'deep', name), 'x');
  const nowMs = await checkWritable(nodeFileLayer, folder);
  const ago = nowMs / 1000 - 16 * 60;
  for (const name of [leftovers.old, '.hidden', 'data.tmp']) await utimes(join(folder, 'deep', name), ago, ago);
  expect(await sweep(nodeFileLayer, folder, { writer: 'bin-0', nowMs })).toBe(2);
  expect(await readdir(join(folder, 'deep'))).toEqual([leftovers.young, '.hidden', 'a', 'data.tmp']);
});

test('what a writer leaves behind when it is killed is what a sweep takes', async () => {
  const undisturbed = faultyFileLayer();
  await writeAtomic(undisturbed, join(folder, 'x'), { bytes: bytes('x'), writer: 'bin-0' });
  for (let at = 1; at <= undisturbed.trace.length; at++) {
    const dying = writeAtomic(faultyFileLayer({ kind: 'Kill', at }), join(folder, 'x'), {
      bytes: bytes('x'),
      writer: 'bin-0',
    });
    await expect(dying).rejects.toThrow();
  }
  expect((await readdir(folder)).length).toBeGreaterThan(1);
  await sweep(nodeFileLayer, folder, { writer: 'bin-0', nowMs: 0 });
  expect(await readdir(folder)).toEqual(['x']);
});
