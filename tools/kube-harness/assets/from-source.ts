import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '@distillation/native-addon/command';
import { TOOLS_FOLDER, type Source, type Tool } from '../assets.ts';

const PACKAGES: Partial<Record<Tool, string>> = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
  kubelet: 'k8s.io/kubernetes/cmd/kubelet',
  'kube-proxy': 'k8s.io/kubernetes/cmd/kube-proxy',
  'fake-gpu': './fake-gpu',
};

/** Builds from the pinned modules of `tools/`; with a warm build cache, Go only links. */
export const buildFromSource: Source = async (wanted, folder, { version, log }) => {
  const packages = wanted.map((tool) => PACKAGES[tool]).filter((name) => name !== undefined);
  const dns = wanted.includes('coredns');
  if (packages.length === 0 && !dns) return;
  try {
    await runCommand('go', ['version'], { timeoutMs: 60_000 });
  } catch {
    throw new Error('building from source: no `go` on the PATH');
  }
  log(
    `building ${wanted.filter((tool) => tool in PACKAGES || tool === 'coredns').join(', ')} from source (minutes, once)`,
  );
  const [major = '', minor = ''] = version.split('.');
  const stamp = Object.entries({
    gitVersion: `v${version}`,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: 'clean',
  }).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  if (packages.length > 0) {
    await build({ module: TOOLS_FOLDER, output: `${folder}/`, packages, linker: ['-s', '-w', ...stamp] });
    // Go names a binary after the last part of its package path that is not a version.
    if (wanted.includes('etcd')) await rename(join(folder, 'server'), join(folder, 'etcd'));
  }
  if (dns) {
    const module = join(TOOLS_FOLDER, 'coredns');
    await build({ module, output: join(folder, 'coredns'), packages: ['.'], linker: ['-s', '-w'] });
  }
};

async function build(what: {
  readonly module: string;
  readonly output: string;
  readonly packages: readonly string[];
  readonly linker: readonly string[];
}): Promise<void> {
  const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', '-ldflags', what.linker.join(' '), '-o', what.output];
  // At low priority, since other work (the fast tests, or the user's) usually runs meanwhile.
  await runCommand('nice', ['-n', '19', 'go', 'build', ...flags, ...what.packages], {
    cwd: what.module,
    env: { CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' },
    timeoutMs: 60 * 60_000,
  });
}
