import { Option } from 'commander';

/** The flags by which kubectl finds cluster and namespace; these commands take the same ones with the same meaning. */
export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly as?: string;
  readonly asGroup?: readonly string[];
  /** Whether the command has `--local` too, so that a refusal may name it. */
  readonly hasLocal?: boolean;
}

const together = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];

export const clusterOptions = (): Option[] => [
  new Option('-n, --namespace <name>', 'namespace of the job; by default that of the context'),
  new Option('--context <name>', 'context of the kubeconfig; by default its current one'),
  new Option('--kubeconfig <file>', 'by default $KUBECONFIG, else ~/.kube/config'),
  new Option('--as <user>', 'act as another user, by impersonation'),
  new Option('--as-group <group>', 'and as a member of this group; may be repeated').argParser(together),
];

/** `--local`, and `--volume`, which is of this machine alone and so means it too. */
export interface SideOptions {
  readonly local?: boolean;
  readonly volume?: string;
}

/** Whether a command is about this machine and not about a cluster. */
export const isLocal = ({ local, volume }: SideOptions): boolean => local === true || volume !== undefined;
