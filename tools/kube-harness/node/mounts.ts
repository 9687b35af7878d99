import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, readlinkSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A node's own mount namespace, since device plugins, sockets and named networks have fixed paths. */

const KUBELET = '/var/lib/kubelet';
const PLACES = ['/run/netns', '/run/containerd', '/var/lib/cni', '/var/log/containers'];

/** Command of a process that holds a mount namespace in a named network, which others can enter. */
export const mountsHolder = (netns: string): readonly string[] => [
  ...['nsenter', `--net=/var/run/netns/${netns}`],
  ...['unshare', '--mount', '--propagation', 'private', 'sleep', 'infinity'],
];

/** Whether the process has created its mount namespace. */
export function holdsMounts(pid: number): boolean {
  const mounts = (process: number | 'self'): string => readlinkSync(`/proc/${process}/ns/mnt`);
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'sleep' && mounts(pid) !== mounts('self');
}

/** In a mount namespace: an empty file system of the pods' user at a folder, in memory; where it is mounted already, its new size. */
export async function limitFolder(
  pid: number,
  { folder, bytes, user }: { readonly folder: string; readonly bytes: number; readonly user: number },
): Promise<void> {
  const script = `if mountpoint -q "$1"; then mount -o "remount,size=$2" "$1"; else mount -t tmpfs -o "size=$2,uid=$3,gid=$3,mode=0775" none "$1"; fi`;
  await run('nsenter', [`--target=${pid}`, '--mount', 'sh', '-ec', script, 'sh', folder, String(bytes), String(user)]);
}

/**
 * Makes the mounts that the daemons need.
 * @param kubeletFolder folder that they see as the kubelet's
 * @returns prefix of a command that is to run in this mount namespace
 */
export async function furnishMounts(pid: number, kubeletFolder: string): Promise<readonly string[]> {
  const inside = [`--target=${pid}`, '--mount', '--net'];
  for (const place of [KUBELET, ...PLACES]) mkdirSync(place, { recursive: true });
  const setup = [
    `mount --bind ${kubeletFolder} ${KUBELET}`,
    ...PLACES.map((place) => `mount -t tmpfs none ${place}`),
    'echo 1 > /proc/sys/net/ipv4/ip_forward',
    // Required for Services on a bridge; absent without br_netfilter.
    '! [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables',
  ];
  await run('nsenter', [...inside, 'sh', '-ec', setup.join('\n')]);
  return ['nsenter', ...inside];
}
