import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tools/longest-first.ts';

// What starts whole jobs, installs something, or needs a Kubernetes is named here; everything else is a unit test.

/** Unit tests that change their process, its backend or what it does on signals: each file has one of its own. */
const ALONE = 'worker/src/{backend,process}/**/*.test.ts';
const LOCAL = [
  'test/{local,faults,keras}/**/*.test.ts',
  'tools/cli-package/install.test.ts',
  'tools/image/stage.test.ts',
];
const KUBE = 'test/kube/**/*.test.ts';
const CLUSTER = 'test/cluster/**/*.test.ts';
/** Not part of `npm test`: docs/testing.md. */
const IMAGES = 'test/images/**/*.test.ts';

/** How often a condition is asked for where each question costs the API server some milliseconds (`tools/kube-harness/access/until.ts`). */
const pollMs = (usual: number): string => process.env['DISTILL_TEST_POLL_MS'] ?? String(usual);

export default defineConfig({
  test: {
    // The native TensorFlow addon cannot be loaded by several threads of a process.
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    testTimeout: 900_000,
    hookTimeout: 900_000,
    // Longer than anything takes on a busy machine: a test that fails waits as long, one that passes does not.
    expect: { poll: { timeout: 600_000 } },
    env: { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '2' },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{packages,operator,worker,cli,tools}/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ALONE, ...LOCAL, KUBE, CLUSTER, IMAGES],
          // A process runs one file after the other, in any order: TensorFlow and what the tests import are loaded once.
          isolate: false,
          setupFiles: ['test/support/shared-process.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: [ALONE],
          setupFiles: ['test/support/shared-process.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'local',
          include: LOCAL,
          globalSetup: ['test/support/tiny/global-setup.ts'],
          setupFiles: ['test/support/shared-process.ts'],
          isolate: false,
          // Longer than what these tests wait for, so that it is their own message that is seen.
          testTimeout: 3_600_000,
          hookTimeout: 3_600_000,
          // Much of what they do is to wait, for steps that are made to last and for volumes that fail.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'kube',
          include: [KUBE],
          globalSetup: ['test/kube/support/global-setup.ts'],
          setupFiles: ['test/kube/support/per-file.ts'],
          isolate: false,
          // Longer than what these tests wait for, so that it is their own message that is seen.
          testTimeout: 3_600_000,
          hookTimeout: 3_600_000,
          maxWorkers: 2,
          env: { DISTILL_TEST_POLL_MS: pollMs(100) },
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'cluster',
          include: [CLUSTER],
          globalSetup: ['test/cluster/global-setup.ts'],
          setupFiles: ['test/cluster/per-file.ts'],
          isolate: false,
          testTimeout: 3_600_000,
          hookTimeout: 3_600_000,
          // Much is waiting: for leases, for nodes to be given up, for a turn (`alone`).
          maxWorkers: 3,
          env: { DISTILL_TEST_POLL_MS: pollMs(250) },
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'images',
          include: [IMAGES],
          testTimeout: 1_800_000,
          hookTimeout: 1_800_000,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
