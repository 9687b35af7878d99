import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { productionClosure } from './closure.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'distill-closure-'));
});
afterEach(() => rm(root, { recursive: true }));

/** Installs a package in a folder of the root. */
async function install(folder: string, name: string, dependencies: Readonly<Record<string, string>> = {}) {
  const place = join(root, folder, 'package.json');
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, JSON.stringify({ name, version: '1.0.0', dependencies }));
}

const paths = (): string[] => productionClosure({ root, workspace: 'program' }).map(({ path }) => path);

test('dependencies are followed as Node finds them', async () => {
  await install('program', 'program', { plain: '1' });
  await install('node_modules/plain', 'plain', { nested: '2' });
  await install('node_modules/nested', 'nested');
  await install('node_modules/plain/node_modules/nested', 'nested');
  expect(paths()).toEqual(['node_modules/plain', 'node_modules/plain/node_modules/nested']);
});

test('a bundled package must find what it imports where the bundle does', async () => {
  const name = '@kubernetes/client-node';
  await install('program', 'program', { [name]: '1' });
  await install(`node_modules/${name}`, name, { undici: '8', '@types/node': '26' });
  await install('node_modules/undici', 'undici');
  // Types are for nobody who runs it.
  await install(`node_modules/${name}/node_modules/@types/node`, '@types/node');
  expect(paths()).toContain('node_modules/undici');
  await install(`node_modules/${name}/node_modules/undici`, 'undici');
  expect(paths).toThrow(`${name} is in the bundle and needs node_modules/${name}/node_modules/undici`);
});

test('a package that only a workspace has is refused, and one that is not installed', async () => {
  await install('program', 'program', { plain: '1' });
  expect(paths).toThrow('plain, needed by program, is not installed: run `npm ci`');
  await install('program/node_modules/plain', 'plain');
  expect(paths).toThrow('program/node_modules/plain is not at the top');
});
