import { join } from 'node:path';
import { SERVICE_ACCOUNT_KEY, TOKENS } from './access/credentials.ts';

/** The processes of a control plane in the order of their start. CoreDNS runs only where there can be nodes. */
export const COMPONENTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'coredns'] as const;
export type ComponentName = (typeof COMPONENTS)[number];

export interface Endpoints {
  readonly address: string;
  readonly apiPort: number;
  readonly etcdPort: number;
  readonly etcdPeerPort: number;
}

export interface CommandLineInput {
  readonly folder: string;
  readonly endpoints: Endpoints;
  readonly kubeconfigOf: (user: string) => string;
  /** Path of each program. */
  readonly tools: Partial<Record<ComponentName, string>>;
  /** Additional arguments, `--name=value`, which override ours. */
  readonly args: Partial<Record<ComponentName, readonly string[]>>;
}

/** Address range of Services; its first address is the API server's own. */
const SERVICE_RANGE = '10.96.0.0/16';

/** Garbage collection took a third to almost half of the API server's CPU time, so it runs only above one and a half gigabytes. */
export const ENVIRONMENT: Partial<Record<ComponentName, Readonly<Record<string, string>>>> = {
  'kube-apiserver': { GOGC: 'off', GOMEMLIMIT: '1536MiB' },
};

/** The command of a component; restarting it any number of times gives the same result. */
export function commandLine(name: ComponentName, input: CommandLineInput): readonly [string, ...string[]] {
  const tool = input.tools[name];
  if (tool === undefined) throw new Error(`there is no ${name} here`);
  return [tool, ...ARGUMENTS[name](input), ...(input.args[name] ?? [])];
}

const ARGUMENTS: Record<ComponentName, (input: CommandLineInput) => readonly string[]> = {
  etcd: ({ folder, endpoints: { etcdPort, etcdPeerPort } }) => {
    const [client, peer] = [etcdPort, etcdPeerPort].map((port) => `http://127.0.0.1:${port}`) as [string, string];
    return [
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      // The data have to survive a crash of the process, not of the machine.
      '--unsafe-no-fsync',
    ];
  },

  'kube-apiserver': ({ folder, endpoints: { address, apiPort, etcdPort } }) => [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    `--bind-address=${address}`,
    `--advertise-address=${address}`,
    `--secure-port=${apiPort}`,
    // The API server creates its certificate there at the first start.
    `--cert-dir=${join(folder, 'certs')}`,
    '--authorization-mode=Node,RBAC',
    `--token-auth-file=${join(folder, TOKENS)}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${join(folder, SERVICE_ACCOUNT_KEY)}`,
    `--service-account-signing-key-file=${join(folder, SERVICE_ACCOUNT_KEY)}`,
    `--service-cluster-ip-range=${SERVICE_RANGE}`,
    '--allow-privileged=true',
    '--kubelet-preferred-address-types=InternalIP',
    '--profiling=false',
  ],

  'kube-controller-manager': ({ folder, kubeconfigOf }) => [
    `--kubeconfig=${kubeconfigOf('kube-controller-manager')}`,
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${join(folder, SERVICE_ACCOUNT_KEY)}`,
    `--root-ca-file=${join(folder, 'certs', 'apiserver.crt')}`,
    // A claim that cannot be bound at once is looked at again after 15 s by default: most of what a test would wait for.
    '--pvclaimbinder-sync-period=500ms',
    ...SINGLE,
  ],

  'kube-scheduler': ({ kubeconfigOf }) => [`--kubeconfig=${kubeconfigOf('kube-scheduler')}`, ...SINGLE],

  coredns: ({ folder }) => [`-conf=${join(folder, 'Corefile')}`],
};

/** There is one instance of each, nobody scrapes it, and the client's default rate limit would delay tests by seconds. */
const SINGLE = ['--leader-elect=false', '--secure-port=0', '--kube-api-qps=500', '--kube-api-burst=1000'];

/** Configuration of CoreDNS for the names of the cluster only. */
export function corefile(address: string, kubeconfig: string): string {
  return `.:53 {
  bind ${address}
  errors
  kubernetes cluster.local in-addr.arpa {
    kubeconfig ${kubeconfig}
    pods insecure
    ttl 1
  }
}
`;
}
