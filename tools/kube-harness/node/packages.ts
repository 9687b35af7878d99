import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Debian packages that a node needs, each with a program or path that shows that it is installed. */
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
 * Makes sure that this machine can run a node; missing packages are installed if possible (root on Debian or Ubuntu).
 * @throws Error that says what to do if not
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
    // None of the packages' services is needed, and a second containerd would interfere.
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
