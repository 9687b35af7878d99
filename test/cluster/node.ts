import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findTools, NODE_TOOLS } from './assets.ts';
import type { ControlPlane } from './control-plane.ts';
import { PAUSE_IMAGE, type ClusterImage } from './images.ts';
import type { ClusterNetwork } from './network.ts';
import { makeGroups } from './node/cgroups.ts';
import { cniConfig, containerdConfig, kubeletConfig, type NodeSettings } from './node/config.ts';
import { endGroups } from './node/end.ts';
import { containerdAnswers, imageStore, importImage, type ImageStore } from './node/image-store.ts';
import { makeNodeNetwork, podRange, type NodeNetwork } from './node/network.ts';
import type { OwnedProcess } from './owned.ts';
import { Abort, until } from './until.ts';

const run = promisify(execFile);

export interface NodeOptions {
  /** `node1`, `node2`, ...: one of the users that the control plane knows. */
  readonly name: string;
  /** How many GPUs it says to have. */
  readonly gpus: number;
  /** What its pods can run, with the image of the sandboxes (`pauseImage`). */
  readonly images: readonly ClusterImage[];
  /** Takes one plain line a step. */
  readonly log?: (line: string) => void;
}

/** A real node: containerd, kubelet, kube-proxy and a device plugin in a network, mount and control group of their own. */
export interface ClusterNode {
  readonly name: string;
  readonly address: string;
  /** A power cut: the cable goes dead and everything ends at once. */
  kill(): Promise<void>;
  /** Switches it on again after `kill`: same disk, same address. Resolves when it is ready. */
  start(): Promise<void>;
  /** Takes the cable out; pods run on. */
  cutNetwork(): void;
  healNetwork(): void;
  /** Says which of its GPUs (from 0) are broken, all others being well, and waits until the cluster knows. */
  setUnhealthyGpus(gpus: readonly number[]): Promise<void>;
  /** Ends it and removes what it left on this machine; its Node object stays. */
  stop(): Promise<void>;
}

/**
 * Starts a node and waits until it is ready, with its images and GPUs.
 * @throws Error with the end of the log of the daemon that failed
 */
export async function startNode(plane: ControlPlane, options: NodeOptions): Promise<ClusterNode> {
  const { network } = plane;
  const index = Number(/^node(\d+)$/.exec(options.name)?.[1]);
  if (network === undefined) throw new Error('this control plane is on loopback: start it with { network: true }');
  if (!Number.isInteger(index)) throw new Error(`a node's name is node1, node2, ...; not ${options.name}`);
  const tools = await findTools([...NODE_TOOLS, 'kubectl']);
  const folder = join(plane.folder, options.name);
  const group = `${network.netns}-${options.name}`;
  plane.owned.undo(['rm', '-rf', folder]);
  keepSettings(plane);
  const nodeNetwork = makeNodeNetwork(network, index, plane.owned);
  plane.owned.undo([process.execPath, '--disable-warning=ExperimentalWarning', END, group]);
  for (const part of ['kubelet', 'cni', 'logs', 'ipam', 'containerd'])
    mkdirSync(join(folder, part), { recursive: true });
  const settings: NodeSettings = {
    folder,
    group,
    address: nodeNetwork.address,
    pods: nodeNetwork.pods,
    nameServer: network.address,
    pauseImage: PAUSE_IMAGE,
  };
  writeFileSync(join(folder, 'containerd.toml'), containerdConfig(settings));
  writeFileSync(join(folder, 'cni', '10-pods.conflist'), cniConfig(settings));
  writeFileSync(join(folder, 'kubelet.yaml'), kubeletConfig(settings));
  writeFileSync(join(folder, 'resolv.conf'), '');
  const store = await imageStore(options.images, options.log ?? (() => undefined));
  await store.copyTo(join(folder, 'containerd', 'root'));
  const node = new RunningNode({ plane, network, nodeNetwork, settings, options, tools, store });
  await node.start();
  return node;
}

const END = join(import.meta.dirname, 'node', 'end.ts');

/** What the kubelet sets for the whole machine; it is put back. */
const KERNEL_SETTINGS: Readonly<Record<string, string>> = {
  'vm/overcommit_memory': '1',
  'vm/panic_on_oom': '0',
  'kernel/panic': '10',
  'kernel/panic_on_oops': '1',
};

function keepSettings(plane: ControlPlane): void {
  const lines = Object.entries(KERNEL_SETTINGS).flatMap(([name, wanted]) => {
    const file = join('/proc/sys', name);
    const value = readFileSync(file, 'utf8').trim();
    // As the kubelet wants it already: if another cluster's did that, it is that cluster's to put back.
    return value === wanted ? [] : [`echo ${value} > ${file}`];
  });
  if (lines.length > 0) plane.owned.undo(['sh', '-c', lines.join('; ')]);
}

interface Setup {
  readonly plane: ControlPlane;
  readonly network: ClusterNetwork;
  readonly nodeNetwork: NodeNetwork;
  readonly settings: NodeSettings;
  readonly options: NodeOptions;
  readonly store: ImageStore;
  readonly tools: Readonly<Record<'kubelet' | 'kube-proxy' | 'fake-gpu' | 'kubectl', string>>;
}

/** What the node sees of the API server: is it ready, how many GPUs may pods have. */
interface NodeStatus {
  readonly allocatable?: Readonly<Record<string, string>>;
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly lastHeartbeatTime: string;
  }[];
}

class RunningNode implements ClusterNode {
  readonly name: string;
  readonly address: string;
  readonly #setup: Setup;
  readonly #processes = new Map<string, OwnedProcess>();

  constructor(setup: Setup) {
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
      // Else it changes limits of the whole machine.
      '--conntrack-max-per-core=0',
      '--conntrack-tcp-timeout-established=0',
      '--conntrack-tcp-timeout-close-wait=0',
    ]);
    await this.#until('it is ready', async () => {
      const ready = (await this.#status()).conditions?.find(({ type }) => type === 'Ready');
      // Since the daemons started, that is: before a power cut it was ready too. Times are in whole seconds.
      return ready?.status === 'True' && Date.parse(ready.lastHeartbeatTime) > since - 1000;
    });
    // Not sooner: the kubelet takes away what plugins have registered before it is up.
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

  async stop(): Promise<void> {
    this.#processes.clear();
    await endGroups(this.#setup.settings.group, true);
    this.#setup.nodeNetwork.remove();
    rmSync(this.#setup.settings.folder, { recursive: true, force: true });
  }

  /**
   * Makes the node's own view of the file system: device plugins, sockets and named networks have fixed places.
   * @param group the file that makes a process a daemon of the node
   * @returns what to put before a command that is to run on the node
   */
  async #enterMounts(group: string): Promise<readonly [string, ...string[]]> {
    const { plane, nodeNetwork, settings } = this.#setup;
    const join_ = `echo $$ > ${group} && exec "$0" "$@"`;
    const network = ['nsenter', `--net=/var/run/netns/${nodeNetwork.netns}`];
    const holder = plane.owned.start({
      name: `${this.name} mounts`,
      command: ['sh', '-c', join_, ...network, 'unshare', '--mount', '--propagation', 'private', 'sleep', 'infinity'],
      log: plane.logOf(`${this.name}-mounts`),
    });
    this.#processes.set('mounts', holder);
    await this.#until('it has mounts of its own', () => {
      const mounts = (pid: number | 'self'): string => readlinkSync(`/proc/${pid}/ns/mnt`);
      const sleeps = readFileSync(`/proc/${holder.pid}/comm`, 'utf8').trim() === 'sleep';
      return (sleeps && mounts(holder.pid) !== mounts('self')) || undefined;
    });
    const inside = ['nsenter', `--target=${holder.pid}`, '--mount', '--net'];
    const places = ['/var/lib/kubelet', '/run/netns', '/run/containerd', '/var/lib/cni', '/var/log/containers'];
    for (const place of places) mkdirSync(place, { recursive: true });
    const setup = [
      `mount --bind ${join(settings.folder, 'kubelet')} ${places[0] ?? ''}`,
      ...places.slice(1).map((place) => `mount -t tmpfs none ${place}`),
      'echo 1 > /proc/sys/net/ipv4/ip_forward',
      // Services on a bridge need it; absent without br_netfilter.
      '! [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables',
    ];
    await run(inside[0] ?? '', [...inside.slice(1), 'sh', '-ec', setup.join('\n')]);
    return ['sh', '-c', join_, ...inside];
  }

  async #importImages(socket: string): Promise<void> {
    const { settings, options } = this.#setup;
    const done = join(settings.folder, 'images-imported');
    if (existsSync(done)) return;
    for (const image of options.images) await importImage(socket, image, this.#setup.store.layers);
    writeFileSync(done, '');
  }

  async #status(): Promise<NodeStatus> {
    const { plane, tools } = this.#setup;
    const { stdout } = await run(tools.kubectl, [
      '--kubeconfig',
      plane.kubeconfig,
      'get',
      'node',
      this.name,
      '-o',
      'json',
    ]);
    return (JSON.parse(stdout) as { status: NodeStatus }).status;
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
      return (await condition()) === true ? true : undefined;
    });
  }
}
