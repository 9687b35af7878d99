/** Where the shell blocks of documents are executed: each block without a word of what it lacks has to stand here. */

interface ExecutedBlock {
  readonly document: string;
  readonly heading: string;
  /** Which of the blocks of the section, from 0. */
  readonly index: number;
  /** The test that executes it, which names document and heading. */
  readonly by: string;
}

const LOCAL = 'test/local/documents.test.ts';
const KUBE = 'test/kube/install/documents.test.ts';
const INSTALL = 'test/kube/install/commands.test.ts';
const DEV_CLUSTER = 'test/cluster/dev-cluster.test.ts';
const CHART = 'charts/distillation-operator/README.md';

/** The blocks of these sections, by their indexes, are executed by one test. */
const inSection = (
  by: string,
  document: string,
  headings: Readonly<Record<string, readonly number[]>>,
): ExecutedBlock[] =>
  Object.entries(headings).flatMap(([heading, indexes]) => indexes.map((index) => ({ document, heading, index, by })));

export const EXECUTED: readonly ExecutedBlock[] = [
  ...inSection('.ci/run', 'README.md', { 'Try it': [1] }),
  ...inSection(LOCAL, 'README.md', { 'Try it': [2] }),
  ...inSection(LOCAL, 'docs/own-network.md', { 'Run it': [0] }),
  ...inSection(LOCAL, 'docs/user-guide.md', {
    'Quick start': [1],
    'Writing the manifest': [0],
    'When something goes wrong': [0],
  }),
  ...inSection(INSTALL, 'README.md', { 'On a cluster': [0] }),
  ...inSection(DEV_CLUSTER, 'README.md', { 'On a cluster': [1] }),
  ...inSection(INSTALL, CHART, { 'distillation-operator': [0], 'Upgrade, roll back, uninstall': [0, 1] }),
  ...inSection(INSTALL, 'docs/cluster.md', { Install: [1] }),
  ...inSection(DEV_CLUSTER, 'docs/cluster.md', {
    Install: [0],
    'Put teacher and data on the volume': [0],
    'Run and follow': [0],
  }),
  ...inSection(KUBE, 'docs/gitops.md', { 'Argo CD': [0] }),
  ...inSection(KUBE, 'docs/install/on-premises.md', { 'On machines of your own, with the GPU operator': [0] }),
  ...inSection(KUBE, 'docs/reference/worker.md', { 'How a process ends': [0] }),
];
