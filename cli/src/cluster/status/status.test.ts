import type { DistillationJobStatus } from '@distillation/api/job';
import { expect, it } from 'vitest';
import { age } from '../../present/age.ts';
import { liveTable } from '../../present/live/live-table.ts';
import { plainLines } from '../../present/live/plain-lines.ts';
import type { JobObject } from '../jobs.ts';
import { forMachines } from '../output.ts';
import { change } from '../verbs/run.ts';
import { jobTable, verdictNow } from './job-table.ts';
import { failureOf, formerStudentLine, resultLines } from './result.ts';
import { clusterView } from './view.ts';
import { manifestWith } from '../../../../packages/api/test/corpus/corpus.ts';
import { validateJob } from '@distillation/api/validate';

const CREATED = '2026-01-01T00:00:00Z';
const NOW = new Date('2026-01-01T00:05:49Z');

/** A job as the API server returns it. */
function jobWith(status?: DistillationJobStatus, metadata: Partial<JobObject['metadata']> = {}): JobObject {
  const checked = validateJob(manifestWith({}), 'Cluster');
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  return {
    ...checked.job,
    metadata: {
      name: 'vgg',
      namespace: 'team-a',
      uid: 'u1',
      generation: 1,
      resourceVersion: '7',
      creationTimestamp: CREATED,
      ...metadata,
    },
    ...(status !== undefined && { status }),
  };
}

const condition = (status: 'True' | 'False' | 'Unknown', reason: string, message = 'So it is.') => ({
  conditions: [
    { type: 'Succeeded' as const, status, reason, message, observedGeneration: 1, lastTransitionTime: CREATED },
  ],
});

const TRAINING: DistillationJobStatus = {
  observedGeneration: 1,
  stage: 'Training',
  ...condition('Unknown', 'Training'),
  startTime: CREATED,
  plan: { key: 'k', blocks: 2, kept: 1, epochs: 3 },
  progress: { percent: 23, blocks: '1/2', bins: '1/2', eta: '4m13s', remainingSeconds: 253 },
  bins: [
    { index: 0, state: 'Running', blocks: 1, pod: 'p0', node: 'node-1', restarts: 1, imagesPerSecond: '1240' },
    { index: 1, state: 'Waiting', blocks: 1, pod: 'p1', message: '0/3 nodes are available.' },
  ],
  blocks: [
    { name: 'conv_1', state: 'Done', epoch: 3, bin: 0, loss: '0.01234' },
    { name: 'conv_2', state: 'Training', epoch: 1, bin: 1, loss: '0.5' },
  ],
};

const RESULT: DistillationJobStatus['result'] = {
  recipe: 'r',
  outcome: 'StudentBuilt',
  teacherAccuracy: '0.7860',
  studentAccuracy: '0.7700',
  teacherParameters: 4000,
  studentParameters: 1000,
  teacherMacs: 80_000,
  studentMacs: 20_000,
  compression: '4.00x',
  speedup: '1.90x',
  studentPath: 'jobs/vgg/student',
  reportPath: 'jobs/vgg/report.html',
  studentSha256: 'f',
};

it('shows ages as kubectl does', () => {
  expect([0, 79, 120, 349, 600, 7200, 11_100, 90_000, 200_000, 9e7].map(age)).toEqual([
    '0s',
    '79s',
    '2m',
    '5m49s',
    '10m',
    '120m',
    '3h5m',
    '25h',
    '2d7h',
    '1041d',
  ]);
});

it('lists jobs in the columns of kubectl', () => {
  const jobs = [
    jobWith(TRAINING),
    jobWith({ stage: 'Failed', reason: 'TeacherMissing', ...condition('False', 'TeacherMissing') }, { name: 'vit' }),
    jobWith({ stage: 'Succeeded', ...condition('True', 'Succeeded'), result: RESULT }, { name: 'resnet' }),
  ];
  expect(jobTable(jobs, { now: NOW })).toEqual([
    'NAME    STATUS     REASON          PROGRESS  BLOCKS  BINS  ETA    AGE',
    'vgg     Training                   23        1/2     1/2   4m13s  5m49s',
    'vit     Failed     TeacherMissing                                 5m49s',
    'resnet  Succeeded                                                 5m49s',
  ]);
  const [head, , , last] = jobTable(jobs, { now: NOW, wide: true, namespaces: true });
  expect(head).toMatch(/^NAMESPACE +NAME .* AGE +TEACHER +ACCURACY +RATIO +SPEEDUP$/);
  expect(last).toMatch(/^team-a +resnet .* teacher\/model.json +0.7700 +4.00x +1.90x$/);
});

it('lists jobs of an operator that wrote no stage by the reason of their condition', () => {
  const [, row] = jobTable([jobWith(condition('False', 'TeacherMissing'))], { now: NOW });
  expect(row).toMatch(/^vgg +TeacherMissing +5m49s$/);
});

it('shows a job from its status as local mode shows its own', () => {
  const view = clusterView(jobWith(TRAINING), NOW);
  expect(liveTable(view, 120)).toEqual([
    'Training  23 %  █████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  5 min 49 s, about 4 min 13 s left',
    '',
    'bin 0  running      1,240 images/s    1 block, on node-1, restarted once',
    'bin 1  waiting                        1 block, 0/3 nodes are available.',
    '',
    'block   state     epoch    loss  unexplained  bin',
    'conv_1  trained     3/3  0.0123                 0',
    'conv_2  training    1/3     0.5                 1',
  ]);
  expect(plainLines(undefined, view)).toEqual(
    [
      'Training',
      'bin 0: running, 1 block, on node-1, restarted once',
      'bin 1: waiting, 1 block, 0/3 nodes are available.',
      '1 of 2 blocks trained already',
      'conv_2: epoch 1 of 3, loss 0.5, bin 1',
      '20 % done, about 4 min 13 s left',
    ].map((line) => `[5 min 49 s] ${line}`),
  );
});

it('says of every block of a pass that it is in training, and which epoch its bin is in', () => {
  const blocks = ['conv_1', 'conv_2'].map((name) => ({ name, state: 'Training' as const, epoch: 0, bin: 0 }));
  const bins = [{ index: 0, state: 'Running' as const, blocks: 2, imagesPerSecond: '386' }];
  const view = clusterView(jobWith({ ...TRAINING, blocks, bins }), NOW);
  expect(liveTable(view, 120).slice(2)).toEqual([
    'bin 0  running  epoch 1 of 3    386 images/s    2 blocks',
    '',
    'block   state     epoch  loss  unexplained  bin',
    'conv_1  training    0/3                       0',
    'conv_2  training    0/3                       0',
  ]);
});

it('says what the finalizer does, under the head and in a log', () => {
  const doing = (message: string) => {
    const status = {
      ...TRAINING,
      ...condition('Unknown', 'Finalizing', message),
      stage: 'Finalizing' as const,
      blocks: [],
    };
    return clusterView(jobWith(status), NOW);
  };
  const [before, after] = [doing('Fine-tuning, epoch 1 of 5.'), doing('Fine-tuning, epoch 2 of 5.')];
  expect(liveTable(after, 120)).toEqual([
    expect.stringMatching(/^Finalizing {2}23 %/),
    'Fine-tuning, epoch 2 of 5.',
    '',
  ]);
  expect(plainLines(before, after)).toEqual(['[5 min 49 s] Fine-tuning, epoch 2 of 5.']);
});

it('counts the time of a job that is over to its end', () => {
  const status = { ...TRAINING, ...condition('False', 'TeacherMissing'), completionTime: '2026-01-01T00:02:00Z' };
  expect(clusterView(jobWith(status), NOW).elapsedSeconds).toBe(120);
  expect(clusterView(jobWith(TRAINING), NOW).elapsedSeconds).toBe(349);
});

it('says what keeps a job waiting once, and wraps it', () => {
  const message = 'No node takes pod vgg-worker-0: no nodes available. Add nodes that have what it asks for.';
  const status = { ...TRAINING, ...condition('Unknown', 'Unschedulable', message), reason: 'Unschedulable' };
  const view = clusterView(jobWith({ ...status, bins: [{ index: 0, state: 'Waiting', blocks: 2, message }] }), NOW);
  expect(view.trouble).toBe(message);
  const lines = liveTable(view, 60);
  expect(lines.slice(0, 4)).toEqual([
    expect.stringMatching(/^Training, Unschedulable {2}23 %/),
    'No node takes pod vgg-worker-0: no nodes available. Add',
    'nodes that have what it asks for.',
    '',
  ]);
  expect(lines[4]).toBe('bin 0  waiting          2 blocks');
  expect(plainLines(clusterView(jobWith(TRAINING), NOW), view)).toContain(`[5 min 49 s] ${message}`);
});

it('says that no operator has taken a job up, but not at once', () => {
  expect(clusterView(jobWith(), new Date(Date.parse(CREATED) + 2000)).trouble).toBeUndefined();
  expect(clusterView(jobWith(), NOW)).toMatchObject({
    stage: 'Waiting for the operator',
    trouble: expect.stringContaining('No operator has taken it up') as string,
  });
});

it('a verdict is of the spec that it was judged on', () => {
  const failed = condition('False', 'TeacherMissing');
  expect(verdictNow(jobWith(failed))?.reason).toBe('TeacherMissing');
  expect(verdictNow(jobWith(failed, { generation: 2 }))).toBeUndefined();
  expect(verdictNow(jobWith(TRAINING))).toBeUndefined();
});

it('ends with the result as far as the status has it', () => {
  const blocks = [
    { name: 'conv_1', state: 'Done', epoch: 3, selected: true },
    { name: 'conv_2', state: 'Done', epoch: 3, selected: false },
  ] as const;
  expect(resultLines(jobWith({ ...condition('True', 'Succeeded'), result: RESULT, blocks: [...blocks] }))).toEqual([
    '                                 teacher  student',
    'test accuracy                    78.60 %  77.00 %  −1.60 points',
    'parameters                         4,000    1,000         4.00×',
    'multiply-accumulates              80.0 k   20.0 k         4.00×',
    'speed in ONNX Runtime, 1 thread                           1.90×',
    '',
    '1 of 2 blocks in the student.',
    '',
    'student  jobs/vgg/student on the claim shared',
    'report   jobs/vgg/report.html on the claim shared',
    '',
    'To see the report: `kubectl distill report vgg -n team-a`. To have both here: `kubectl distill fetch vgg -n team-a`.',
  ]);
  expect(resultLines(jobWith(TRAINING))).toEqual([]);
});

it('names the student of a job that was changed since, and the way back to it', () => {
  const job = jobWith({ ...TRAINING, formerStudent: { path: 'jobs/vgg/student', sha256: 'f' } });
  expect(formerStudentLine(job)).toBe(
    'vgg was changed after it had succeeded: the student in jobs/vgg/student is that of before, and stays until the next one is written. With its spec as it was it has succeeded again, with that student.',
  );
  expect(formerStudentLine(jobWith(TRAINING))).toBeUndefined();
});

it('counts layers where several blocks were candidates for one', () => {
  const names = ['conv_1@LowRank-0.25', 'conv_1@LowRank-0.5', 'conv_2@LowRank-0.25'];
  const blocks = names.map((name, at) => ({ name, state: 'Done' as const, epoch: 3, selected: at === 1 }));
  const job = jobWith({ ...condition('True', 'Succeeded'), result: RESULT, blocks });
  const candidates = ['0.25', '0.5'].map((ratio) => ({ architecture: 'LowRank' as const, ratio }));
  const spec = { ...job.spec, blocks: { ...job.spec.blocks, candidates } };
  expect(resultLines({ ...job, spec })).toContain('1 of 2 layers (3 candidates) in the student.');
});

it('a failure has the code and so the exit status of its reason', () => {
  expect(failureOf(jobWith(condition('False', 'TeacherMissing', 'There is no teacher.')))).toMatchObject({
    code: 'DISTILL_E_TEACHER_MISSING',
    exitCode: 65,
    message: 'vgg has failed, TeacherMissing: There is no teacher.',
    fix: 'Once the cause is mended: `kubectl distill retry vgg -n team-a`.',
  });
  expect(failureOf(jobWith(condition('False', 'WorkerFailed')))).toMatchObject({ exitCode: 75 });
  expect(failureOf(jobWith(condition('False', 'DeadlineExceeded')))).toMatchObject({ code: 'DISTILL_E_JOB_FAILED' });
  expect(failureOf(jobWith(condition('True', 'Succeeded')))).toBeUndefined();
});

it('writes jobs for programs as kubectl does', () => {
  const job = jobWith(TRAINING);
  expect(forMachines(job, 'name')).toBe('distillationjob.distillation.dev/vgg\n');
  expect(JSON.parse(forMachines(job, 'json'))).toMatchObject({ kind: 'DistillationJob', metadata: { name: 'vgg' } });
  expect(JSON.parse(forMachines([job], 'json'))).toMatchObject({
    kind: 'List',
    items: [{ metadata: { name: 'vgg' } }],
  });
  expect(forMachines([job], 'yaml')).toMatch(/^apiVersion: v1\nkind: List\nitems:\n/);
});

it('tells what an apply has changed', () => {
  const job = jobWith(TRAINING);
  expect(change(undefined, job)).toBe('created');
  expect(change(jobWith(TRAINING, { uid: 'u0' }), job)).toBe('created');
  expect(change(jobWith(undefined, { resourceVersion: '3' }), job)).toBe('unchanged');
  expect(change(job, jobWith(TRAINING, { generation: 2 }))).toBe('configured');
  expect(change(job, jobWith(TRAINING, { labels: { team: 'a' } }))).toBe('configured');
});
