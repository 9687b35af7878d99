import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '@distillation/runtime/cache-folder';
import { type Buildah, output } from './buildah.ts';

/** The npm that comes with the Node of the base images. */
const NPM = 'npm@10.9.9';
const DEBIAN = 'bookworm';
const PACKAGES = 'http://deb.debian.org/debian';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** What a build needs. */
export interface Workshop {
  readonly buildah: Buildah;
  /** The repository's root, after `npm ci`: the builds' context. */
  readonly root: string;
  /** Receives one line of text per step that takes time. */
  readonly log: (line: string) => void;
}

/** The images that a Dockerfile starts from, each once. */
export function basesOf(dockerfile: string): string[] {
  return [...new Set([...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, name]) => name ?? ''))];
}

/**
 * Makes images under the names of base images from a registry, where there is none: Debian's smallest system and, for `node:`, the Node
 * that npm has installed here, with npm. They hold less than the real ones, so that what a Dockerfile relies on without saying so fails.
 * @param names such as `node:22.23-bookworm-slim`
 * @throws Error for a Node of another version than npm has installed
 */
export async function makeBases(names: readonly string[], { buildah, root, log }: Workshop): Promise<void> {
  const system = await debianSystem(log);
  for (const name of names) {
    const node = /^node:([\d.]+)-/.exec(name)?.[1];
    const container = await buildah.run('from', 'scratch');
    try {
      await buildah.run('add', '--quiet', container, system, '/');
      if (node !== undefined)
        await buildah.run('add', '--quiet', container, await nodeFolder(root, node), '/usr/local');
      await buildah.run(
        'config',
        '--env',
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        container,
      );
      const full = name.includes('/') ? name : `library/${name}`;
      await buildah.run('commit', '--quiet', container, `docker.io/${full}`);
    } finally {
      await buildah.run('rm', container);
    }
  }
}

/** Makes a folder in the project's cache if it is not there; half of one is never seen. */
async function cached(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const all = join(cacheFolder(process.env), 'image-bases');
  const folder = join(all, name);
  if (existsSync(folder)) return folder;
  await mkdir(all, { recursive: true });
  const work = await mkdtemp(join(all, '.making-'));
  try {
    await make(work);
    await rename(work, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}

/** Debian's smallest system, which trusts whom this machine trusts: it may be behind a proxy that opens what passes. */
async function debianSystem(log: (line: string) => void): Promise<string> {
  const folder = await cached(`${DEBIAN}-${process.arch}`, async (work) => {
    log(`debootstrap ${DEBIAN}`);
    await output('debootstrap', [
      '--variant=minbase',
      '--include=ca-certificates',
      DEBIAN,
      join(work, 'root'),
      PACKAGES,
    ]);
    await rm(join(work, 'root/var/cache/apt/archives'), { recursive: true, force: true });
    await rm(join(work, 'root/var/lib/apt/lists'), { recursive: true, force: true });
    for (const path of ['var/cache/apt/archives/partial', 'var/lib/apt/lists/partial'])
      await mkdir(join(work, 'root', path), { recursive: true });
  });
  const system = join(folder, 'root');
  await copyFile(CERTIFICATES, join(system, CERTIFICATES)).catch(() => undefined);
  await writeFile(join(system, 'etc/pip.conf'), `[global]\ncert = ${CERTIFICATES}\n`);
  return system;
}

/** What official images have in `/usr/local`: Node, npm, npx. */
async function nodeFolder(root: string, wanted: string): Promise<string> {
  const installed = join(root, 'node_modules', `node-linux-${process.arch}`);
  const { version } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as { version: string };
  if (version !== wanted && !version.startsWith(`${wanted}.`)) {
    throw new Error(
      `The Dockerfiles take Node ${wanted}, npm has installed ${version}: let package.json and images agree.`,
    );
  }
  return cached(`node-${version}-${process.arch}`, async (work) => {
    await output('npm', ['install', '--global', '--no-fund', '--no-audit', '--prefix', work, NPM]);
    await mkdir(join(work, 'etc'), { recursive: true });
    await writeFile(join(work, 'etc/npmrc'), `cafile=${CERTIFICATES}\n`);
    await cp(join(installed, 'bin/node'), join(work, 'bin/node'));
    await cp(join(installed, 'include'), join(work, 'include'), { recursive: true });
  });
}
