import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readNpmSettings } from './npm-settings.ts';
import { findTarball } from './registry.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'npm-'));
  vi.stubEnv('npm_config_userconfig', join(folder, '.npmrc'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

it('takes the registry from npm’s configuration', async () => {
  await writeFile(join(folder, '.npmrc'), 'registry=http://npm.example/mirror\n');
  expect((await readNpmSettings()).registry).toBe('http://npm.example/mirror/');
});

it('goes through npm’s proxy', async () => {
  const asked: string[] = [];
  const dist = { tarball: 'http://npm.example/tiny.tgz', integrity: 'sha512-x' };
  const proxy = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(JSON.stringify({ versions: { '1.0.0': { dist } } }));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = proxy.address() as AddressInfo;
    const lines = ['registry=http://npm.example/', `proxy=http://127.0.0.1:${port}/`, 'noproxy='];
    await writeFile(join(folder, '.npmrc'), lines.join('\n'));
    const settings = await readNpmSettings();
    expect(await findTarball(settings, 'tiny', '1.0.0')).toStrictEqual({
      urls: ['http://npm.example/tiny.tgz'],
      integrity: 'sha512-x',
    });
    expect(asked).toStrictEqual(['http://npm.example/tiny']);
  } finally {
    await new Promise((resolve) => proxy.close(resolve));
  }
});
