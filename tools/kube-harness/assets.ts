import { cacheFolder } from '@distillation/runtime/cache-folder';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFromSource } from './assets/from-source.ts';
import { fetchEnvtest, fetchOfficial } from './assets/official.ts';
import { fetchClients } from './assets/clients.ts';
import { withLock } from './assets/lock.ts';

/** The programs of our test clusters, and their clients. */
export type Tool =
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kubelet'
  | 'kube-proxy'
  | 'coredns'
  | 'fake-gpu'
  | 'kubectl'
  | 'helm';

/** Tools for a control plane without nodes. */
export const CONTROL_PLANE_TOOLS = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
] as const satisfies readonly Tool[];
/** Additional tools for nodes with pods, Services and GPUs. */
export const NODE_TOOLS = ['kubelet', 'kube-proxy', 'coredns', 'fake-gpu'] as const satisfies readonly Tool[];
/** Additional tools for the tests of installing. */
export const CLIENT_TOOLS = ['kubectl', 'helm'] as const satisfies readonly Tool[];

/** A way to get tools: fills `folder` with those of `wanted` that it has. It may throw; what it made until then is kept. */
export type Source = (wanted: readonly Tool[], folder: string, context: SourceContext) => Promise<void>;

interface SourceContext {
  /** The Kubernetes version that go.mod pins, without "v". */
  readonly version: string;
  /** Receives one line of text per step. */
  readonly log: (line: string) => void;
}

export interface ToolOptions {
  readonly log?: (line: string) => void;
  /** Default: the project's cache. */
  readonly cacheFolder?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** In the order of trying. */
  readonly sources?: readonly Source[];
}

/** Folder of the Go modules whose go.mod and go.sum pin everything that is built from source. */
export const TOOLS_FOLDER = join(import.meta.dirname, 'tools');

const TEMPORARY = '.making-';

const SOURCES: readonly Source[] = [fetchEnvtest, fetchOfficial, fetchClients, buildFromSource];

/**
 * The paths of the tools: from `KUBEBUILDER_ASSETS` if it is set, else from the project's cache. Missing ones are made once and cached: the
 * binaries of setup-envtest, the official ones, or else built from the committed go.mod and go.sum (Go 1.24 or later; 5 to 12 minutes). Any
 * number of processes may call this at once; one of them makes the tools.
 * @throws Error that says why each way failed
 */
export async function findTools<T extends Tool>(
  wanted: readonly T[],
  options: ToolOptions = {},
): Promise<Record<T, string>> {
  const { log = () => undefined, env = process.env, sources = SOURCES } = options;
  const { version, key } = await pinned();
  const folder = options.cacheFolder ?? join(cacheFolder(env), key);
  const places = [env['KUBEBUILDER_ASSETS'] ?? '', folder].filter((place) => place !== '');
  const find = (tool: Tool): string | undefined =>
    places.map((place) => join(place, tool)).find((path) => existsSync(path));
  const missing = (): Tool[] => wanted.filter((tool) => find(tool) === undefined);

  const failures: string[] = [];
  if (missing().length > 0) {
    await mkdir(folder, { recursive: true });
    await withLock(join(folder, '.lock'), log, async () => {
      // Since we hold the lock, such a folder was left by a killed process.
      for (const entry of await readdir(folder)) {
        if (entry.startsWith(TEMPORARY)) await rm(join(folder, entry), { recursive: true, force: true });
      }
      for (const source of sources) {
        const still = missing();
        if (still.length === 0) return;
        await take(source, still, { folder, failures, context: { version, log } });
      }
    });
  }
  const lacking = missing();
  if (lacking.length > 0) {
    throw new Error(
      `${lacking.join(', ')} cannot be had here:\n${failures.map((line) => `  ${line}`).join('\n')}\n` +
        'Install Go 1.24 or later (https://go.dev/dl) and run again, or let KUBEBUILDER_ASSETS name a folder that holds them.',
    );
  }
  return Object.fromEntries(wanted.map((tool) => [tool, find(tool)])) as Record<T, string>;
}

/** Runs a source in a folder of its own and moves its files to the cache, each atomically. */
async function take(
  source: Source,
  wanted: readonly Tool[],
  { folder, failures, context }: { folder: string; failures: string[]; context: SourceContext },
): Promise<void> {
  const temporary = await mkdtemp(join(folder, TEMPORARY));
  try {
    await source(wanted, temporary, context);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    failures.push(reason);
    context.log(reason);
  } finally {
    for (const tool of wanted) {
      const made = join(temporary, tool);
      if (!existsSync(made)) continue;
      if ((await lstat(made)).isFile()) await chmod(made, 0o755);
      await rename(made, join(folder, tool));
    }
    await rm(temporary, { recursive: true, force: true });
  }
}

/** The Kubernetes version of go.mod, and the name of the cache folder, which depends on versions, modules and our own programs. */
async function pinned(): Promise<{ version: string; key: string }> {
  const files = ['go.mod', 'go.sum', 'fake-gpu/main.go', 'coredns/go.mod', 'coredns/go.sum', 'coredns/main.go'];
  const texts = await Promise.all(files.map((file) => readFile(join(TOOLS_FOLDER, file), 'utf8')));
  const version = /^\s*k8s\.io\/kubernetes v(\S+)/m.exec(texts[0] ?? '')?.[1];
  if (version === undefined) throw new Error('tools/kube-harness/tools/go.mod pins no k8s.io/kubernetes');
  const hash = createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 12);
  return { version, key: `kube-${version}-${process.platform}-${process.arch}-${hash}` };
}
