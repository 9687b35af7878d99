import { defineConfig } from 'vitest/config';

/** What starts whole jobs, and what needs a Kubernetes, is named here; everything else is a unit test. */
const LOCAL = 'test/{local,faults}/**/*.test.ts';
const KUBE = 'test/kube/**/*.test.ts';
const CLUSTER = 'test/cluster/**/*.test.ts';

export default defineConfig({
  test: {
    // The native TensorFlow addon is loaded once a process and cannot be unloaded: a process a file.
    pool: 'forks',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '2' },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{packages,operator,worker,cli,tools}/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', LOCAL, KUBE, CLUSTER],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'local',
          include: [LOCAL],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'kube',
          include: [KUBE],
          globalSetup: ['test/kube/support/global-setup.ts'],
          // Longer than what these tests wait for, so that it is their own message that is seen.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'cluster',
          include: [CLUSTER],
          globalSetup: ['test/cluster/global-setup.ts'],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          // One cluster with few GPUs: what a test does to it, another must not see.
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
