import { ensureDebianPackages } from '../debian-packages.ts';

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
  ensureDebianPackages('Real nodes', PACKAGES, log);
}
