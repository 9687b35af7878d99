import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { readNpmSettings } from './npm-settings.ts';

it('takes the registry from npm’s configuration', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'npm-'));
  try {
    await writeFile(join(folder, '.npmrc'), 'registry=http://npm.example/mirror\n');
    vi.stubEnv('npm_config_userconfig', join(folder, '.npmrc'));
    expect((await readNpmSettings()).registry).toBe('http://npm.example/mirror/');
  } finally {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  }
});
