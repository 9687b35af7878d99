/** What tests know of the cluster that `global-setup.ts` has made. */
export interface SharedCluster {
  /** Path of the administrator's kubeconfig, which works from this machine. */
  readonly kubeconfig: string;
  /** Path of the program. */
  readonly kubectl: string;
  /** Holds the logs of all components (`log/`) and the volumes (`volumes/`). */
  readonly folder: string;
  /** What a new volume has: the sample's `teachers/` and `datasets/`, the tiny world's `teacher/` and `data/`. */
  readonly material: string;
  readonly nodesSocket: string;
}

export const HELD_TAG = 'held';
/** Image of the worker whose steps last as long as `heldSteps` says. */
export const HELD_WORKER = `localhost/worker:${HELD_TAG}`;

/** Nodes that no test disturbs, with enough GPUs for concurrent jobs. */
export const QUIET = { nodes: ['node1', 'node2'], gpusPerNode: 3 } as const;
/** Nodes that the tests of one file disturb. */
export const TROUBLED = { nodes: ['node3', 'node4'], gpusPerNode: 2 } as const;

type NodeName = (typeof QUIET | typeof TROUBLED)['nodes'][number];

/** Nodes that a test's job keeps to. */
export interface Pool {
  readonly nodes: readonly NodeName[];
  readonly gpusPerNode: number;
}

/** One operator runs where nothing happens, the other one goes down with its node. */
export const OPERATOR_NODES: readonly NodeName[] = ['node1', 'node4'];

declare module 'vitest' {
  interface ProvidedContext {
    readonly cluster: SharedCluster;
  }
}
