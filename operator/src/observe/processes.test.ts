import { describe, expect, it } from 'vitest';
import type { WireJob, WirePod } from '@distillation/kube/wire';
import { type JobRules, settlesInMs, singleProcess, workerProcesses } from './processes.ts';
import {
  ago,
  childJob,
  childrenOf,
  complete,
  endedPod,
  errorOf,
  failedJob,
  NOW,
  PLAN,
  podOf,
  runningPod,
} from '../../test/simulated-cluster/objects.ts';
import type { ProcessState } from '@distillation/core/state';

const rules: JobRules = { backoffLimit: 2, now: NOW };

type Case = readonly [string, WireJob[], WirePod[], ProcessState];
const done = childJob('planner', { status: complete() });
const justDone = childJob('planner', { status: complete(3) });
const gaveUp = childJob('planner', { status: failedJob('BackoffLimitExceeded', { failed: 3 }) });
const refused = childJob('planner', {
  status: failedJob('PodFailurePolicy', {
    failed: 1,
    message: 'Container worker for pod ml/x failed with exit code 65 matching FailJob rule at index 1',
  }),
});
const second = childJob('planner', { attempt: 1, created: ago(10) });

const single: readonly Case[] = [
  ['nothing was ever started', [], [], { state: 'Idle', ended: 0 }],
  ['it runs', [childJob('planner')], [], { state: 'Running', ended: 0 }],
  ['it is retried', [childJob('planner', { status: { failed: 2 } })], [], { state: 'Running', ended: 2 }],
  ['it is suspended', [childJob('planner', { suspend: true, asked: true })], [], { state: 'Idle', ended: 0 }],
  [
    'somebody deleted it',
    [childJob('planner', { suspend: true, asked: true, deleted: ago(1) })],
    [],
    { state: 'Running', ended: 0 },
  ],
  [
    'it ended well',
    [done],
    [endedPod(done, 0, { said: { type: 'Planned', plan: PLAN } })],
    { state: 'Exited', ended: 1, exitCode: 0 },
  ],
  [
    'it ended well and was no planner',
    [done],
    [endedPod(done, 0)],
    {
      state: 'Exited',
      ended: 1,
      exitCode: 0,
      termination: {
        message: 'It ended without an error and said nothing of its work.',
        fix: expect.stringContaining('if the image') as string,
      },
    },
  ],
  ['it ended well and its pod was deleted since', [done], [], { state: 'Exited', ended: 1, exitCode: 0 }],
  [
    'it has just ended and its pod’s termination message is yet to be observed',
    [justDone],
    [],
    { state: 'Running', ended: 1 },
  ],
  [
    'it has just ended and its pod still seems to run',
    [justDone],
    [runningPod(justDone)],
    { state: 'Running', ended: 1 },
  ],
  [
    'it used up its retries',
    [gaveUp],
    [endedPod(gaveUp, 70, { created: ago(80) }), endedPod(gaveUp, 139, { name: 'later', created: ago(50) })],
    { state: 'Exited', ended: 3, exitCode: 139 },
  ],
  [
    'it refused the input and said why',
    [refused],
    [endedPod(refused, 65, { said: errorOf('DISTILL_E_TEACHER_MISSING', 'No teacher.', 'Put it there.') })],
    {
      state: 'Exited',
      ended: 1,
      exitCode: 65,
      termination: { code: 'DISTILL_E_TEACHER_MISSING', message: 'No teacher.', fix: 'Put it there.' },
    },
  ],
  ['it refused the input and its pod is gone', [refused], [], { state: 'Exited', ended: 1, exitCode: 65 }],
  ['it goes on in a second attempt', [second, done], [endedPod(done, 0)], { state: 'Running', ended: 1 }],
];

describe('planner and finalizer', () => {
  it.each(single)('%s', (_, ...[jobs, pods, expected]) => {
    expect(singleProcess(childrenOf('planner', jobs, pods), rules)).toEqual(expected);
  });

  it('one that others have suspended counts as running: it must not be started, and can be stopped', () => {
    const held = childrenOf('planner', [childJob('planner', { suspend: true, asked: false })]);
    expect(singleProcess(held, rules).state).toBe('Running');
    const job = childJob('planner', { suspend: true, asked: true });
    const labels = { ...job.metadata?.labels, 'kueue.x-k8s.io/queue-name': 'team' };
    const queued = childrenOf('planner', [{ ...job, metadata: { ...job.metadata, labels } }]);
    expect(singleProcess(queued, rules).state).toBe('Running');
  });
});

const workers = (jobs: WireJob[], pods: WirePod[] = []): Record<number, ProcessState> =>
  Object.fromEntries(workerProcesses(childrenOf('worker', jobs, pods), rules));

describe('workers', () => {
  const bins = [0, 2, 5];
  const at = (status: WireJob['status'], more = {}): WireJob => childJob('worker', { bins, status, ...more });

  it('each is the index of its bin', () => {
    const job = at({ active: 1, completedIndexes: '0', failedIndexes: '2', failed: 3 });
    const pods = [endedPod(job, 0, { index: 0 }), runningPod(job, { index: 1 }), endedPod(job, 137, { index: 2 })];
    expect(workers([job], pods)).toEqual({
      0: { state: 'Exited', ended: 1, exitCode: 0 },
      2: { state: 'Running', ended: 0 },
      5: { state: 'Exited', ended: 3, exitCode: 137 },
    });
  });

  it('of a suspended Job those that have not ended are idle', () => {
    const job = at({ completedIndexes: '1' }, { suspend: true, asked: true });
    const states = workers([job], [endedPod(job, 0, { index: 1 })]);
    expect(Object.values(states).map(({ state }) => state)).toEqual(['Idle', 'Exited', 'Idle']);
  });

  it('one that failed counts as running while its pod still seems to run, since the pod says why', () => {
    const job = at({ failedIndexes: '0' });
    const first = endedPod(job, 139, { index: 0, name: 'first' });
    expect(workers([job], [first, runningPod(job, { index: 0 })])[0]).toEqual({ state: 'Running', ended: 0 });
    expect(workers([job])[0]).toEqual({ state: 'Running', ended: 0 });
    expect(workers([job], [first])[0]).toEqual({ state: 'Exited', ended: 3, exitCode: 139 });
  });

  it('a Job that was terminated as a whole ends the indexes without an outcome', () => {
    const job = at(failedJob('DeadlineExceeded', { completedIndexes: '0' }));
    expect(workers([job])).toEqual({
      0: { state: 'Exited', ended: 1, exitCode: 0 },
      2: { state: 'Exited', ended: 1 },
      5: { state: 'Exited', ended: 1 },
    });
  });

  it('runs count over all attempts, and the newest attempt of a bin tells its state', () => {
    const first = at(complete(60, { completedIndexes: '0-2' }));
    const next = childJob('worker', { bins: [2], attempt: 1, created: ago(10) });
    expect(workers([next, first], [podOf(next, { index: 0 })])).toEqual({
      0: { state: 'Exited', ended: 1, exitCode: 0 },
      2: { state: 'Running', ended: 1 },
      5: { state: 'Exited', ended: 1, exitCode: 0 },
    });
  });
});

it('an attempt that has just ended is reconciled again when its pods are not expected to report more', () => {
  const settling = (job: WireJob, pods: WirePod[]): number | undefined => {
    const [attempt] = childrenOf('planner', [job], pods).attempts;
    return attempt && settlesInMs(attempt, NOW);
  };
  expect(settling(justDone, [])).toBe(7000);
  expect(settling(justDone, [endedPod(justDone, 0)])).toBeUndefined();
  expect(settling(done, [])).toBeUndefined();
  expect(settling(childJob('planner'), [])).toBeUndefined();
});
