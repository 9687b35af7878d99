import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** What commands load: on a cluster there is no TensorFlow to wait for, and none has to be installed. */

const MAIN = join(import.meta.dirname, '../main.ts');

/** Notes every module that is loaded, imported or required. */
const SPY = `
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
registerHooks({
  load(url, context, next) {
    appendFileSync(process.env.LOADED, url + '\\n');
    return next(url, context);
  },
});`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'distill-loads-'));
  await writeFile(join(folder, 'spy.mjs'), SPY);
  await writeFile(
    join(folder, 'config'),
    JSON.stringify({
      'current-context': 'here',
      clusters: [{ name: 'one', cluster: { server: 'http://127.0.0.1:1' } }],
      contexts: [{ name: 'here', context: { cluster: 'one', user: 'me' } }],
      users: [{ name: 'me', user: {} }],
    }),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The modules that a command loads until it ends, well or not. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const LOADED = join(folder, `loaded-${args.join('-').replaceAll('/', '_')}`);
  await writeFile(LOADED, '');
  const env = { ...process.env, LOADED, KUBECONFIG: join(folder, 'config') };
  const flags = ['--disable-warning=ExperimentalWarning', '--import', join(folder, 'spy.mjs')];
  await new Promise<void>((resolve) => {
    execFile(process.execPath, [...flags, MAIN, ...args], { env, cwd: folder }, () => {
      resolve();
    });
  });
  return (await readFile(LOADED, 'utf8')).split('\n').filter((url) => url !== '');
}

const OF_LOCAL_MODE = /\/cli\/src\/(local|doctor)\/|\/worker\/|\/packages\/(native-addon|ledger)\/|tfjs|onnxruntime/;

it.each([
  ['--help'],
  ['watch -f job.yaml'],
  ['doctor'],
  ['get'],
  ['logs job'],
  ['fetch job'],
  ['report job'],
  ['push -f job.yaml'],
  ['plan -f job.yaml'],
])('%s loads nothing of local mode', async (line) => {
  const loaded = await loadedBy(...line.split(' '));
  expect(loaded.length).toBeGreaterThan(10);
  expect(loaded.filter((url) => OF_LOCAL_MODE.test(url))).toEqual([]);
});

it('--local loads it', async () => {
  const loaded = await loadedBy('report', '--local', '-f', 'none.yaml');
  expect(loaded.filter((url) => OF_LOCAL_MODE.test(url)).length).toBeGreaterThan(5);
});
