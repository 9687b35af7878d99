import type { Changes } from './corpus.ts';

/** Changes of a job on a cluster, and whether they are allowed. */
export interface Update {
  readonly title: string;
  readonly from?: Changes;
  /** The changes to `from`. */
  readonly set: Changes;
  /** Status of the condition `Succeeded` at that time; absent when no operator has seen the job yet. */
  readonly succeeded?: 'True' | 'False' | 'Unknown';
  /** JSON pointer of the field that the error must name; absent when the change is allowed. */
  readonly refused?: string;
}

const SUSPENDED: Changes = { 'spec.cluster.suspend': true };

/** A change of each part that may not change while pods work with it. */
const FROZEN: readonly (readonly [string, Changes])[] = [
  ['teacher', { 'spec.teacher.path': 'other/model.json' }],
  ['dataset', { 'spec.dataset.batchSize': 64 }],
  ['blocks', { 'spec.blocks.exclude': ['conv1'] }],
  ['training', { 'spec.training.optimizer.learningRate': '0.02' }],
  ['selection', { 'spec.selection.minAccuracy': '0.7' }],
  ['fineTuning', { 'spec.fineTuning.epochs': 3 }],
  ['outputs', { 'spec.outputs.workingFiles': 'DeleteOnSuccess' }],
  ['scheduling.costSource', { 'spec.scheduling.costSource': 'Recorded' }],
  ['cluster.volume', { 'spec.cluster.volume.claimName': 'other' }],
  ['cluster.teacherVolume', { 'spec.cluster.teacherVolume': { claimName: 'models' } }],
  ['cluster.datasetVolume', { 'spec.cluster.datasetVolume': { claimName: 'data' } }],
];

/** Those of them that may not change once the student exists. */
const PLACES = ['outputs', 'cluster.volume', 'cluster.teacherVolume', 'cluster.datasetVolume'];

const frozenCases = FROZEN.flatMap(([field, set]): Update[] => [
  {
    title: `${field} while the job runs`,
    set,
    succeeded: 'Unknown',
    refused: `/spec/${field.replaceAll('.', '/')}`,
  },
  { title: `${field} of a suspended job`, from: SUSPENDED, set, succeeded: 'Unknown' },
  { title: `${field} of a job that failed`, set, succeeded: 'False' },
  {
    title: `${field} of a job that succeeded`,
    set: { ...set, ...SUSPENDED },
    succeeded: 'True',
    ...(PLACES.includes(field) && { refused: `/spec/${field.replaceAll('.', '/')}` }),
  },
]);

export const UPDATES: readonly Update[] = [
  ...frozenCases,
  {
    title: 'training before any operator saw the job',
    set: { 'spec.training.epochs': 2 },
    refused: '/spec/training',
  },
  {
    title: 'training with the write that suspends',
    set: { 'spec.training.epochs': 2, ...SUSPENDED },
    succeeded: 'Unknown',
  },
  {
    title: 'training with the write that resumes',
    from: SUSPENDED,
    set: { 'spec.training.epochs': 2, 'spec.cluster.suspend': false },
    succeeded: 'Unknown',
  },
  {
    title: 'the threshold of a job that succeeded',
    set: { 'spec.selection.maxAccuracyDrop': '0.1' },
    succeeded: 'True',
  },
  {
    title: 'a volume of its own given up',
    from: { 'spec.cluster.teacherVolume': { claimName: 'models' } },
    set: { 'spec.cluster.teacherVolume': undefined },
    succeeded: 'Unknown',
    refused: '/spec/cluster/teacherVolume',
  },
  { title: 'a default written out', set: { 'spec.training.epochs': 1, 'spec.blocks': {} }, succeeded: 'Unknown' },
  {
    title: 'all that may change while the job runs',
    set: {
      'spec.scheduling': { bins: 4, policy: 'BinPacking', passes: 'Independent' },
      'spec.cluster.gpu': { resourceName: 'nvidia.com/mig-1g.5gb', count: 2 },
      'spec.cluster.workerTemplate': { image: 'worker:2', env: [{ name: 'A', value: 'b' }] },
      'spec.cluster.finalizerTemplate': { nodeSelector: { pool: 'big' } },
      'spec.cluster.activeDeadlineSeconds': 3600,
      'spec.cluster.pendingDeadlineSeconds': 600,
      'spec.cluster.backoffLimit': 1,
      'spec.cluster.ttlSecondsAfterFinished': 60,
      'spec.cluster.queueName': 'team-a',
      'metadata.labels': { team: 'vision' },
    },
    succeeded: 'Unknown',
  },
  { title: 'suspend', set: SUSPENDED, succeeded: 'Unknown' },
  {
    title: 'a rule between fields broken by a change',
    set: { 'spec.cluster.volume': undefined },
    succeeded: 'False',
    refused: '/spec/cluster/volume',
  },
];
