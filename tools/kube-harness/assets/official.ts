import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { runCommand } from '@distillation/native-addon/command';
import { load } from 'js-yaml';
import type { Source, Tool } from '../assets.ts';

const ENVTEST: readonly Tool[] = ['etcd', 'kube-apiserver', 'kubectl'];
const OFFICIAL: readonly Tool[] = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
  'kubectl',
];
/** The index of setup-envtest: version -> name of the archive -> hash and URL. */
const INDEX = 'https://raw.githubusercontent.com/kubernetes-sigs/controller-tools/HEAD/envtest-releases.yaml';
type Index = Record<string, Record<string, { hash: string; selfLink: string }> | undefined>;

const architecture = process.arch === 'x64' ? 'amd64' : process.arch;

/** etcd, API server and kubectl from the same place as setup-envtest, of the newest patch release of our minor version. */
export const fetchEnvtest: Source = async (wanted, folder, { version, log }) => {
  if (!wanted.some((tool) => ENVTEST.includes(tool))) return;
  const index = join(folder, 'index.yaml');
  await download(INDEX, index, 20);
  const { releases } = load(await readFile(index, 'utf8')) as { releases: Index };
  const newest = newestPatch(Object.keys(releases), version);
  const name = `envtest-${newest ?? ''}-${process.platform}-${architecture}.tar.gz`;
  const release = newest === undefined ? undefined : releases[newest]?.[name];
  if (release === undefined) throw new Error(`setup-envtest's index has no ${name} for Kubernetes ${version}`);
  log(`fetching ${release.selfLink}`);
  const archive = join(folder, name);
  await download(release.selfLink, archive, 600);
  await check(archive, 'sha512', release.hash);
  await runCommand('tar', ['-xzf', archive, '--strip-components=2', '-C', folder], { timeoutMs: 120_000 });
  await rm(archive);
};

/** The binaries of the Kubernetes release (Linux only). */
export const fetchOfficial: Source = async (wanted, folder, { version, log }) => {
  if (process.platform !== 'linux') return;
  for (const tool of wanted.filter((one) => OFFICIAL.includes(one))) {
    const address = `https://dl.k8s.io/release/v${version}/bin/linux/${architecture}/${tool}`;
    const file = join(folder, `${tool}.part`);
    await download(`${address}.sha256`, file, 20);
    const hash = (await readFile(file, 'utf8')).trim();
    log(`fetching ${address}`);
    await download(address, file, 600);
    await check(file, 'sha256', hash);
    await rename(file, join(folder, tool));
  }
};

/** The newest release of the same minor version, "v1.34.1" for "1.34.4"; pre-releases do not count. */
export function newestPatch(versions: readonly string[], version: string): string | undefined {
  const prefix = `v${version.split('.').slice(0, 2).join('.')}.`;
  const patches = versions
    .filter((one) => one.startsWith(prefix) && /^\d+$/.test(one.slice(prefix.length)))
    .map((one) => Number(one.slice(prefix.length)));
  return patches.length === 0 ? undefined : `${prefix}${Math.max(...patches)}`;
}

/** Uses curl, which knows the machine's proxies and certificates. Where only package registries can be reached, it fails within seconds. */
async function download(address: string, file: string, seconds: number): Promise<void> {
  const args = ['-fsSL', '--connect-timeout', '5', '--max-time', String(seconds), '-o', file, address];
  try {
    await runCommand('curl', args, { timeoutMs: (seconds + 5) * 1000 });
  } catch (thrown) {
    throw new Error(`${new URL(address).host}: ${thrown instanceof Error ? thrown.message : String(thrown)}`, {
      cause: thrown,
    });
  }
}

async function check(file: string, algorithm: string, expected: string): Promise<void> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  const actual = hash.digest('hex');
  if (actual !== expected) throw new Error(`${file}: its ${algorithm} is ${actual}, not ${expected}`);
}
