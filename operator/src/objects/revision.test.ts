import { describe, expect, it } from 'vitest';
import type { Changes } from '../../../packages/api/test/corpus/corpus.ts';
import { revisionOf } from './revision.ts';
import { ROLES, type Role } from '@distillation/api/words';
import { FULL_TEMPLATE, jobObject } from '../../test/children.ts';

/** Changes of a job, each with the roles whose children become stale. */
const CHANGES: readonly (readonly [string, Changes, readonly Role[]])[] = [
  ['another job of the same name', { 'metadata.uid': '00000000-0000-4000-8000-000000000000' }, ROLES],
  ['the teacher', { 'spec.teacher.path': 'other/model.json' }, ROLES],
  ['the data set', { 'spec.dataset.batchSize': 64 }, ROLES],
  ['the blocks', { 'spec.blocks.exclude': ['conv_1'] }, ROLES],
  ['the training', { 'spec.training.epochs': 9 }, ROLES],
  ['the output path', { 'spec.outputs.path': 'jobs/elsewhere' }, ROLES],
  ['the claim', { 'spec.cluster.volume': { claimName: 'other' } }, ROLES],
  ['a folder of the claim', { 'spec.cluster.volume': { claimName: 'shared', subPath: 'team' } }, ROLES],
  ['a claim of the teacher', { 'spec.cluster.teacherVolume': { claimName: 'teachers' } }, ROLES],
  ['a claim of the data set', { 'spec.cluster.datasetVolume': { claimName: 'data' } }, ROLES],
  ['the retries', { 'spec.cluster.backoffLimit': 7 }, ROLES],
  ['the queue', { 'spec.cluster.queueName': 'team-a' }, ROLES],
  ['the cost source', { 'spec.scheduling.costSource': 'Recorded' }, ['planner', 'worker']],
  ['the number of bins', { 'spec.scheduling.bins': 4 }, ['worker']],
  ['the policy', { 'spec.scheduling.policy': 'RoundRobin' }, ['worker']],
  ['the passes', { 'spec.scheduling.passes': 'Independent' }, ['worker']],
  ['the GPUs', { 'spec.cluster.gpu.count': 2 }, ['worker', 'finalizer']],
  ['the GPU resource', { 'spec.cluster.gpu.resourceName': 'nvidia.com/mig-1g.5gb' }, ['worker', 'finalizer']],
  ['the selection', { 'spec.selection.maxAccuracyDrop': '0.1' }, ['finalizer']],
  ['the fine-tuning', { 'spec.fineTuning.epochs': 1 }, ['finalizer']],
  ['the formats of the student', { 'spec.outputs.formats': ['Keras'] }, ['finalizer']],
  ['what becomes of the working files', { 'spec.outputs.workingFiles': 'DeleteOnSuccess' }, ['finalizer']],
  ['the finalizer’s template', { 'spec.cluster.finalizerTemplate': { image: 'own:1' } }, ['finalizer']],
  // The finalizer inherits from it what its own template leaves out.
  ['the workers’ template', { 'spec.cluster.workerTemplate': { image: 'own:1' } }, ROLES],
  ['labels of pods', { 'spec.cluster.workerTemplate': { labels: { team: 'vision' } } }, ROLES],
  [
    'annotations of the finalizer’s pod',
    { 'spec.cluster.finalizerTemplate': { annotations: { 'sidecar.istio.io/inject': 'false' } } },
    ['finalizer'],
  ],
  ['suspend', { 'spec.cluster.suspend': true }, []],
  ['a deadline', { 'spec.cluster.activeDeadlineSeconds': 60 }, []],
  ['a deadline for waiting', { 'spec.cluster.pendingDeadlineSeconds': 60 }, []],
  ['the time to live', { 'spec.cluster.ttlSecondsAfterFinished': 60 }, []],
  ['a label', { 'metadata.labels': { team: 'vision' } }, []],
  ['the generation', { 'metadata.generation': 8, 'metadata.resourceVersion': '2000' }, []],
];

const changed = (before: Changes, change: Changes): readonly Role[] =>
  ROLES.filter((role) => revisionOf(role, jobObject(before)) !== revisionOf(role, jobObject({ ...before, ...change })));

describe('the revision of a child', () => {
  it.each(CHANGES)('%s changes it only for the roles that are created from it', (_, change, roles) => {
    expect(changed({}, change)).toEqual(roles);
  });

  it('includes the GPUs of a planner that measures costs', () => {
    expect(changed({ 'spec.scheduling.costSource': 'Measured' }, { 'spec.cluster.gpu.count': 2 })).toEqual(ROLES);
  });

  it('does not change for a finalizer when its own template overrides the changed fields of the workers’', () => {
    const before = { 'spec.cluster.finalizerTemplate': FULL_TEMPLATE, 'spec.cluster.workerTemplate': { image: 'a' } };
    expect(changed(before, { 'spec.cluster.workerTemplate': { image: 'b' } })).toEqual(['planner', 'worker']);
  });

  it('is ten hexadecimal digits, different for each role', () => {
    const revisions = ROLES.map((role) => revisionOf(role, jobObject()));
    expect(new Set(revisions).size).toBe(ROLES.length);
    for (const revision of revisions) expect(revision).toMatch(/^[0-9a-f]{10}$/);
  });
});
