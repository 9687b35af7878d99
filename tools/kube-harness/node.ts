import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTools, NODE_TOOLS } from './assets.ts';
import type { ControlPlane } from './control-plane.ts';
import { PAUSE_IMAGE, type ClusterImage } from './images.ts';
import { cniConfig, containerdConfig, kubeletConfig, type NodeSettings } from './node/config.ts';
import { imageStore } from './node/image-store.ts';
import { keepSettings } from './node/kernel-settings.ts';
import { makeNodeNetwork } from './node/network.ts';
import { RunningNode } from './node/running-node.ts';

export interface NodeOptions {
  /** `node1`, `node2`, ...: one of the users that the control plane knows. */
  readonly name: string;
  /** Number of simulated GPUs. */
  readonly gpus: number;
  /** Images for its pods, including that of the sandboxes (`pauseImage`). */
  readonly images: readonly ClusterImage[];
  /** Receives one line of text per step. */
  readonly log?: (line: string) => void;
}

/** A real node: containerd, kubelet, kube-proxy and a device plugin in a network, mount and control group of their own. */
export interface ClusterNode {
  readonly name: string;
  readonly address: string;
  /** A power cut: the network is cut and everything is killed at once. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, with the same disk and address. Resolves when it is ready. */
  start(): Promise<void>;
  /** Cuts the network; pods keep running. */
  cutNetwork(): void;
  healNetwork(): void;
  /** Sets which of its GPUs (from 0) are unhealthy, and waits until the cluster knows. */
  setUnhealthyGpus(gpus: readonly number[]): Promise<void>;
  /** Gives a folder of this machine, as this node sees it, a file system of so many bytes; asked again, another size. */
  limitFolder(folder: string, bytes: number): Promise<void>;
  /** Stops it and removes its traces from this machine; its Node object stays. */
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
  const tools = await findTools(NODE_TOOLS);
  const folder = join(plane.folder, options.name);
  const group = `${network.netns}-${options.name}`;
  plane.owned.undo(['rm', '-rf', folder]);
  keepSettings(plane.owned);
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
