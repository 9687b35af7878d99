import { DEFAULT_USER } from '@distillation/api/labels';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlPlane } from '../control-plane.ts';
import type { ClusterNetwork } from '../network.ts';
import type { ClusterNode, NodeOptions } from '../node.ts';
import type { OwnedProcess } from '../owned.ts';
import { Abort, until } from '../access/until.ts';
import { makeGroups } from './cgroups.ts';
import type { NodeSettings } from './config.ts';
import { endGroups } from './end.ts';
import { containerdAnswers, importImage, type ImageStore } from './image-store.ts';
import { furnishMounts, holdsMounts, limitFolder, mountsHolder } from './mounts.ts';
import { podRange, type NodeNetwork } from './network.ts';
import { servesKubelet } from './runtime-ready.ts';

/** How often a node that starts is asked for, beside the pause of `until`. */
const POLL_MS = 200;

interface NodeSetup {
  readonly plane: ControlPlane;
  readonly network: ClusterNetwork;
  readonly nodeNetwork: NodeNetwork;
  readonly settings: NodeSettings;
  readonly options: NodeOptions;
  readonly store: ImageStore;
  readonly tools: Readonly<Record<'kubelet' | 'kube-proxy' | 'fake-gpu', string>>;
}

/** The node's status in the API server: whether it is ready, and its allocatable GPUs. */
interface NodeStatus {
  readonly allocatable?: Readonly<Record<string, string>>;
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly lastHeartbeatTime: string;
  }[];
}

/** A node, which is running once `start` has resolved. */
export class RunningNode implements ClusterNode {
  readonly name: string;
  readonly address: string;
  readonly #setup: NodeSetup;
  readonly #processes = new Map<string, OwnedProcess>();

  constructor(setup: NodeSetup) {
    this.#setup = setup;
    this.name = setup.options.name;
    this.address = setup.nodeNetwork.address;
  }

  async start(): Promise<void> {
    const { plane, network, nodeNetwork, settings, options, tools } = this.#setup;
    const { folder } = settings;
    const [since, started] = [Date.now(), performance.now()];
    const say = (what: string): void => {
      options.log?.(`${this.name}: ${what} after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    };
    nodeNetwork.connect(true);
    const enter = await this.#enterMounts(makeGroups(settings.group));
    const daemon = (name: string, command: readonly string[]): void => {
      const log = plane.logOf(`${this.name}-${name}`);
      this.#processes.set(
        name,
        plane.owned.start({ name: `${this.name} ${name}`, command: [...enter, ...command], log }),
      );
    };

    daemon('containerd', ['containerd', '-c', join(folder, 'containerd.toml')]);
    const socket = join(folder, 'containerd.sock');
    await this.#until('containerd answers', () => containerdAnswers(socket));
    await this.#importImages(socket);
    say('images imported');
    await this.#until('its runtime serves the kubelet', () => servesKubelet(socket));

    daemon('kubelet', [
      tools.kubelet,
      `--config=${join(folder, 'kubelet.yaml')}`,
      `--kubeconfig=${plane.kubeconfigOf(this.name)}`,
      `--hostname-override=${this.name}`,
      `--node-ip=${this.address}`,
      '--root-dir=/var/lib/kubelet',
    ]);
    daemon('kube-proxy', [
      tools['kube-proxy'],
      `--kubeconfig=${plane.kubeconfigOf('kube-proxy')}`,
      '--proxy-mode=iptables',
      `--hostname-override=${this.name}`,
      `--cluster-cidr=${podRange(network)}`,
      // Otherwise it changes limits of the whole machine.
      '--conntrack-max-per-core=0',
      '--conntrack-tcp-timeout-established=0',
      '--conntrack-tcp-timeout-close-wait=0',
    ]);
    await this.#until('it is ready', async () => {
      const ready = (await this.#status()).conditions?.find(({ type }) => type === 'Ready');
      // The heartbeat must be newer than the daemons' start, since the node was ready before a power cut too. Times are in whole seconds.
      return ready?.status === 'True' && Date.parse(ready.lastHeartbeatTime) > since - 1000;
    });
    // Not earlier, since the kubelet removes the sockets of plugins that registered before its start.
    if (options.gpus > 0) {
      daemon('fake-gpu', [tools['fake-gpu'], '-n', String(options.gpus), '-unhealthy-file', this.#brokenFile()]);
    }
    await this.#gpusAre(options.gpus - this.#broken().length);
    say('ready');
  }

  async kill(): Promise<void> {
    this.cutNetwork();
    this.#processes.clear();
    await endGroups(this.#setup.settings.group, false);
  }

  cutNetwork(): void {
    this.#setup.nodeNetwork.connect(false);
  }

  healNetwork(): void {
    this.#setup.nodeNetwork.connect(true);
  }

  async setUnhealthyGpus(gpus: readonly number[]): Promise<void> {
    writeFileSync(this.#brokenFile(), gpus.map((gpu) => `GPU-fake-${gpu}`).join('\n'));
    await this.#gpusAre(this.#setup.options.gpus - gpus.length);
  }

  async limitFolder(folder: string, bytes: number): Promise<void> {
    const holder = this.#processes.get('mounts');
    if (holder === undefined) throw new Error(`${this.name} does not run`);
    await limitFolder(holder.pid, { folder, bytes, user: DEFAULT_USER });
  }

  async stop(): Promise<void> {
    this.#processes.clear();
    await endGroups(this.#setup.settings.group, true);
    this.#setup.nodeNetwork.remove();
    rmSync(this.#setup.settings.folder, { recursive: true, force: true });
  }

  /**
   * Creates the node's mount namespace.
   * @param group the file to which a process writes its ID to become a daemon of the node
   * @returns prefix of a command that is to run on the node
   */
  async #enterMounts(group: string): Promise<readonly [string, ...string[]]> {
    const { plane, nodeNetwork, settings } = this.#setup;
    const asDaemon = ['sh', '-c', `echo $$ > ${group} && exec "$0" "$@"`] as const;
    const holder = plane.owned.start({
      name: `${this.name} mounts`,
      command: [...asDaemon, ...mountsHolder(nodeNetwork.netns)],
      log: plane.logOf(`${this.name}-mounts`),
    });
    this.#processes.set('mounts', holder);
    await this.#until('it has mounts of its own', () => holdsMounts(holder.pid) || undefined);
    return [...asDaemon, ...(await furnishMounts(holder.pid, join(settings.folder, 'kubelet')))];
  }

  async #importImages(socket: string): Promise<void> {
    const { settings, options } = this.#setup;
    const done = join(settings.folder, 'images-imported');
    if (existsSync(done)) return;
    for (const image of options.images) await importImage(socket, image, this.#setup.store.layers);
    writeFileSync(done, '');
  }

  async #status(): Promise<NodeStatus> {
    const node = await this.#setup.plane.read(`/api/v1/nodes/${this.name}`);
    return (JSON.parse(node) as { status: NodeStatus }).status;
  }

  async #gpusAre(count: number): Promise<void> {
    if (this.#setup.options.gpus === 0) return;
    await this.#until(`${count} GPUs are to be had`, async () => {
      const { allocatable } = await this.#status();
      return Number(allocatable?.['nvidia.com/gpu'] ?? 0) === count || undefined;
    });
  }

  #brokenFile(): string {
    return join(this.#setup.settings.folder, 'broken-gpus');
  }

  #broken(): string[] {
    return existsSync(this.#brokenFile()) ? readFileSync(this.#brokenFile(), 'utf8').split('\n').filter(Boolean) : [];
  }

  async #until(what: string, condition: () => Promise<boolean | undefined> | boolean | undefined): Promise<void> {
    await until(`${this.name}: ${what}`, async () => {
      for (const [name, process] of this.#processes) {
        const ended = process.ended();
        if (ended === undefined) continue;
        const log = this.#setup.plane.logOf(`${this.name}-${name}`);
        const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-15);
        throw new Abort([`${this.name}: ${name} ended by itself (${ended}); ${log} ends with`, ...lines].join('\n'));
      }
      if ((await condition()) === true) return true;
      // Several nodes start at once, each for some seconds.
      await sleep(POLL_MS);
      return undefined;
    });
  }
}
