import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nativeCacheFolder } from '@distillation/native-addon/install';
import { USER, entrypoint, type ImageKind } from '../image/contents.ts';
import { listImage, type ImageFile } from '../image/stage.ts';
import { tar, type TarEntry } from './tar.ts';

const run = promisify(execFile);

/** An image that is not written yet; `archive` produces it any number of times, always with the same bytes. */
export interface ClusterImage {
  /** Names for pods; the first one is used by tests. */
  readonly names: readonly string[];
  /** SHA-256 of its configuration, which contains those of its layers. */
  readonly digest: string;
  /** Digests of its layers, the lowest first. */
  readonly layers: readonly string[];
  /** An image of the layers that seldom change, if there are any; nodes keep it between runs. */
  readonly base?: ClusterImage;
  /** An OCI image layout for `ctr images import`; layers that the node already has may be left out. */
  readonly archive: (without?: ReadonlySet<string>) => AsyncGenerator<Uint8Array>;
}

/** Image of the pod sandboxes, configured in the nodes' containerd. */
export const PAUSE_IMAGE = 'localhost/pause:test';

/** A program that is not quite the usual one, for tests. */
export interface Variation {
  /** Tag of its image, where the usual one has `test`. */
  readonly tag: string;
  /** Modules that stand in for others, by absolute paths. */
  readonly instead: Readonly<Record<string, string>>;
}

/** An image's name in tests, used with `imagePullPolicy: Never`, and the full one of this repository's manifests. */
export async function namesOf(kind: ImageKind, root: string): Promise<string[]> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return [`localhost/${kind}:test`, `docker.io/library/distillation-${kind}:${version}`];
}

/**
 * The operator's or the worker's image: the files that the Dockerfiles put into theirs (`listImage`), on a base made from this machine's
 * Node and the C libraries that Node and the addons are linked to.
 * @param root the repository's root, after `npm ci` and `npm run setup`
 */
export async function programImage(kind: ImageKind, root: string, variation?: Variation): Promise<ClusterImage> {
  const files = await listImage(kind, root, variation?.instead);
  const isPackage = ({ path }: ImageFile): boolean => path.startsWith('node_modules/');
  const app = (file: ImageFile): TarEntry => ({
    path: join('app', file.path),
    mode: file.executable === true ? 0o755 : 0o644,
    content: file.content ?? (file.link === undefined ? { file: file.source ?? '' } : { link: file.link }),
  });
  // The layers that change most come last, so that the digests of the others stay.
  const layers = [
    await systemLayer(root, files),
    files.filter(isPackage).map(app),
    files.filter((file) => !isPackage(file)).map(app),
  ];
  const measured = await measureAll(layers);
  const names = variation === undefined ? await namesOf(kind, root) : [`localhost/${kind}:${variation.tag}`];
  return {
    ...image(names, measured, {
      Entrypoint: entrypoint(kind),
      User: USER,
      WorkingDir: '/app',
    }),
    base: image([`localhost/${kind}-base:test`], measured.slice(0, 2), {}),
  };
}

/** The image of a pod's sandbox: a static program that waits and reaps zombie processes. */
export async function pauseImage(): Promise<ClusterImage> {
  const folder = await mkdtemp(join(tmpdir(), 'distill-pause-'));
  try {
    const program = join(folder, 'pause');
    await run('gcc', ['-static', '-Os', '-s', '-o', program, join(import.meta.dirname, 'pause.c')]);
    const content = await readFile(program);
    const layers = await measureAll([[{ path: 'pause', mode: 0o755, content }]]);
    return image([PAUSE_IMAGE], layers, { Entrypoint: ['/pause'] });
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface RuntimeConfig {
  readonly Entrypoint?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
}

interface Layer {
  readonly digest: string;
  readonly size: number;
  readonly read: () => AsyncGenerator<Uint8Array>;
}

/** Assembles layers and configuration by the OCI image specification. */
function image(names: readonly string[], layers: readonly Layer[], runtime: RuntimeConfig): ClusterImage {
  const config = blob({
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: { ...runtime, Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'] },
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => `sha256:${digest}`) },
  });
  const manifest = blob({
    schemaVersion: 2,
    mediaType: `${OCI}.manifest.v1+json`,
    config: descriptor(config, `${OCI}.config.v1+json`),
    layers: layers.map((layer) => descriptor(layer, `${OCI}.layer.v1.tar`)),
  });
  const index = blob({
    schemaVersion: 2,
    manifests: names.map((name) => ({
      ...descriptor(manifest, `${OCI}.manifest.v1+json`),
      annotations: { 'io.containerd.image.name': name },
    })),
  });
  const place = (digest: string): string => `blobs/sha256/${digest}`;
  return {
    names,
    digest: config.digest,
    layers: layers.map(({ digest }) => digest),
    archive: (without = new Set()) =>
      tar([
        { path: 'oci-layout', content: Buffer.from('{"imageLayoutVersion":"1.0.0"}') },
        { path: 'index.json', content: index.content },
        { path: place(manifest.digest), content: manifest.content },
        { path: place(config.digest), content: config.content },
        ...layers
          .filter(({ digest }) => !without.has(digest))
          .map((layer) => ({ path: place(layer.digest), content: layer })),
      ]),
  };
}

const OCI = 'application/vnd.oci.image';

function blob(value: object): { content: Buffer; digest: string; size: number } {
  const content = Buffer.from(JSON.stringify(value));
  return { content, digest: createHash('sha256').update(content).digest('hex'), size: content.length };
}

function descriptor({ digest, size }: { digest: string; size: number }, mediaType: string): object {
  return { mediaType, digest: `sha256:${digest}`, size };
}

/** Computes the layers' digests. They are cached as long as the layers' files do not change. */
async function measureAll(layers: readonly (readonly TarEntry[])[]): Promise<Layer[]> {
  const folder = join(nativeCacheFolder(), '..', 'images', 'digests');
  await mkdir(folder, { recursive: true });
  return Promise.all(
    layers.map(async (entries) => {
      const file = join(folder, await fingerprint(entries));
      const known = await readFile(file, 'utf8').catch(() => undefined);
      const measured = known === undefined ? await measure(tar(entries)) : (JSON.parse(known) as Measure);
      if (known === undefined) {
        await writeFile(`${file}.${process.pid}`, JSON.stringify(measured));
        await rename(`${file}.${process.pid}`, file);
      }
      return { ...measured, read: () => tar(entries) };
    }),
  );
}

interface Measure {
  readonly digest: string;
  readonly size: number;
}

async function measure(chunks: AsyncIterable<Uint8Array>): Promise<Measure> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { digest: hash.digest('hex'), size };
}

/** Fingerprint of entries: small contents themselves, files by name, size and modification time. */
async function fingerprint(entries: readonly TarEntry[]): Promise<string> {
  // The number goes up where the same entries make other archives.
  const hash = createHash('sha256').update('2');
  for (const { path, mode, content } of entries) {
    hash.update(JSON.stringify([path, mode ?? null]));
    if (content instanceof Uint8Array) hash.update(content);
    else if (typeof content === 'object' && 'file' in content) {
      const { size, mtimeMs } = await stat(content.file);
      hash.update(JSON.stringify([content.file, size, mtimeMs]));
    } else hash.update(JSON.stringify(content));
  }
  return hash.digest('hex');
}

/** Programs that images based on Debian have as well, with which people copy files to a volume and look at them. */
const UTILITIES = ['sh', 'tar', 'sleep', 'ls'].map((name) => `/usr/bin/${name}`);

const NOBODY = 'nonroot:x:65532:65532:nonroot:/:/sbin/nologin\n';

/** Everything outside `/app`: Node, shared libraries, a shell and `tar`, users, and the folders that programs expect. */
async function systemLayer(root: string, files: readonly ImageFile[]): Promise<TarEntry[]> {
  const node = await realpath(join(root, 'node_modules', '.bin', 'node'));
  const binaries = [
    node,
    ...UTILITIES,
    ...files.flatMap(({ path, source }) => (/\.(node|so[.\d]*)$/.test(path) ? (source ?? []) : [])),
  ];
  const libraries = new Set<string>();
  for (const binary of binaries) for (const library of await librariesOf(binary)) libraries.add(library);
  return [
    { path: 'tmp', mode: 0o1777, content: 'folder' },
    { path: 'etc/passwd', content: Buffer.from(`root:x:0:0:root:/:/sbin/nologin\n${NOBODY}`) },
    { path: 'etc/group', content: Buffer.from('root:x:0:\nnonroot:x:65532:\n') },
    { path: 'usr/local/bin/node', mode: 0o755, content: { file: node } },
    ...(await Promise.all(
      UTILITIES.map(async (path): Promise<TarEntry> => ({
        path: path.slice(1),
        mode: 0o755,
        content: { file: await realpath(path) },
      })),
    )),
    { path: 'bin/sh', content: { link: '/usr/bin/sh' } },
    ...[...libraries].sort().map((path): TarEntry => ({ path: path.slice(1), mode: 0o755, content: { file: path } })),
  ];
}

/** The machine's libraries that a binary loads, by `ldd`, without those in its own folder. */
async function librariesOf(binary: string): Promise<string[]> {
  const { stdout } = await run('ldd', [binary]).catch(() => ({ stdout: '' }));
  const paths = [...stdout.matchAll(/(?:=> |^\t)(\/\S+) \(0x/gm)].map(([, path]) => path ?? '');
  return paths.filter((path) => /^\/(usr\/)?lib/.test(path));
}
