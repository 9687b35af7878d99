import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FetchOptions, defaultCacheDir, fetchDataset } from './fetch.ts';
import type { Progress } from './progress.ts';
import type { PublicDataset } from './sources.ts';
import { TestRegistry, packTarball } from './testing.ts';
import { copyFiles } from './unpack.ts';

// Incompressible, so that the tarball is as long as it looks.
const PIXELS = Buffer.concat(
  Array.from({ length: 2000 }, (_, block) => createHash('sha512').update(`block ${block}`).digest()),
);
const LABELS = 'cat\ndog\n';
const md5 = (content: Buffer | string): string => createHash('md5').update(content).digest('hex');

const TINY: PublicDataset = {
  npmPackage: 'tiny-data',
  version: '1.0.0',
  folder: 'tiny',
  md5: { 'pixels.bin': md5(PIXELS), 'labels.txt': md5(LABELS) },
  unpack: copyFiles('data'),
};
const SILENT: Progress = { update: () => undefined, end: () => undefined, say: () => undefined };

let root: string;
let registry: TestRegistry;
let options: FetchOptions & { readonly cacheDir: string };

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fetch-'));
  const tarball = await packTarball(join(root, 'pack'), { 'data/pixels.bin': PIXELS, 'data/labels.txt': LABELS });
  registry = new TestRegistry({ name: TINY.npmPackage, version: TINY.version, tarball });
  await registry.listen();
  options = { cacheDir: join(root, 'cache'), progress: SILENT, settings: registry.settings, retryDelayMs: 0 };
});

afterEach(async () => {
  await registry.close();
  await rm(root, { recursive: true });
});

async function expectComplete(folder: string): Promise<void> {
  expect(folder).toBe(join(options.cacheDir, 'tiny'));
  expect((await readFile(join(folder, 'pixels.bin'))).equals(PIXELS)).toBe(true);
  expect(await readFile(join(folder, 'labels.txt'), 'utf8')).toBe(LABELS);
  // Neither the tarball nor temporary folders are left.
  expect(await readdir(options.cacheDir)).toStrictEqual(['tiny']);
}

function partName(pid: number): string {
  return `tiny-data-1.0.0.tgz.${hostname()}.${pid}.part`;
}

/** A process id that was in use and is no more. */
async function deadPid(): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['-p', 'process.pid']);
  return Number(stdout);
}

describe('fetchDataset', () => {
  it('puts the checked files into the cache, and asks nobody the second time', async () => {
    await expectComplete(await fetchDataset(TINY, options));
    await registry.close();
    await expectComplete(await fetchDataset(TINY, options));
    expect(registry.ranges).toStrictEqual(['']);
    await registry.listen();
  });

  it('goes on where a broken connection stopped', async () => {
    registry.cuts = [50_000, 20_000];
    await expectComplete(await fetchDataset(TINY, options));
    expect(registry.ranges).toStrictEqual(['', 'bytes=50000-', 'bytes=70000-']);
  });

  it('starts again where the server cannot resume', async () => {
    registry.resumable = false;
    registry.cuts = [50_000];
    await expectComplete(await fetchDataset(TINY, options));
    expect(registry.ranges).toStrictEqual(['', 'bytes=50000-']);
  });

  it('keeps what has come when it gives up, for the next call', async () => {
    registry.cuts = [40_000, 0, 0, 0];
    await expect(fetchDataset(TINY, options)).rejects.toMatchObject({ code: 'DISTILL_E_FETCH' });
    await expectComplete(await fetchDataset(TINY, options));
    expect(registry.ranges.at(-1)).toBe('bytes=40000-');
  });

  it('takes over the download of a process that is gone, not that of one at work', async () => {
    await mkdir(options.cacheDir, { recursive: true });
    await writeFile(join(options.cacheDir, partName(await deadPid())), registry.body.subarray(0, 30_000));
    await writeFile(join(options.cacheDir, partName(1)), registry.body.subarray(0, 10_000));
    await fetchDataset(TINY, options);
    expect(registry.ranges).toStrictEqual(['bytes=30000-']);
    expect(await readdir(options.cacheDir)).toContain(partName(1));
  });

  it('takes over a download long untouched though its process id is in use', async () => {
    await mkdir(options.cacheDir, { recursive: true });
    const path = join(options.cacheDir, partName(1));
    await writeFile(path, registry.body.subarray(0, 10_000));
    await utimes(path, 1_000_000, 1_000_000);
    await expectComplete(await fetchDataset(TINY, options));
    expect(registry.ranges).toStrictEqual(['bytes=10000-']);
  });

  it('starts again after a damaged left-over', async () => {
    await mkdir(options.cacheDir, { recursive: true });
    await writeFile(join(options.cacheDir, partName(process.pid)), Buffer.alloc(30_000, 7));
    await expectComplete(await fetchDataset(TINY, options));
    expect(registry.ranges).toStrictEqual(['bytes=30000-', '']);
  });

  it('needs no byte more where the left-over is the whole', async () => {
    await mkdir(options.cacheDir, { recursive: true });
    await writeFile(join(options.cacheDir, partName(process.pid)), registry.body);
    await expectComplete(await fetchDataset(TINY, options));
    expect(registry.ranges).toStrictEqual([]);
  });

  it('refuses a tarball with one bit flipped, and leaves nothing of it', async () => {
    const damaged = Buffer.from(registry.body);
    damaged[60_000] = (damaged[60_000] ?? 0) ^ 1;
    registry.body = damaged;
    await expect(fetchDataset(TINY, options)).rejects.toMatchObject({ code: 'DISTILL_E_FETCH_INTEGRITY' });
    expect(await readdir(options.cacheDir)).toStrictEqual([]);
  });

  it('refuses files that are not the canonical ones', async () => {
    const other = { ...TINY, md5: { ...TINY.md5, 'labels.txt': md5('dog\ncat\n') } };
    await expect(fetchDataset(other, options)).rejects.toMatchObject({
      code: 'DISTILL_E_FETCH_INTEGRITY',
      message: expect.stringContaining('labels.txt') as string,
    });
    expect(await readdir(options.cacheDir)).not.toContain('tiny');
  });

  it('says what the registry does not have', async () => {
    const missing = { ...TINY, version: '9.9.9' };
    await expect(fetchDataset(missing, options)).rejects.toMatchObject({
      code: 'DISTILL_E_FETCH',
      message: expect.stringContaining('tiny-data 9.9.9') as string,
    });
  });

  it('says that there is no registry', async () => {
    await registry.close();
    await expect(fetchDataset(TINY, options)).rejects.toMatchObject({
      code: 'DISTILL_E_FETCH',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
    await registry.listen();
  });

  it('downloads from the mirror whose metadata name the mirrored registry', async () => {
    registry.tarballBase = 'http://registry.invalid';
    await expectComplete(await fetchDataset(TINY, options));
  });

  it('replaces a folder of which a file is damaged', async () => {
    const folder = await fetchDataset(TINY, options);
    await writeFile(join(folder, 'pixels.bin'), PIXELS.subarray(1));
    await expectComplete(await fetchDataset(TINY, options));
  });

  it('adopts files put there by hand', async () => {
    const folder = join(options.cacheDir, 'tiny');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'pixels.bin'), PIXELS);
    await writeFile(join(folder, 'labels.txt'), LABELS);
    await expectComplete(await fetchDataset(TINY, options));
    expect(registry.ranges).toStrictEqual([]);
  });

  it('may run in two processes at once', async () => {
    const script = `
      const { fetchDataset } = await import(${JSON.stringify(new URL('./fetch.ts', import.meta.url).href)});
      const { copyFiles } = await import(${JSON.stringify(new URL('./unpack.ts', import.meta.url).href)});
      const { Agent } = await import('node:http');
      await fetchDataset(
        { ...${JSON.stringify(TINY)}, unpack: copyFiles('data') },
        {
          cacheDir: ${JSON.stringify(options.cacheDir)},
          progress: { update() {}, end() {}, say() {} },
          settings: { registry: ${JSON.stringify(registry.url)}, httpAgent: new Agent() },
        },
      );`;
    const run = (): Promise<unknown> =>
      promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    await Promise.all([run(), run(), run()]);
    await expectComplete(await fetchDataset(TINY, options));
  });
});

describe('defaultCacheDir', () => {
  it('follows XDG_CACHE_HOME', () => {
    const before = process.env['XDG_CACHE_HOME'];
    process.env['XDG_CACHE_HOME'] = '/somewhere';
    expect(defaultCacheDir()).toBe(join('/somewhere', 'distillation-operator', 'datasets'));
    if (before === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = before;
  });
});
