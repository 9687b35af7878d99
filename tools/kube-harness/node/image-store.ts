import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { nativeCacheFolder } from '@distillation/native-addon/install';
import { withLock } from '../assets/lock.ts';
import type { ClusterImage } from '../images.ts';
import { openOwned } from '../owned.ts';
import { until } from '../access/until.ts';
import { OPTIONAL_PLUGINS } from './config.ts';

const run = promisify(execFile);

/** Arguments for `ctr` to use a node's containerd, in the namespace of Kubernetes. */
function ctrArguments(socket: string): string[] {
  return ['--address', socket, '--namespace', 'k8s.io'];
}

/** Whether containerd answers on that socket. */
export async function containerdAnswers(socket: string): Promise<boolean> {
  return run('ctr', [...ctrArguments(socket), 'version']).then(
    () => true,
    () => false,
  );
}

/** @param known digests of layers that the node has. @throws Error with the message of `ctr` */
export async function importImage(socket: string, image: ClusterImage, known: ReadonlySet<string>): Promise<void> {
  const ctr = spawn('ctr', [...ctrArguments(socket), 'images', 'import', '-'], { stdio: ['pipe', 'ignore', 'pipe'] });
  let complaint = '';
  ctr.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const ended = new Promise<number | null>((resolve) => ctr.once('close', resolve));
  await pipeline(Readable.from(image.archive(known)), ctr.stdin).catch((thrown: unknown) => {
    complaint += String(thrown);
  });
  if ((await ended) !== 0) throw new Error(`${image.names.join(', ')} cannot be imported: ${complaint}`);
}

/** Initial content of a new node's containerd: the unpacked base images. */
export interface ImageStore {
  /** Digests of the layers in it. */
  readonly layers: ReadonlySet<string>;
  /** Copies it as the `root` of a node's containerd. Files are shared by hard links, since nobody writes to them. */
  readonly copyTo: (root: string) => Promise<void>;
}

const DAY = 24 * 3600 * 1000;

/**
 * The store for these images from the project's cache, made by a temporary containerd if missing: a gigabyte takes 20 s to unpack and a
 * second to link.
 */
export async function imageStore(images: readonly ClusterImage[], log: (line: string) => void): Promise<ImageStore> {
  const bases = [
    ...new Map(images.map(({ base, ...image }) => base ?? image).map((one) => [one.digest, one])).values(),
  ];
  const key = createHash('sha256')
    .update(JSON.stringify(bases.map(({ digest }) => digest)))
    .digest('hex')
    .slice(0, 16);
  const folder = join(nativeCacheFolder(), '..', 'images');
  const store = join(folder, key);
  await mkdir(folder, { recursive: true });
  const waiting = (): void => {
    log('the images are being unpacked: waiting for that');
  };
  const made = async (): Promise<void> => {
    if (existsSync(store)) return;
    log('unpacking the images into the cache');
    await removeOld(folder);
    const work = await mkdtemp(join(folder, '.making-'));
    try {
      await unpack(bases, join(work, 'root'));
      await rename(join(work, 'root'), store);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  };
  if (!existsSync(store)) await withLock(join(folder, '.lock'), waiting, made);
  return {
    layers: new Set(bases.flatMap(({ layers }) => layers)),
    copyTo: async (root) => {
      const copy = async (how: string): Promise<void> => {
        await rm(root, { recursive: true, force: true });
        await run('cp', [how, store, root]);
      };
      // Hard links do not work across file systems.
      await copy('-al').catch(() => copy('-a'));
      // The databases are written to, so they must not be shared.
      for (const path of await readdir(root, { recursive: true })) {
        if (!path.endsWith('.db') || path.includes('/snapshots/')) continue;
        await run('cp', ['-a', '--remove-destination', join(store, path), join(root, path)]);
      }
    },
  };
}

/** Unpacks images with a temporary containerd, in a mount namespace of its own. */
async function unpack(images: readonly ClusterImage[], root: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'distill-images-'));
  const owned = openOwned();
  owned.undo(['rm', '-rf', folder]);
  try {
    const [socket, config] = [join(folder, 'containerd.sock'), join(folder, 'containerd.toml')];
    const disabled = JSON.stringify([...OPTIONAL_PLUGINS, 'io.containerd.grpc.v1.cri']);
    const settings = [`root = "${root}"`, `state = "${folder}/state"`, `disabled_plugins = ${disabled}`];
    await writeFile(config, `version = 2\n${settings.join('\n')}\n[grpc]\n  address = "${socket}"\n`);
    const command = ['unshare', '--mount', '--propagation', 'private', 'containerd', '-c', config] as const;
    const containerd = owned.start({ name: 'containerd', command, log: join(folder, 'log') });
    await until('containerd answers', async () => (await containerdAnswers(socket)) || undefined);
    for (const image of images) await importImage(socket, image, new Set());
    await containerd.signal('SIGTERM');
  } finally {
    await owned.close();
  }
}

/** Removes stores that are some days old, and what killed runs left. Nodes with links into a store keep their files. */
async function removeOld(folder: string): Promise<void> {
  for (const entry of await readdir(folder)) {
    const path = join(folder, entry);
    const isOld = Date.now() - (await stat(path)).mtimeMs > 3 * DAY;
    if (isOld || entry.startsWith('.making-')) await rm(path, { recursive: true, force: true });
  }
}
