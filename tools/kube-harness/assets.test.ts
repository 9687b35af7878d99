import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findTools, type Source, type ToolOptions } from './assets.ts';
import { newestPatch } from './assets/official.ts';

let root: string;
let cacheFolder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'distill-assets-'));
  cacheFolder = join(root, 'cache');
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const options = (...sources: readonly Source[]): ToolOptions => ({ cacheFolder, env: {}, sources });
/** A source that makes the wanted ones of `tools`, with its own name as content. */
const source = (name: string, tools: readonly string[], made: string[] = []): Source => {
  return async (wanted, folder) => {
    for (const tool of wanted.filter((one) => tools.includes(one))) {
      await writeFile(join(folder, tool), name);
      made.push(tool);
    }
  };
};
const failing: Source = () => Promise.reject(new Error('the network ends here'));
const contents = (tools: Record<string, string>): Promise<string[]> =>
  Promise.all(Object.values(tools).map((path) => readFile(path, 'utf8')));

test('each source provides what it has, the next one the rest, and another run takes both from the cache', async () => {
  const [first, second] = [source('first', ['etcd', 'kubectl']), source('second', ['etcd', 'kubelet', 'helm'])];
  const tools = await findTools(['etcd', 'kubelet'], options(failing, first, second));
  expect(await contents(tools)).toEqual(['first', 'second']);
  expect((await readdir(cacheFolder)).sort()).toEqual(['etcd', 'kubelet']);
  expect(await findTools(['etcd', 'kubelet'], options(failing))).toEqual(tools);
});

test('KUBEBUILDER_ASSETS takes precedence over the cache; what it lacks comes from elsewhere', async () => {
  await findTools(['etcd'], options(source('made', ['etcd'])));
  const assets = join(root, 'assets');
  await mkdir(assets);
  await writeFile(join(assets, 'etcd'), 'the user has it');
  const tools = await findTools(['etcd', 'helm'], {
    ...options(source('made', ['helm'])),
    env: { KUBEBUILDER_ASSETS: assets },
  });
  expect(await contents(tools)).toEqual(['the user has it', 'made']);
});

test('a tool that no source has is named, with the reason of every source and the way out; what was made is kept', async () => {
  const half: Source = async (wanted, folder, context) => {
    await source('half', ['etcd'])(wanted, folder, context);
    throw new Error('the disk is full');
  };
  await expect(findTools(['etcd', 'kubelet'], options(failing, half))).rejects.toThrow(
    /^kubelet cannot be had here:\n {2}the network ends here\n {2}the disk is full\nInstall Go 1\.24/,
  );
  expect(await readdir(cacheFolder)).toEqual(['etcd']);
});

test('of many concurrent callers one makes the tools', async () => {
  const made: string[] = [];
  await Promise.all(Array.from({ length: 5 }, () => findTools(['helm'], options(source('once', ['helm'], made)))));
  expect(made).toEqual(['helm']);
  expect(await readdir(cacheFolder)).toEqual(['helm']);
});

test('the lock and folder of a killed process are removed', async () => {
  await mkdir(join(cacheFolder, '.making-killed'), { recursive: true });
  const { pid } = spawnSync('true');
  await writeFile(join(cacheFolder, '.lock'), JSON.stringify({ pid, started: 'long ago' }));
  const { helm } = await findTools(['helm'], options(source('after', ['helm'])));
  expect(await readFile(helm, 'utf8')).toBe('after');
  expect(await readdir(cacheFolder)).toEqual(['helm']);
});

test('the cache of another version or another go.sum is another folder', async () => {
  const env = { XDG_CACHE_HOME: root };
  const { etcd } = await findTools(['etcd'], { env, sources: [source('made', ['etcd'])] });
  expect(etcd).toMatch(
    new RegExp(
      `^${root}/distillation-operator/kube-1\\.\\d+\\.\\d+-${process.platform}-${process.arch}-[0-9a-f]{12}/etcd$`,
    ),
  );
});

test('the newest patch of a minor version, by number, without pre-releases', () => {
  expect(newestPatch(['v1.34.9', 'v1.34.10', 'v1.34.11-rc.1', 'v1.35.0', 'v1.3.40'], '1.34.4')).toBe('v1.34.10');
  expect(newestPatch(['v1.33.0'], '1.34.4')).toBeUndefined();
});
