import { execFile } from 'node:child_process';
import { copyFile, link, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IMAGE_KINDS, USER, entrypoint, isProductionFile, isProductionSource, type ImageKind } from './contents.ts';
import { closureOf, listImage, type ImageFile } from './stage.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const text = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

/** Script that lists all unresolved imports of the staged sources, after stripping types. */
const CHECK = `
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
const lost = [];
for (const file of globSync('{packages/*,operator,worker}/src/**/*.ts')) {
  const from = pathToFileURL(file).href;
  const source = readFileSync(file, 'utf8').replace(/^(import|export) type [^;]*;/gm, '');
  const named = [...source.matchAll(/(?:^|[^.\\w])(?:from|import)\\s*\\(?\\s*'([^'\\s,]+)'/g)].map(([, name]) => name);
  const threads = [...source.matchAll(/new URL\\('(\\.[^']+\\.ts)', import\\.meta\\.url\\)/g)].map(([, name]) => name);
  for (const name of [...named, ...threads]) {
    try {
      const found = import.meta.resolve(name, from);
      if (found.startsWith('file:') && !existsSync(fileURLToPath(found))) throw new Error('there is no such file');
    } catch (error) {
      lost.push(file + ': ' + name + ': ' + error.message);
    }
  }
}
console.log(JSON.stringify(lost));
`;

describe.each(IMAGE_KINDS)('the image of the %s', (kind: ImageKind) => {
  let folder: string;
  let files: ImageFile[];

  // Like `stageImage`, but with links instead of copies, since TensorFlow is large. A temporary folder has no other packages in reach.
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distill-image-'));
    files = await listImage(kind, ROOT);
    for (const { path, source, link: target } of files) {
      const place = join(folder, path);
      await mkdir(dirname(place), { recursive: true });
      if (target !== undefined) await symlink(target, place);
      else if (source !== undefined) await link(source, place).catch(() => copyFile(source, place));
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const node = (...args: readonly string[]): Promise<{ stdout: string }> =>
    run(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], { cwd: folder, env: {} });

  test('starts, and all its imports can be resolved', async () => {
    const [, ...args] = entrypoint(kind);
    expect((await node(...args.map((arg) => arg.replace('/app/', '')), '--help')).stdout).toMatch(/^usage/i);
    await writeFile(join(folder, 'check.mjs'), CHECK);
    const { stdout } = await node('--experimental-import-meta-resolve', 'check.mjs');
    expect(JSON.parse(stdout)).toEqual([]);
  });

  test('has the versions of package-lock.json, and no files of tests', async () => {
    const lock = JSON.parse(await text('package-lock.json')) as { packages: Record<string, { version?: string }> };
    const { packages } = closureOf(kind, ROOT);
    expect(packages.length).toBeGreaterThan(10);
    for (const { path, version } of packages) expect(lock.packages[path]?.version, path).toBe(version);
    const ours = files.map(({ path }) => path).filter((path) => !path.startsWith('node_modules/'));
    expect(ours.filter((path) => /\.test\.ts$|\/test\/|testing|fixture|corpus/.test(path))).toEqual([]);
    expect(ours).toContain(`${kind}/src/main.ts`);
  });

  test('is what its Dockerfiles build: they copy the staged folder, with the same user and entrypoint', async () => {
    const dockerfiles = kind === 'operator' ? ['operator/Dockerfile'] : ['worker/Dockerfile', 'worker/Dockerfile.cpu'];
    for (const path of dockerfiles) {
      const dockerfile = await text(join('images', path));
      expect(dockerfile).toContain(`tools/stage-image.ts ${kind} /app`);
      const final = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
      expect(final).toContain('COPY --from=build /app /app');
      expect(final).toContain(`USER ${USER}\n`);
      const said = /^ENTRYPOINT (\[.*\])$/m.exec(final)?.[1] ?? '[]';
      expect(JSON.parse(said)).toEqual(entrypoint(kind));
      // Used by manifests/samples/files-pod.yaml.
      if (kind === 'worker') expect(final).toContain('RUN tar --version && sleep 0\n');
    }
  });
});

/** Modules that a source names: imports, and the threads and processes that it starts. */
const NAMED = /(?:from|import)\s*\(?\s*'([^']+)'|new URL\(\s*'(\.[^']+\.ts)'/g;

/** File of a module of one of our packages, by the package's `exports`; relative to the project. */
async function exportedModule(name: string): Promise<string | undefined> {
  const [, workspace, module] = /^@distillation\/([\w-]+)\/(.+)$/.exec(name) ?? [];
  if (workspace === undefined || module === undefined) return undefined;
  const folder = workspace === 'operator' || workspace === 'worker' ? workspace : `packages/${workspace}`;
  const { exports } = JSON.parse(await text(`${folder}/package.json`)) as { exports: Record<string, string> };
  return join(folder, exports[`./${module}`] ?? `no export ${name}`);
}

/** The sources of our workspaces that these files need, including themselves; paths relative to the project. */
async function reachedFrom(roots: readonly string[]): Promise<Set<string>> {
  const reached = new Set<string>();
  const todo = [...roots];
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    for (const [, imported, started] of (await text(path)).matchAll(NAMED)) {
      const name = imported ?? started ?? '';
      const found = name.startsWith('.') ? join(path, '..', name) : await exportedModule(name);
      if (found !== undefined && /\.[tj]s$/.test(found)) todo.push(found);
    }
  }
  return reached;
}

test('every source in an image is needed by a program: nothing that only tests use is shipped', async () => {
  const programs = ['operator/src/main.ts', 'worker/src/main.ts', 'cli/src/main.ts', 'tools/generate.ts'];
  const needed = await reachedFrom(programs);
  expect(needed.size).toBeGreaterThan(200);
  for (const kind of IMAGE_KINDS) {
    const ours = (await listImage(kind, ROOT))
      .map(({ path }) => path)
      .filter((path) => /^(packages\/)?[\w-]+\/src\/.*\.ts$/.test(path));
    expect(ours.filter((path) => !needed.has(path))).toEqual([]);
  }
});

test("the operator's image holds no TensorFlow, the worker's no client of Kubernetes", async () => {
  const names = async (kind: ImageKind): Promise<string> =>
    (await listImage(kind, ROOT)).map(({ path }) => path).join('\n');
  const [operator, worker] = [await names('operator'), await names('worker')];
  expect(operator).toMatch(/@kubernetes\/client-node/);
  expect(operator).not.toMatch(/tensorflow|tfjs|sharp/i);
  expect(worker).toMatch(/@tensorflow\/tfjs-node/);
  expect(worker).not.toMatch(/@kubernetes|node-api-headers/);
});

test('tests and their data, types, source maps and the sources of the native addon are left out', () => {
  const sources = [
    'package.json',
    'src/plan.ts',
    'src/plan.test.ts',
    'test/plan.ts',
    'test/fixtures/a.json',
    'README.md',
  ];
  expect(sources.filter(isProductionSource)).toEqual(['package.json', 'src/plan.ts']);
  const files = ['dist/index.js', 'dist/index.d.ts', 'dist/index.js.map', 'LICENSE', 'node_modules/other/index.js'];
  expect(files.filter((path) => isProductionFile('some-package', path))).toEqual(['dist/index.js', 'LICENSE']);
  const native = ['deps/lib/libtensorflow.so', 'deps/include/tensorflow/c/c_api.h', 'binding/a.cc', 'dist/index.js'];
  expect(native.filter((path) => isProductionFile('@tensorflow/tfjs-node', path))).toEqual([
    'deps/lib/libtensorflow.so',
    'dist/index.js',
  ]);
});
