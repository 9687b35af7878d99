import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint, Linter } from 'eslint';
import { describe, expect, test } from 'vitest';
import { ARROWS } from '../eslint.config.js';

/** What may import what: enforced by lint, by each package's `exports` and by its dependencies, all of which are tested here. */

const ROOT = join(import.meta.dirname, '..');
const eslint = new ESLint({ cwd: ROOT });

/** Lint errors for this import in this file. */
async function complaints(file: string, specifier: string): Promise<string[]> {
  const config = (await eslint.calculateConfigForFile(join(ROOT, file))) as Linter.Config;
  const rule = config.rules?.['no-restricted-imports'];
  if (rule === undefined) throw new Error(`no rule on imports for ${file}`);
  const found = new Linter().verify(`import '${specifier}';`, { rules: { 'no-restricted-imports': rule } });
  return found.map(({ ruleId }) => ruleId ?? 'a parser error');
}

const REFUSED = ['no-restricted-imports'];
const packageName = (folder: string): string => folder.replace('packages/', '');

describe.each(Object.entries(ARROWS))('%s', (folder, allowed) => {
  test('may import only what ARROWS allows', async () => {
    for (const other of [...Object.keys(ARROWS).map(packageName)]) {
      const expected = (allowed as string[]).includes(other) ? [] : REFUSED;
      for (const file of [`${folder}/src/some.ts`, `${folder}/src/deep/some.ts`, `${folder}/src/some.test.ts`])
        expect(await complaints(file, `@distillation/${other}/errors`), `${file} importing ${other}`).toEqual(expected);
    }
  });

  test('sources import nothing outside their package by path, tests no internals of others', async () => {
    const up = folder.startsWith('packages/') ? '../../..' : '../..';
    for (const path of [
      `${up}/worker/src/main.ts`,
      `${up}/tools/test.ts`,
      '../test/job.ts',
      `${up}/packages/api/test/corpus.ts`,
    ])
      expect(await complaints(`${folder}/src/some.ts`, path), path).toEqual(REFUSED);
    expect(await complaints(`${folder}/src/some.ts`, './other.ts')).toEqual([]);
    expect(await complaints(`${folder}/src/deep/some.ts`, '../other/some.ts')).toEqual([]);
    for (const path of [`${up}/operator/src/main.ts`, `${up}/packages/core/src/random.ts`])
      expect(await complaints(`${folder}/src/some.test.ts`, path), path).toEqual(REFUSED);
    expect(await complaints(`${folder}/src/some.test.ts`, '../test/job.ts')).toEqual([]);
    expect(await complaints(`${folder}/src/some.test.ts`, `${up}/packages/api/test/corpus.ts`)).toEqual([]);
  });
});

test('packages do not import each other by relative paths', async () => {
  expect(await complaints('packages/core/src/some.ts', '../../api/src/errors.ts')).toEqual(REFUSED);
  expect(await complaints('packages/core/src/some.test.ts', '../../api/src/errors.ts')).toEqual(REFUSED);
  expect(await complaints('packages/core/src/deep/some.test.ts', '../../../api/test/testing.ts')).toEqual([]);
});

test('tools and whole-system tests use the shared packages only by their exports', async () => {
  for (const file of ['tools/some.ts', 'test/local/some.test.ts', 'bench/some.ts']) {
    expect(await complaints(file, '../../packages/api/src/errors.ts')).toEqual(REFUSED);
    expect(await complaints(file, '../../operator/src/options.ts')).toEqual([]);
  }
});

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const manifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;

/** Full specifiers that the sources of a package import. */
function importsOf(pattern: string): Set<string> {
  const found = new Set<string>();
  for (const file of globSync(pattern, { cwd: ROOT, exclude: ['**/node_modules/**'] })) {
    const text = readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
    for (const [, name = ''] of text.matchAll(/(?:from|import|resolve|require)\s*\(?\s*'([@\w./-]+)'/g))
      found.add(name);
  }
  return found;
}

const nameOf = (specifier: string): string => /^(@[^/]+\/[^/]+|[^/]+)/.exec(specifier)?.[0] ?? specifier;

describe.each(Object.entries(ARROWS))('package.json of %s', (folder, allowed) => {
  const production = [...importsOf(`${folder}/{src,bin}/**/!(*.test).{ts,js}`)];
  const needed = production.map(nameOf).filter((name) => !name.startsWith('.') && !name.startsWith('node:'));

  test('names every package that its sources import, and no other', () => {
    const declared = Object.keys(manifest(folder).dependencies ?? {});
    // Loaded by path, since they are optional: the native addon's packages, and headers to compile it.
    const unseen = ['onnxruntime-node', '@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu', 'node-api-headers'];
    expect(new Set([...needed].filter((name) => !unseen.includes(name)))).toEqual(
      new Set(declared.filter((name) => !unseen.includes(name))),
    );
  });

  // With the test before this holds for `import()` as well, which lint does not see.
  test('depends on just those of ours that ARROWS allows, and nothing reaches another by a path', () => {
    const declared = Object.keys(manifest(folder).dependencies ?? {}).filter((name) =>
      name.startsWith('@distillation/'),
    );
    expect(new Set(declared)).toEqual(new Set(allowed.map((name) => `@distillation/${name}`)));
    expect(production.filter((name) => /^\.\.?\/(.*\/)?(src|test|tools|bench)\//.test(name))).toEqual([]);
  });

  test('exports what others import, file by file', () => {
    const { name, exports = {} } = manifest(folder);
    expect(Object.keys(exports).filter((key) => key.includes('*'))).toEqual([]);
    const outside = importsOf(
      `{${Object.keys(ARROWS)
        .filter((other) => other !== folder)
        .join(',')},tools,test,bench}/**/*.{ts,js}`,
    );
    const unused = Object.keys(exports).filter((key) => !outside.has(name + key.slice(1)));
    expect(unused).toEqual([]);
  });
});
