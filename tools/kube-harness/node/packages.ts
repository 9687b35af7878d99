import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Debian packages that a node is made of, with a program or folder that shows each is there. */
const PACKAGES: Readonly<Record<string, string>> = {
  containerd: 'containerd',
  runc: 'runc',
  'containernetworking-plugins': '/usr/lib/cni/bridge',
  iproute2: 'ip',
  iptables: 'iptables',
  conntrack: 'conntrack',
  ethtool: 'ethtool',
  kmod: 'modprobe',
  gcc: 'gcc',
  'libc6-dev': '/usr/include/signal.h',
};

/**
 * Makes sure that this machine can be a node; what is missing is installed where that is possible (root on Debian or Ubuntu).
 * @throws Error that says what to do otherwise
 */
export function ensureNodePackages(log: (line: string) => void): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new Error(
      `Real nodes take Linux and root (network namespaces, mounts, control groups); this is ${process.platform}, user ` +
        `${process.getuid?.() ?? 'unknown'}. Run the tests of the project "cluster" as root, in a virtual machine or a privileged ` +
        'container.',
    );
  }
  const missing = lacking();
  if (missing.length === 0) return;
  if (existsSync('/usr/bin/apt-get')) {
    log(`installing ${missing.join(' ')}`);
    // Nothing that the packages would start as a service is needed, and a second containerd would only be in the way.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    for (const command of [['update'], ['install', '-y', '--no-install-recommends', ...missing]]) {
      spawnSync('apt-get', ['-q', ...command], { env, stdio: 'ignore', timeout: 300_000 });
    }
  }
  const still = lacking();
  if (still.length > 0) {
    throw new Error(`Real nodes need ${still.join(', ')} (names of Debian packages): install them and run again.`);
  }
}

function lacking(): string[] {
  const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  const isThere = (proof: string): boolean =>
    proof.startsWith('/') ? existsSync(proof) : folders.some((folder) => existsSync(`${folder}/${proof}`));
  return Object.entries(PACKAGES).flatMap(([name, proof]) => (isThere(proof) ? [] : [name]));
}
