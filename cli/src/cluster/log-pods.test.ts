import type { WirePod } from '@distillation/kube/wire';
import { LABEL } from '@distillation/api/labels';
import { describe, expect, it } from 'vitest';
import type { JobObject } from './jobs.ts';
import { binsInstead, podsOf } from './log-pods.ts';

const job = { status: { bins: [{ index: 4, state: 'Running', blocks: 1, pod: 'w1' }] } } as JobObject;

function pod(
  name: string,
  role: string,
  { index = '0', created = '2026-01-01T00:00:00Z', begun = true } = {},
): WirePod {
  const state = begun ? { running: {} } : { waiting: {} };
  return {
    metadata: {
      name,
      creationTimestamp: created,
      labels: { [LABEL.role]: role },
      annotations: { 'batch.kubernetes.io/job-completion-index': index },
    },
    status: { containerStatuses: [{ name: 'worker', state }] },
  } as unknown as WirePod;
}

const pods = [
  pod('f', 'finalizer', { begun: false }),
  pod('w1', 'worker', { index: '1' }),
  pod('late', 'worker', { created: '2026-01-02T00:00:00Z' }),
  pod('early', 'worker'),
  pod('p', 'planner'),
  pod('other', 'something'),
];
const titles = (selection = {}) =>
  podsOf(job, pods, selection).map(({ pod: { metadata }, title }) => [metadata?.name, title]);

describe('pods of a job', () => {
  it('come in the order of the work, with the bin that the operator names', () => {
    expect(titles()).toEqual([
      ['p', 'planner'],
      ['early', 'bin 0'],
      ['late', 'bin 0'],
      ['w1', 'bin 4'],
      ['f', 'finalizer'],
    ]);
  });

  it('are selected by role and by bin', () => {
    expect(titles({ bin: 4 })).toEqual([['w1', 'bin 4']]);
    expect(titles({ planner: true, finalizer: true })).toEqual([
      ['p', 'planner'],
      ['f', 'finalizer'],
    ]);
  });

  it('have a log once their worker has begun', () => {
    expect(podsOf(job, pods).map(({ hasLog }) => hasLog)).toEqual([true, true, true, true, false]);
  });
});

it('a bin that the job does not have is answered with those that it has, once they are known', () => {
  const two = { status: { bins: [0, 1].map((index) => ({ index, state: 'Running', blocks: 1 })) } } as JobObject;
  expect(binsInstead(two, 7)).toEqual([0, 1]);
  expect(binsInstead(two, 1)).toBeUndefined();
  expect(binsInstead(two, undefined)).toBeUndefined();
  expect(binsInstead({} as JobObject, 7)).toBeUndefined();
});
