import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openInBrowser } from './browser.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'distill-browser-'));
  vi.stubEnv('PATH', folder);
  // A program that takes long to start is not yet the browser itself.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function program(name: string, body: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`);
  await chmod(join(folder, name), 0o755);
}

it.each(['linux', 'darwin'] as const)('opens a page with what %s has for that', async (platform) => {
  const said = join(folder, 'said');
  await program(platform === 'darwin' ? 'open' : 'xdg-open', `echo "$@" > ${said}`);
  expect(await openInBrowser('/a page.html', platform)).toBe(true);
  expect(await readFile(said, 'utf8')).toBe('/a page.html\n');
});

it('tells that it cannot: there is no opener, or it finds no browser', async () => {
  expect(await openInBrowser('/page.html', 'linux')).toBe(false);
  await program('xdg-open', 'exit 3');
  expect(await openInBrowser('/page.html', 'linux')).toBe(false);
});
