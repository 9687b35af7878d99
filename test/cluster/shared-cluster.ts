/** What tests know of the cluster that `global-setup.ts` has made. */
export interface SharedCluster {
  /** Path of the administrator's kubeconfig, which works from this machine. */
  readonly kubeconfig: string;
  /** Path of the program. */
  readonly kubectl: string;
  /** Holds the logs of all components (`log/`) and the volumes (`volumes/`). */
  readonly folder: string;
  /** `teachers/` and `datasets/` as a new volume has them. */
  readonly material: string;
  readonly nodesSocket: string;
}

export const NODES = ['node1', 'node2'] as const;
export const GPUS_PER_NODE = 2;

declare module 'vitest' {
  interface ProvidedContext {
    readonly cluster: SharedCluster;
  }
}
