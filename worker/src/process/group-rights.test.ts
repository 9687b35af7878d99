import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { shareWithGroup } from './group-rights.ts';

let volume: string;
let umask = 0;
beforeEach(async () => {
  volume = await mkdtemp(join(tmpdir(), 'group-'));
  umask = process.umask(0o022);
});
afterEach(async () => {
  process.umask(umask);
  await rm(volume, { recursive: true });
});

/** Permissions of a new file and of a new folder on the volume. */
async function made(): Promise<readonly [number, number]> {
  await writeFile(join(volume, 'file'), '');
  await mkdir(join(volume, 'folder'));
  const mode = async (name: string): Promise<number> => (await stat(join(volume, name))).mode & 0o777;
  return [await mode('file'), await mode('folder')];
}

test('on a volume of a group, as fsGroup makes it, the group may write what is made', async () => {
  await chmod(volume, 0o2775);
  await shareWithGroup(volume);
  expect(await made()).toEqual([0o664, 0o775]);
});

test('elsewhere the umask stands', async () => {
  await chmod(volume, 0o775);
  await shareWithGroup(volume);
  expect(await made()).toEqual([0o644, 0o755]);
});

test('a volume that is not there is left to the one who opens it', async () => {
  await shareWithGroup(join(volume, 'none'));
  expect(await made()).toEqual([0o644, 0o755]);
});
