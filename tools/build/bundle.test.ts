import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { HELD_LOADER } from '../../test/support/programs.ts';
import { bundle, type BundleFile, PLACES, PROGRAMS, type ProgramName, writeBundle } from './bundle.ts';

const ROOT = join(import.meta.dirname, '../..');
const ALL = Object.keys(PROGRAMS) as ProgramName[];

let files: BundleFile[];
beforeAll(async () => {
  files = await bundle({ root: ROOT, programs: ALL });
});
const names = (): string[] => files.map(({ name }) => name);
const code = (bundled: readonly BundleFile[]): string => bundled.map(({ content }) => content.toString()).join('\n');

/** Sources of the programs, without tests. */
const sources = globSync('{packages/*,operator,worker,cli}/src/**/*.{ts,js}', { cwd: ROOT })
  .filter((path) => !/\.test\.ts$|\.d\.ts$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

test('what sources start or read by its place is in the bundle, beside the programs', () => {
  const placed = sources.flatMap(({ text }) => [...text.matchAll(PLACES)].map(([, path]) => path ?? './worker.ts'));
  expect(placed.length).toBeGreaterThanOrEqual(5);
  const expected = placed.map((path) => basename(path).replace(/\.ts$/, '.mjs'));
  expect(names()).toEqual(expect.arrayContaining([...expected, ...ALL.map((name) => `${name}.mjs`)]));
});

test('sources say where a file is in no other way', () => {
  const known = [PLACES, /createRequire\(import\.meta\.url\)/g];
  const unknown = sources.filter(({ text }) =>
    known.reduce((rest, form) => rest.replaceAll(form, ''), text).includes('import.meta'),
  );
  expect(unknown.map(({ path }) => path)).toEqual([]);
  expect(sources.filter(({ text }) => /\b__dirname\b|\b__filename\b/.test(text))).toEqual([]);
});

test('the same sources give the same bytes, whatever else is bundled with a program', async () => {
  expect(code(await bundle({ root: ROOT, programs: ALL }))).toBe(code(files));
  const alone = await bundle({ root: ROOT, programs: ['cli'] });
  // The CLI brings the worker along, and with it all that the worker starts.
  expect(alone.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['cli.mjs', 'worker.mjs', 'thread.mjs', 'loader-thread.mjs', 'unpack-wheel.py']),
  );
  expect([code(files), code(alone)].map((bundled) => bundled.includes('startOperator'))).toEqual([true, false]);
});

test('nothing of the tests is in it; a module can be replaced by one that uses it, in a program of the tests', async () => {
  for (const name of ['DISTILL_TEST', 'TEST_STEP_MS']) expect(code(files)).not.toContain(name);
  const held = code(await bundle({ root: ROOT, programs: ['worker'], instead: HELD_LOADER }));
  expect(held).toContain('TEST_STEP_MS');
  expect(held).toContain('loader-thread.mjs');
});

test('a program that names what is not there cannot be bundled', async () => {
  const loader = join(ROOT, 'worker/src/data/loading/loader.ts');
  const folder = await mkdtemp(join(tmpdir(), 'distill-bundle-'));
  try {
    const broken = join(folder, 'broken.ts');
    await writeFile(broken, "export { openLoader } from './nowhere.ts';\n");
    await expect(bundle({ root: ROOT, programs: ['worker'], instead: { [loader]: broken } })).rejects.toThrow(
      'nowhere.ts',
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the programs start from any folder with their packages in reach', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'distill-bundle-'));
  try {
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await writeBundle(files, folder);
    for (const name of ALL) {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(folder, `${name}.mjs`), '--help']);
      expect({ name, stdout, stderr }).toEqual({
        name,
        stdout: expect.stringMatching(/^usage/i) as string,
        stderr: '',
      });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
