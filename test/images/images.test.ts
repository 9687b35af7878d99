import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Buildah, ensureBuilder } from '../../tools/image/builder/buildah.ts';
import { buildImage, IMAGE_NAMES, type ImageName, makeBasesOf } from '../../tools/image/builder/build.ts';
import { buildLabels, DOCKERFILE_LABELS } from '../../tools/image/builder/labels.ts';
import { USER, type ImageKind } from '../../tools/image/contents.ts';
import { imageSbom } from '../../tools/image/stage.ts';

/** The images, built by every line of their Dockerfiles and started. In `npm run test:images`, since it takes minutes and root. */

const ROOT = join(import.meta.dirname, '../..');
const ORIGIN = { epoch: 1_700_000_000, revision: 'a'.repeat(40), source: 'https://example.com/sources' };
const IN_IMAGE = '/app/dist/sbom.cdx.json';

let folder: string;
let buildah: Buildah;
const built = new Map<ImageName, string>();
const build = (image: ImageName): Promise<string> =>
  buildImage(image, { buildah, root: ROOT, log: console.log }, ORIGIN);

beforeAll(async () => {
  // Where they cannot be had, this is the failure: nothing is skipped.
  ensureBuilder(console.log);
  folder = await mkdtemp(join(tmpdir(), 'distill-images-'));
  buildah = new Buildah(folder);
  await makeBasesOf(IMAGE_NAMES, { buildah, root: ROOT, log: console.log });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Config {
  readonly created: string;
  readonly config: { readonly User: string; readonly Entrypoint: string[]; readonly Labels: Record<string, string> };
  readonly rootfs: { readonly diff_ids: string[] };
}
const configOf = async (image: string): Promise<Config> => {
  const { OCIv1 } = JSON.parse(await buildah.run('inspect', '--type', 'image', image)) as { OCIv1: Config };
  return OCIv1;
};

describe.each<[ImageName, ImageKind]>([
  ['operator', 'operator'],
  ['worker-cpu', 'worker'],
  ['worker', 'worker'],
])('%s', (name, kind) => {
  beforeAll(async () => {
    const started = performance.now();
    built.set(name, await build(name));
    console.log(`${name}: built in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  });
  const inImage = (...command: string[]): Promise<string> => buildah.inImage(built.get(name) ?? '', ...command);

  it('starts its program as nobody', async () => {
    const { config } = await configOf(built.get(name) ?? '');
    expect(config.User).toBe(USER);
    expect(await inImage(...config.Entrypoint, '--help')).toMatch(/^usage/i);
    expect(await inImage('node', '-p', 'process.getuid() + ":" + process.getgid()')).toBe(USER);
  });

  it('is labelled by its Dockerfile and its build, and reads no clock', async () => {
    const { created, config } = await configOf(built.get(name) ?? '');
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    const ours = Object.keys(config.Labels).filter((label) => label !== 'io.buildah.version');
    expect(ours.sort()).toEqual([...DOCKERFILE_LABELS, ...Object.keys(buildLabels(ORIGIN))].sort());
    expect(config.Labels).toMatchObject({
      ...buildLabels(ORIGIN),
      'org.opencontainers.image.title': `distillation-${name}`,
      'org.opencontainers.image.version': version,
    });
    expect(Date.parse(created)).toBe(ORIGIN.epoch * 1000);
  });

  it('brings the bill of materials of what is in it', async () => {
    const bill = JSON.parse(await buildah.read(built.get(name) ?? '', IN_IMAGE)) as {
      components: { purl: string }[];
    };
    const { components } = await imageSbom(kind, ROOT);
    const fromNpm = (all: readonly { readonly purl?: string }[]): string[] =>
      all.flatMap(({ purl = '' }) => (purl.startsWith('pkg:npm/') ? [purl] : []));
    const here = fromNpm(components).map((purl) =>
      name === 'worker' ? purl.replace(/tfjs-node@/, 'tfjs-node-gpu@') : purl,
    );
    expect(fromNpm(bill.components).sort()).toEqual(here.sort());
    const native = bill.components.filter(({ purl }) => purl.startsWith('pkg:pypi/tensorflow@'));
    expect(native).toHaveLength(kind === 'worker' ? 1 : 0);
  });

  it('holds no npm', async () => {
    expect(await inImage('sh', '-c', 'ls /usr/local/bin /usr/local/lib')).not.toMatch(/npm|npx|node_modules/);
  });
});

// The one for GPUs computes on the processor where there is none: that its libraries load is what is seen here.
it.each<[ImageName, string]>([
  ['worker-cpu', 'tfjs-node'],
  ['worker', 'tfjs-node-gpu'],
])("%s computes by TensorFlow's native library, and has what the pod for files needs", async (name, library) => {
  const square = `const tf = require('/app/node_modules/@tensorflow/${library}');
    console.log(tf.getBackend(), tf.tensor([3]).square().dataSync()[0]);`;
  expect(await buildah.inImage(built.get(name) ?? '', 'node', '-e', square)).toMatch(/^tensorflow 9$/m);
  expect(await buildah.inImage(built.get(name) ?? '', 'sh', '-c', 'tar --version && sleep 0')).toMatch('tar');
});

it('built again from the same sources, the operator is the same image to the bit', async () => {
  const first = await buildah.run(
    'inspect',
    '--type',
    'image',
    '--format',
    '{{.FromImageID}}',
    built.get('operator') ?? '',
  );
  const again = await build('operator');
  expect(await buildah.run('inspect', '--type', 'image', '--format', '{{.FromImageID}}', again)).toBe(first);
});
