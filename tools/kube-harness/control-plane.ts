import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTROL_PLANE_TOOLS, findTools } from './assets.ts';
import {
  COMPONENTS,
  commandLine,
  corefile,
  ENVIRONMENT,
  type CommandLineInput,
  type ComponentName,
} from './components.ts';
import { writeCredentials, writeKubeconfig } from './access/credentials.ts';
import { httpsReader, type HttpsReader } from './access/https-get.ts';
import { chooseEndpoints, makeNetwork, type ClusterNetwork } from './network.ts';
import { openOwned, type Owned, type OwnedProcess } from './owned.ts';
import { Abort, until } from './access/until.ts';

interface ControlPlaneOptions {
  /** Folder for data, certificates, kubeconfigs and logs, emptied first. Default: a temporary folder that is removed at the end. */
  readonly folder?: string;
  /**
   * Puts it into a network namespace of its own with a bridge for nodes, and adds CoreDNS (root, Linux). Default: loopback, without nodes.
   */
  readonly network?: boolean;
  /** Additional arguments of components, which override ours. */
  readonly args?: Partial<Record<ComponentName, readonly string[]>>;
  /** Number of node users (`node1`, ...); default 4. */
  readonly nodes?: number;
  /** Receives one line of text per step. */
  readonly log?: (line: string) => void;
}

/** A running control plane. Its processes end with this process, however that ends. */
export interface ControlPlane {
  readonly folder: string;
  /** URL of the API server, as in kubeconfigs. */
  readonly server: string;
  /** The administrator's kubeconfig; the others are beside it: `kubeconfigOf`. */
  readonly kubeconfig: string;
  /** The administrator's token; the server's certificate is in the kubeconfigs. */
  readonly token: string;
  /** Where nodes can be connected; undefined on loopback. */
  readonly network: ClusterNetwork | undefined;
  /** Record of everything else that belongs to the cluster (nodes), so that it is removed with it. */
  readonly owned: Owned;
  /** The body of what the API server answers the administrator to a GET of this path. @throws Error when the status is not 200 */
  read(path: string): Promise<string>;
  /** Path of a user's kubeconfig: `admin`, `kube-controller-manager`, `kube-scheduler`, `kube-proxy`, `node1`, ... */
  kubeconfigOf(user: string): string;
  /** Log file of a component, also of components that others add. */
  logOf(name: string): string;
  /** Process ID of a component; undefined while it does not run. */
  pidOf(name: ComponentName): number | undefined;
  /** Sends SIGKILL (or the given signal) and waits until the process is gone; SIGSTOP and SIGCONT do not wait. */
  kill(name: ComponentName, signal?: NodeJS.Signals): Promise<void>;
  /** Starts a stopped component, and waits until it is ready. */
  start(name: ComponentName): Promise<void>;
  /** `kill` and `start`, with the same data and address. */
  restart(name: ComponentName, signal?: NodeJS.Signals): Promise<void>;
  /** Stops everything. */
  stop(): Promise<void>;
}

/**
 * A real Kubernetes control plane: etcd, kube-apiserver (RBAC and Node authorization, Pod Security), kube-controller-manager
 * and kube-scheduler, ready for work when this resolves.
 * @throws Error with the end of the log of the component that failed
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const wanted = [...CONTROL_PLANE_TOOLS, ...(options.network === true ? (['coredns'] as const) : [])];
  const tools: CommandLineInput['tools'] = await findTools(wanted, options.log ? { log: options.log } : {});
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'distill-kube-')));
  const owned = openOwned();
  try {
    if (options.folder === undefined) owned.undo(['rm', '-rf', folder]);
    rmSync(folder, { recursive: true, force: true });
    for (const part of ['certs', 'log', 'etcd']) mkdirSync(join(folder, part), { recursive: true, mode: 0o700 });
    const network = options.network === true ? makeNetwork(owned) : undefined;
    const tokens = await writeCredentials(folder, options.nodes ?? 4);
    const kubeconfigOf = (user: string): string => join(folder, `${user}.kubeconfig`);
    const endpoints = await chooseEndpoints(network);
    if (network !== undefined) {
      writeFileSync(join(folder, 'Corefile'), corefile(network.address, kubeconfigOf('admin')));
    }
    const commands = { folder, endpoints, kubeconfigOf, tools, args: options.args ?? {} };
    const plane = new RunningControlPlane({
      commands,
      tokens,
      network,
      owned,
    });
    await plane.startAll();
    return plane;
  } catch (thrown) {
    await owned.close();
    throw thrown;
  }
}

interface Setup {
  readonly commands: CommandLineInput;
  readonly tokens: Readonly<Record<string, string>>;
  readonly network: ClusterNetwork | undefined;
  readonly owned: Owned;
}

class RunningControlPlane implements ControlPlane {
  readonly folder: string;
  readonly server: string;
  readonly token: string;
  readonly kubeconfig: string;
  readonly network: ClusterNetwork | undefined;
  readonly owned: Owned;
  readonly #setup: Setup;
  /** Processes that should be running, without those killed on purpose. */
  readonly #processes = new Map<ComponentName, OwnedProcess>();
  #reader: HttpsReader | undefined;

  constructor(setup: Setup) {
    const { address, apiPort } = setup.commands.endpoints;
    this.#setup = setup;
    this.folder = setup.commands.folder;
    this.server = `https://${address}:${apiPort}`;
    this.token = setup.tokens['admin'] ?? '';
    this.kubeconfig = this.kubeconfigOf('admin');
    this.network = setup.network;
    this.owned = setup.owned;
  }

  kubeconfigOf(user: string): string {
    return this.#setup.commands.kubeconfigOf(user);
  }

  read(path: string): Promise<string> {
    if (this.#reader === undefined) throw new Error('the API server has no certificate yet');
    return this.#reader.read(path);
  }

  logOf(name: string): string {
    return join(this.folder, 'log', `${name}.log`);
  }

  pidOf(name: ComponentName): number | undefined {
    const process = this.#processes.get(name);
    return process?.ended() === undefined ? process?.pid : undefined;
  }

  async startAll(): Promise<void> {
    for (const name of ['etcd', 'kube-apiserver'] as const) this.#spawn(name);
    // The server creates its own certificate, which every client needs.
    const certificate = await until('there is a certificate of the API server', async () => {
      this.#allMustRun();
      const text = await readFile(join(this.folder, 'certs', 'apiserver.crt'), 'utf8');
      return text.trimEnd().endsWith('-----END CERTIFICATE-----') ? text : undefined;
    });
    for (const [user, token] of Object.entries(this.#setup.tokens)) {
      await writeKubeconfig(this.kubeconfigOf(user), { server: this.server, certificate, user, token });
    }
    this.#reader = httpsReader(this.server, certificate, this.token);
    await this.#ready('kube-apiserver');
    for (const name of COMPONENTS.slice(2)) {
      if (name in this.#setup.commands.tools) this.#spawn(name);
    }
    await this.#ready('kube-controller-manager');
  }

  async kill(name: ComponentName, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const process = this.#processes.get(name);
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') this.#processes.delete(name);
    await process?.signal(signal);
  }

  async start(name: ComponentName): Promise<void> {
    this.#spawn(name);
    await this.#ready(name);
  }

  async restart(name: ComponentName, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.kill(name, signal);
    await this.start(name);
  }

  async stop(): Promise<void> {
    this.#processes.clear();
    await this.owned.close();
  }

  #spawn(name: ComponentName): void {
    if (this.pidOf(name) !== undefined) throw new Error(`${name} runs already`);
    const command = commandLine(name, this.#setup.commands);
    const placed = this.network === undefined ? command : ([...this.network.enter, ...command] as const);
    const env = ENVIRONMENT[name] ?? {};
    this.#processes.set(name, this.owned.start({ name, command: placed, log: this.logOf(name), env }));
  }

  #allMustRun(): void {
    for (const [name, process] of this.#processes) {
      const ended = process.ended();
      if (ended !== undefined) throw new Abort(`${name} ended by itself (${ended}):\n${lastLines(this.logOf(name))}`);
    }
  }

  /** Waits until a component is ready, where that can be observed. */
  async #ready(name: ComponentName): Promise<void> {
    if (!this.#processes.has('kube-apiserver')) return;
    // Pods can be created in a namespace only once the controller manager has created its service account.
    const path = name === 'kube-controller-manager' ? '/api/v1/namespaces/default/serviceaccounts/default' : '/readyz';
    try {
      await until(`${name} is ready`, async () => {
        this.#allMustRun();
        await this.#reader?.read(path);
        return true;
      });
    } catch (thrown) {
      if (thrown instanceof Error && !(thrown instanceof Abort)) thrown.message += `\n${lastLines(this.logOf(name))}`;
      throw thrown;
    }
  }
}

function lastLines(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return [`${file} ends with`, ...lines.slice(-10)].join('\n');
}
