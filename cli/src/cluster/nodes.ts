import type { KubeObject, Resource } from '@distillation/kube/resources';

/** What is read of a node. */
export interface WireNode extends KubeObject {
  readonly spec?: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  };
  readonly status?: {
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export const NODES: Resource<WireNode> = { group: '', version: 'v1', plural: 'nodes', kind: 'Node', namespaced: false };

/** Whether a node is ready and takes new pods. */
export const isReady = ({ spec, status }: WireNode): boolean =>
  spec?.unschedulable !== true &&
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
