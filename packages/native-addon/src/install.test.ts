import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ADDON, locatePackage, probeAddon } from './addon.ts';
import { ensureNativeAddon, nativeCacheFolder, nativeMode, type EnsureNativeOptions, type Way } from './install.ts';

const real = locatePackage('tfjs-node')?.folder ?? '';
const works = await probeAddon(real).then(
  () => true,
  () => false,
);

let root: string;
let lines: string[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'distill-native-'));
  lines = [];
  await mkdir(join(root, 'package'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const options = (ways: readonly Way[]): EnsureNativeOptions => ({
  package: 'tfjs-node',
  log: (line) => lines.push(line),
  cacheFolder: join(root, 'cache'),
  packageFolder: join(root, 'package'),
  ways,
});
const cacheEntries = (): Promise<string[]> => readdir(join(root, 'cache'));

/** "Builds" the addon of this very machine again, without its 700 MB. */
let built = 0;
const good: Way = {
  way: 'wheel',
  trying: 'copying',
  origin: 'copied',
  make: async (_name, _package, folder) => {
    built += 1;
    await cp(join(real, ADDON), join(folder, ADDON), { recursive: true });
    await symlink(join(real, 'deps'), join(folder, 'deps'));
  },
};
const failing: Way = {
  way: 'official',
  trying: 'trying in vain',
  origin: 'nowhere',
  make: () => Promise.reject(new Error('the network is closed')),
};
/** Leaves a file where the addon belongs that is none. */
const broken: Way = {
  way: 'official',
  trying: 'writing rubbish',
  origin: 'rubbish',
  make: async (_name, _package, folder) => {
    await mkdir(dirname(join(folder, ADDON)), { recursive: true });
    await writeFile(join(folder, ADDON), 'not a shared library');
  },
};

describe('without an addon', () => {
  test('every way that fails is told with its reason, nothing is left behind, and nothing throws', async () => {
    const state = await ensureNativeAddon(options([failing, broken]));
    expect(state).toMatchObject({ usable: false, summary: expect.stringContaining('WebAssembly') as string });
    expect(lines.join('\n')).toMatch(/trying in vain\n.*the network is closed\n.*writing rubbish\n.*did not work: ./);
    expect(await cacheEntries()).toEqual([]);
    expect(await readdir(join(root, 'package'))).toEqual([]);
  });

  test('DISTILL_NATIVE limits the ways', async () => {
    expect((await ensureNativeAddon({ ...options([failing]), mode: 'skip' })).usable).toBe(false);
    expect(lines).toEqual([]);
    await ensureNativeAddon({ ...options([failing, broken]), mode: 'wheel' });
    expect(lines).toEqual([]);
    expect([undefined, '', 'wheel', 'official', 'skip', 'no'].map(nativeMode)).toEqual([
      'any',
      'any',
      'wheel',
      'official',
      'skip',
      undefined,
    ]);
  });

  test('what a killed build left is removed after a day, what another is building now is not', async () => {
    for (const name of ['.building-old', '.building-new']) await mkdir(join(root, 'cache', name), { recursive: true });
    const longAgo = new Date(Date.now() - 2 * 24 * 3600 * 1000);
    await utimes(join(root, 'cache', '.building-old'), longAgo, longAgo);
    await ensureNativeAddon(options([failing]));
    expect(await cacheEntries()).toEqual(['.building-new']);
  });

  test('the cache follows the XDG rules', () => {
    expect(nativeCacheFolder({ XDG_CACHE_HOME: '/somewhere' })).toBe('/somewhere/distillation-operator/native');
    expect(nativeCacheFolder({ XDG_CACHE_HOME: 'relative' })).toMatch(/\.cache\/distillation-operator\/native$/);
  });
});

describe.runIf(works)('with an addon', () => {
  test('the first way that works is kept in the cache, linked in, and not made again', async () => {
    built = 0;
    const state = await ensureNativeAddon(options([failing, broken, good]));
    expect(state.summary).toMatch(/^tfjs-node: TensorFlow \d.*, copied$/);
    expect(await probeAddon(join(root, 'package'))).toMatch(/^\d/);
    expect(await cacheEntries()).toHaveLength(1);

    lines = [];
    expect(await ensureNativeAddon(options([failing]))).toEqual(state);
    expect(lines).toEqual([]);

    // As after `npm ci`: the package is new, the cache is not.
    await rm(join(root, 'package'), { recursive: true });
    await mkdir(join(root, 'package'));
    expect(await ensureNativeAddon(options([failing]))).toEqual(state);
    expect(built).toBe(1);
  });

  test('a build that cannot be improved is used as it is, and says why', async () => {
    const finish = (): Promise<string> => Promise.reject(new Error('a library is of another processor'));
    expect((await ensureNativeAddon(options([{ ...good, finish }]))).summary).toMatch(/copied$/);
    expect(lines).toContain('tfjs-node: used as it is: a library is of another processor');
    await rm(join(root, 'cache'), { recursive: true });
    await rm(join(root, 'package'), { recursive: true });
    await mkdir(join(root, 'package'));
    await ensureNativeAddon(options([{ ...good, finish: () => Promise.resolve('improved') }]));
    expect(lines).toContain('tfjs-node: improved');
  });

  test('a damaged build in the cache is made again', async () => {
    await ensureNativeAddon(options([good]));
    const [entry = ''] = await cacheEntries();
    await writeFile(join(root, 'cache', entry, ADDON), 'damaged');
    await rm(join(root, 'package'), { recursive: true });
    await mkdir(join(root, 'package'));
    expect((await ensureNativeAddon(options([good]))).usable).toBe(true);
    expect(lines.join('\n')).toMatch(/does not load .*it is made again/);
    expect(await cacheEntries()).toHaveLength(1);
    expect(await probeAddon(join(root, 'package'))).toMatch(/^\d/);
  });

  test('an addon that somebody else installed is proved once and left alone; one that does not load is replaced', async () => {
    await good.make('tfjs-node', '', join(root, 'package'));
    expect((await ensureNativeAddon(options([failing]))).summary).toMatch(/found in node_modules$/);
    expect(JSON.parse(await readFile(join(root, 'package', 'lib', 'distill-native.json'), 'utf8'))).toHaveProperty(
      'tensorflow',
    );

    await rm(join(root, 'package', 'lib'), { recursive: true });
    await broken.make('tfjs-node', '', join(root, 'package'));
    expect((await ensureNativeAddon(options([good]))).summary).toMatch(/copied$/);
    expect(lines.join('\n')).toMatch(/in node_modules does not load/);
  });

  test('several processes at once end with one build', async () => {
    const states = await Promise.all([1, 2, 3].map(() => ensureNativeAddon(options([good]))));
    expect(states.map((state) => state.usable)).toEqual([true, true, true]);
    expect(await cacheEntries()).toHaveLength(1);
    expect(await probeAddon(join(root, 'package'))).toMatch(/^\d/);
  });
});
