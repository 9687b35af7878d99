import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import config, { ARROWS } from '../oxlint.config.ts';

/** What may import what: enforced by lint, by each package's `exports` and by its dependencies, all of which are tested here. */

const ROOT = join(import.meta.dirname, '..');
const packageName = (folder: string): string => folder.replace('packages/', '');

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly refused: boolean;
}

const from = (file: string, specifiers: readonly string[], refused: boolean): Import[] =>
  specifiers.map((specifier) => ({ file, specifier, refused }));

/** Imports that lint has to refuse, and others that it has to let pass. */
const IMPORTS: readonly Import[] = [
  ...Object.entries(ARROWS).flatMap(([folder, allowed]) => {
    const up = folder.startsWith('packages/') ? '../../..' : '../..';
    const outside = ['worker/src/main.ts', 'tools/test.ts', 'packages/api/test/corpus.ts'].map(
      (path) => `${up}/${path}`,
    );
    const insides = ['operator/src/main.ts', 'packages/core/src/random.ts'].map((path) => `${up}/${path}`);
    return [
      ...['src/some.ts', 'src/deep/some.ts', 'src/some.test.ts'].flatMap((file) =>
        Object.keys(ARROWS)
          .map(packageName)
          .flatMap((other) => from(`${folder}/${file}`, [`@distillation/${other}/errors`], !allowed.includes(other))),
      ),
      ...from(`${folder}/src/some.ts`, [...outside, '../test/job.ts'], true),
      ...from(`${folder}/src/some.ts`, ['./other.ts'], false),
      ...from(`${folder}/src/deep/some.ts`, ['../other/some.ts'], false),
      ...from(`${folder}/src/some.test.ts`, insides, true),
      ...from(`${folder}/src/some.test.ts`, ['../test/job.ts', `${up}/packages/api/test/corpus.ts`], false),
    ];
  }),
  // A package that ARROWS does not know.
  ...from('worker/src/some.ts', ['@distillation/unknown/errors'], true),
  ...from('worker/src/some.test.ts', ['../../packages/unknown/src/errors.ts'], true),
  // By a path that does not name the folder of the packages.
  ...from('packages/core/src/some.ts', ['../../api/src/errors.ts'], true),
  ...from('packages/core/src/some.test.ts', ['../../api/src/errors.ts'], true),
  ...from('packages/core/src/deep/some.test.ts', ['../../../api/test/testing.ts'], false),
  // Tools and tests of the whole use the shared packages by their exports alone.
  ...['tools/some.ts', 'test/local/some.test.ts', 'bench/some.ts'].flatMap((file) => [
    ...from(file, ['../../packages/api/src/errors.ts'], true),
    ...from(file, ['../../operator/src/options.ts'], false),
  ]),
];

interface Diagnostic {
  readonly filename: string;
  readonly code: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

/** What lint says of these files, as `file:line rule`: by the rules as they are, without the types, of which they have none. */
async function lint(files: ReadonlyMap<string, string>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'distill-lint-'));
  try {
    await writeFile(join(folder, '.oxlintrc.json'), JSON.stringify({ ...config, options: {} }));
    for (const [file, text] of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    const args = [join(ROOT, 'node_modules/oxlint/bin/oxlint'), '--format', 'json'];
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] };
    return diagnostics.map(({ filename, code, labels }) => `${filename}:${labels[0]?.span.line ?? 0} ${code}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('lint refuses imports that ARROWS does not allow and paths into other packages, and nothing else', async () => {
  const files = new Map<string, string>();
  const expected: string[] = [];
  for (const { file, specifier, refused } of IMPORTS) {
    const text = `${files.get(file) ?? ''}import '${specifier}';\n`;
    files.set(file, text);
    if (refused) expected.push(`${file}:${text.split('\n').length - 1} eslint(no-restricted-imports)`);
  }
  expect(new Set(await lint(files))).toEqual(new Set(expected));
});

test('lint refuses barrel files and chance', async () => {
  const files = [
    ['barrel.ts', "export * from './random.ts';\n"],
    ['random.ts', 'export const value = Math.random();\n'],
  ] as const;
  expect((await lint(new Map(files))).sort()).toEqual([
    'barrel.ts:1 oxc(no-barrel-file)',
    'random.ts:1 eslint(no-restricted-properties)',
  ]);
});

test('the page says what ARROWS says', () => {
  const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  for (const [folder, allowed] of Object.entries(ARROWS)) {
    const [, said = ''] = new RegExp(`^\\| \\[${folder}\\].*\\| ([^|]*) \\|$`, 'm').exec(page) ?? [];
    const others = Object.keys(ARROWS).map(packageName);
    const named = said.startsWith('all but ')
      ? others.filter((other) => other !== folder && other !== said.slice('all but '.length))
      : said.split(', ').filter((name) => name !== 'nothing of ours');
    expect(new Set(named), folder).toEqual(new Set(allowed));
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
