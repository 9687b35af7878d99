import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Endpoints } from './components.ts';
import type { Owned } from './owned.ts';

/** A network namespace with a bridge: `.1` is the control plane, `.11` and above are nodes, `.254` is this machine. */
export interface ClusterNetwork {
  /** Name of the namespace (6 characters), to be used as a prefix of related names. */
  readonly netns: string;
  readonly bridge: string;
  /** First three bytes of the addresses of control plane and nodes, such as `10.99.0`. */
  readonly prefix: string;
  /** Address of the control plane: API server and name server. */
  readonly address: string;
  /** Prefix of a command that is to run inside. `ip netns exec` would remount /sys and hide the control groups. */
  readonly enter: readonly [string, ...string[]];
}

/**
 * Creates the namespace, and records how to remove it.
 * @throws Error without root rights
 */
export function makeNetwork(owned: Owned): ClusterNetwork {
  const netns = `dk${randomBytes(2).toString('hex')}`;
  const [bridge, outside, inside] = ['br0', `${netns}h`, `${netns}n`];
  const prefix = freePrefix();
  owned.undo(['ip', 'netns', 'delete', netns]);
  owned.undo(['ip', 'link', 'delete', outside]);
  const ip = (command: string): void => {
    execFileSync('ip', command.split(' '), { stdio: ['ignore', 'ignore', 'pipe'] });
  };
  ip(`netns add ${netns}`);
  ip(`link add ${outside} type veth peer name ${inside} netns ${netns}`);
  ip(`addr add ${prefix}.254/24 dev ${outside}`);
  ip(`link set ${outside} up`);
  ip(`-n ${netns} link add ${bridge} type bridge`);
  ip(`-n ${netns} link set ${inside} master ${bridge} up`);
  ip(`-n ${netns} link set ${bridge} up`);
  ip(`-n ${netns} link set lo up`);
  ip(`-n ${netns} addr add ${prefix}.1/24 dev ${bridge}`);
  const enter = ['nsenter', `--net=/var/run/netns/${netns}`] as const;
  // Nodes reach each other's pods through here; iptables must not filter bridged frames. The second setting is absent without br_netfilter.
  for (const setting of ['1 > /proc/sys/net/ipv4/ip_forward', '0 > /proc/sys/net/bridge/bridge-nf-call-iptables']) {
    spawnSync(enter[0], [enter[1], 'sh', '-c', `echo ${setting}`], { stdio: 'ignore' });
  }
  return { netns, bridge, prefix, address: `${prefix}.1`, enter: [...enter] };
}

function freePrefix(): string {
  const taken = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  for (let second = 99; second < 200; second += 1) {
    const prefix = `10.${second}.0`;
    if (!taken.some(({ address }) => address.startsWith(`${prefix}.`))) return prefix;
  }
  throw new Error('no 10.x.0.0/24 is free on this machine, x from 99 to 199');
}

/** A control plane uses the usual ports in a network of its own, and free ports on loopback. */
export async function chooseEndpoints(network: ClusterNetwork | undefined): Promise<Endpoints> {
  if (network !== undefined) return { address: network.address, apiPort: 6443, etcdPort: 2379, etcdPeerPort: 2380 };
  const [apiPort, etcdPort, etcdPeerPort] = [await freePort(), await freePort(), await freePort()];
  return { address: '127.0.0.1', apiPort, etcdPort, etcdPeerPort };
}

/** A port below the ephemeral range, so that it is still free when a server is restarted on it. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once('error', () => {
        resolve(false);
      });
      server.listen(port, '127.0.0.1', () => {
        server.close(() => {
          resolve(true);
        });
      });
    });
    if (free) return port;
  }
}
