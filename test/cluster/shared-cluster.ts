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

/** Nodes that no test disturbs, with enough GPUs for concurrent jobs. */
export const QUIET = { nodes: ['node1', 'node2'], gpusPerNode: 3 } as const;
/** Nodes that the tests of one file disturb. */
export const TROUBLED = { nodes: ['node3', 'node4'], gpusPerNode: 2 } as const;

/** Nodes that a test's job keeps to. */
export type Pool = typeof QUIET | typeof TROUBLED;
type NodeName = Pool['nodes'][number];

/** One operator runs where nothing happens, the other one goes down with its node. */
export const OPERATOR_NODES: readonly NodeName[] = ['node1', 'node4'];

declare module 'vitest' {
  interface ProvidedContext {
    readonly cluster: SharedCluster;
  }
}
