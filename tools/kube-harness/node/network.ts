import { execFileSync } from 'node:child_process';
import type { ClusterNetwork } from '../network.ts';
import type { Owned } from '../owned.ts';

/** A node's place in the cluster's network. */
export interface NodeNetwork {
  readonly netns: string;
  readonly address: string;
  /** Range of its pods' addresses. */
  readonly pods: string;
  /** Disconnects or reconnects the node. */
  readonly connect: (connected: boolean) => void;
  readonly remove: () => void;
}

/** Address range of all nodes' pods, within the cluster's own 10.x, so that clusters side by side do not collide. */
export function podRange({ prefix }: ClusterNetwork): string {
  return `${base(prefix)}.64.0/18`;
}

/**
 * Connects node number `index` (from 1) to the bridge. This machine and the other nodes reach its pods through the control
 * plane's namespace.
 */
export function makeNodeNetwork(network: ClusterNetwork, index: number, owned: Owned): NodeNetwork {
  const netns = `${network.netns}-${index}`;
  const [address, pods, cable] = [
    `${network.prefix}.${10 + index}`,
    `${base(network.prefix)}.${64 + index}.0/24`,
    `node${index}`,
  ];
  owned.undo(['ip', 'netns', 'delete', netns]);
  ip(`netns add ${netns}`);
  ip(`-n ${network.netns} link add ${cable} type veth peer name eth0 netns ${netns}`);
  ip(`-n ${network.netns} link set ${cable} master ${network.bridge} up`);
  for (const device of ['lo', 'eth0']) ip(`-n ${netns} link set ${device} up`);
  ip(`-n ${netns} addr add ${address}/24 dev eth0`);
  ip(`-n ${netns} route add default via ${network.address}`);
  ip(`-n ${network.netns} route replace ${pods} via ${address}`);
  ip(`route replace ${pods} via ${network.address}`);
  return {
    netns,
    address,
    pods,
    connect: (connected) => {
      ip(`-n ${network.netns} link set ${cable} ${connected ? 'up' : 'down'}`);
    },
    remove: () => {
      ip(`netns delete ${netns}`);
    },
  };
}

function base(prefix: string): string {
  return prefix.split('.').slice(0, 2).join('.');
}

function ip(command: string): void {
  execFileSync('ip', command.split(' '), { stdio: ['ignore', 'ignore', 'pipe'] });
}
