import { execFile } from 'node:child_process';
import { copyFile, link, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INSIDE } from '../build/bundle.ts';
import { IMAGE_KINDS, USER, entrypoint, isProductionFile, SBOM, type ImageKind } from './contents.ts';
import { DOCKERFILE_LABELS } from './builder/labels.ts';
import { closureOf, imageSbom, listImage, stageImage, type ImageFile } from './stage.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const text = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

/** Script in the program's folder that lists what the program names, as a module or by its place, and what of it is not found. */
const CHECK = `
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const NAMES = /(?:from|import|require(?:\\$\\d+)?)\\s*\\(?\\s*"([@\\w./:-]+)"|new URL\\("([^"]+)", import\\.meta\\.url\\)/g;
const FINDERS = {
  import: (name) => existsSync(new URL(import.meta.resolve(name))) || import.meta.resolve(name).startsWith('node:'),
  require: (name) => require.resolve(name) !== '',
};
const found = (name) =>
  Object.values(FINDERS).some((find) => {
    try {
      return find(name);
    } catch {
      return false;
    }
  });
const programs = readdirSync(new URL('.', import.meta.url)).filter((file) => file !== 'check.mjs');
const sources = programs.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'));
const all = sources.flatMap((source) => [...source.matchAll(NAMES)].map(([, module, place]) => module ?? './' + place));
const names = [...new Set(all)];
console.log(JSON.stringify({ names, lost: names.filter((name) => !found(name)) }));
`;

describe.each(IMAGE_KINDS)('the image of the %s', (kind: ImageKind) => {
  let folder: string;
  let files: ImageFile[];

  // Like `stageImage`, but with links instead of copies, since TensorFlow is large. A temporary folder has no other packages in reach.
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distill-image-'));
    files = await listImage(kind, ROOT);
    for (const { path, source, content, link: target } of files) {
      const place = join(folder, path);
      await mkdir(dirname(place), { recursive: true });
      if (target !== undefined) await symlink(target, place);
      else if (content !== undefined) await writeFile(place, content);
      else if (source !== undefined) await link(source, place).catch(() => copyFile(source, place));
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const node = (...args: readonly string[]): Promise<{ stdout: string; stderr: string }> =>
    run(process.execPath, args, { cwd: folder, env: {} });

  test('starts, and finds all that it names', async () => {
    const [, ...args] = entrypoint(kind);
    const { stdout, stderr } = await node(...args.map((arg) => arg.replace('/app/', '')), '--help');
    expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/^usage/i) as string, stderr: '' });
    await writeFile(join(folder, 'dist/check.mjs'), CHECK);
    const { names, lost } = JSON.parse((await node('dist/check.mjs')).stdout) as { names: string[]; lost: string[] };
    // Among them what is required and what is started.
    const seen = {
      operator: ['undici', 'ajv/dist/runtime/ucs2length'],
      worker: ['@tensorflow/tfjs', './thread.mjs', './loader-thread.mjs'],
    };
    expect(names).toEqual(expect.arrayContaining(seen[kind]));
    // Where there is none, the one without GPUs is taken.
    expect(lost.filter((name) => name !== '@tensorflow/tfjs-node-gpu')).toEqual([]);
  });

  test('has the versions of package-lock.json, and no sources', async () => {
    const lock = JSON.parse(await text('package-lock.json')) as { packages: Record<string, { version?: string }> };
    const packages = closureOf(kind, ROOT);
    expect(packages.length).toBeGreaterThan(10);
    for (const { path, version } of packages) expect(lock.packages[path]?.version, path).toBe(version);
    const ours = files.map(({ path }) => path).filter((path) => !path.startsWith('node_modules/'));
    const samples = ['group1-shard1of1.bin', 'model.json'].map(
      (name) => `samples/teachers/vgg16-quarter-cifar10/${name}`,
    );
    expect(ours.filter((path) => !/^dist\/[\w-]+\.mjs$/.test(path))).toEqual(kind === 'worker' ? samples : []);
  });

  test('is what its Dockerfiles build: they copy the staged folder, with the same user and entrypoint', async () => {
    const dockerfiles = kind === 'operator' ? ['operator/Dockerfile'] : ['worker/Dockerfile', 'worker/Dockerfile.cpu'];
    for (const path of dockerfiles) {
      const dockerfile = await text(join('images', path));
      expect(dockerfile).toContain(`tools/stage-image.ts ${kind} /app`);
      const final = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
      for (const part of ['node_modules', 'dist', ...(kind === 'worker' ? ['samples'] : [])])
        expect(final).toContain(`COPY --from=build /app/${part} /app/${part}\n`);
      for (const label of DOCKERFILE_LABELS) expect(final).toContain(`${label}="`);
      expect(final).toContain(`USER ${USER}\n`);
      const said = /^ENTRYPOINT (\[.*\])$/m.exec(final)?.[1] ?? '[]';
      expect(JSON.parse(said)).toEqual(entrypoint(kind));
      // Used by manifests/samples/files-pod.yaml.
      if (kind === 'worker') expect(final).toContain('RUN tar --version && sleep 0\n');
    }
  });
});

/** Digest of a folder as a layer: names, modes, times, links and contents, in the order of names. */
async function layerDigest(folder: string): Promise<string> {
  const script = 'tar --sort=name --numeric-owner -C "$1" -cf - . | sha256sum';
  return (await run('sh', ['-c', script, 'sh', folder])).stdout;
}

test('staged twice, an image is the same layer: contents, modes and times', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'distill-image-'));
  try {
    const places = [join(folder, 'a/app'), join(folder, 'b/app')];
    for (const place of places) await stageImage('operator', ROOT, place);
    const [first, second] = await Promise.all(places.map(layerDigest));
    expect(second).toBe(first);
    await utimes(join(places[1] ?? '', 'dist/operator.mjs'), 1, 1);
    expect(await layerDigest(places[1] ?? '')).not.toBe(first);
    const staged = JSON.parse(await readFile(join(places[0] ?? '', 'dist', SBOM), 'utf8')) as object;
    expect(staged).toEqual(await imageSbom('operator', ROOT));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each(IMAGE_KINDS)(
  'the bill of materials of the %s names each package that is in it, with licence and hash',
  async (kind) => {
    const { bomFormat, specVersion, metadata, components, dependencies, ...rest } = await imageSbom(kind, ROOT);
    expect({ bomFormat, specVersion, name: metadata.component.name }).toEqual({
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      name: `distillation-${kind}`,
    });
    const packages = closureOf(kind, ROOT).map(({ name, version }) => `${name}@${version}`);
    const fromNpm = components.filter(({ purl }) => purl?.startsWith('pkg:npm/') === true);
    expect(fromNpm.map((component) => component['bom-ref'])).toEqual([...new Set(packages)].sort());
    for (const component of fromNpm) expect(component).toMatchObject({ hashes: [{ alg: 'SHA-512' }] });
    // Its package.json names a file, LICENSE.txt.
    const noLicence = fromNpm.filter((component) => component['licenses'] === undefined).map(({ name }) => name);
    expect(noLicence.filter((name) => name !== 'h5wasm')).toEqual([]);
    const native = components.filter(({ purl }) => purl?.startsWith('pkg:pypi/tensorflow@') === true);
    expect(native).toHaveLength(kind === 'worker' ? 1 : 0);
    const known = new Set([metadata.component, ...components].map((component) => component['bom-ref']));
    for (const { ref, dependsOn = [] } of dependencies) {
      expect([ref, ...dependsOn].filter((name) => !known.has(name))).toEqual([]);
    }
    // No clock, no random number: the same contents have the same bill.
    expect(JSON.stringify([metadata, rest])).not.toMatch(/timestamp|serialNumber/);
  },
);

test("the operator's image holds no TensorFlow, the worker's no client of Kubernetes", async () => {
  const names = async (kind: ImageKind): Promise<string> =>
    (await listImage(kind, ROOT)).map(({ path }) => path).join('\n');
  const [operator, worker] = [await names('operator'), await names('worker')];
  expect(operator).toMatch(/@kubernetes\/client-node/);
  expect(operator).not.toMatch(/tensorflow|tfjs|sharp/i);
  expect(worker).toMatch(/@tensorflow\/tfjs-node/);
  expect(worker).not.toMatch(/@kubernetes|node-api-headers/);
});

test('types, source maps and the sources of the native addon are left out', () => {
  const files = ['dist/index.js', 'dist/index.d.ts', 'dist/index.js.map', 'LICENSE', 'node_modules/other/index.js'];
  expect(files.filter((path) => isProductionFile('some-package', path))).toEqual(['dist/index.js', 'LICENSE']);
  const native = ['deps/lib/libtensorflow.so', 'deps/include/tensorflow/c/c_api.h', 'binding/a.cc', 'dist/index.js'];
  expect(native.filter((path) => isProductionFile('@tensorflow/tfjs-node', path))).toEqual([
    'deps/lib/libtensorflow.so',
    'dist/index.js',
  ]);
});

test('of a package whose code is in the bundle, what it is and its licence', () => {
  const files = ['', 'package.json', 'LICENSE', 'license', 'dist/index.js', 'build/cjs/index.js', 'README.md'];
  const kept = ['', 'package.json', 'LICENSE', 'license'];
  for (const name of INSIDE) expect(files.filter((path) => isProductionFile(name, path))).toEqual(kept);
});

test('of ONNX Runtime the library of this platform alone', () => {
  const files = ['linux/x64', 'linux/arm64', 'win32/x64', 'darwin/arm64'].map(
    (at) => `bin/napi-v6/${at}/onnxruntime_binding.node`,
  );
  const kept = files.filter((path) => isProductionFile('onnxruntime-node', path));
  expect(kept).toEqual([`bin/napi-v6/linux/${process.arch}/onnxruntime_binding.node`]);
  for (const path of ['bin', 'bin/napi-v6', 'bin/napi-v6/linux', 'dist/index.js']) {
    expect(isProductionFile('onnxruntime-node', path), path).toBe(true);
  }
});
