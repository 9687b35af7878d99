import type { DistillationJobStatus } from '@distillation/api/job';
import { describe, expect, it } from 'vitest';
import { jobObject } from '../../test/children.ts';
import { plannerConfigMap } from '../objects/config-maps.ts';
import { deadlines, type DeadlineInput } from './deadlines.ts';
import { recipeOf, type StatusResult } from '../observe/result.ts';
import type { DistillationJobObject } from '../objects/snapshot.ts';
import { type JobPhase, phaseOf } from './phase.ts';
import { planFor } from '../../test/simulated-cluster/plan.ts';
import { ago, childJob, endedPod, NOW, podOf, runningPod, snapshotOf } from '../../test/simulated-cluster/objects.ts';
import { timeToLiveMs } from './ttl.ts';
import { findUnreachablePods } from './unreachable-pods.ts';

const worker = childJob('worker');

describe('deadlines', () => {
  const judge = (changes: Partial<DeadlineInput>) =>
    deadlines({ cluster: {}, startTime: ago(100), pods: [], now: NOW, ...changes });

  it('without deadlines there is nothing to do', () => {
    expect(judge({ pods: [podOf(worker, { created: ago(1e6) })] })).toEqual({});
  });

  it('the active deadline counts from the start, and says what to do', () => {
    expect(judge({ cluster: { activeDeadlineSeconds: 130 } })).toEqual({ nextMs: 30_000 });
    const { cause } = judge({ cluster: { activeDeadlineSeconds: 100 } });
    expect(cause).toMatchObject({ process: 'job', reason: 'DeadlineExceeded' });
    expect(cause?.message).toMatch(/activeDeadlineSeconds \(100 s\).*raise or remove/s);
  });

  it('the pending deadline counts from the oldest pod that has not started', () => {
    const cluster = { pendingDeadlineSeconds: 60 };
    const waiting = podOf(worker, { name: 'young', created: ago(50) });
    expect(judge({ cluster, pods: [runningPod(worker, { created: ago(90) }), waiting] })).toEqual({ nextMs: 10_000 });
    expect(judge({ cluster, pods: [endedPod(worker, 0)] })).toEqual({});
    const message = '0/3 nodes are available: 3 Insufficient nvidia.com/gpu.';
    const status = { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] };
    const { cause } = judge({ cluster, pods: [waiting, podOf(worker, { name: 'old', created: ago(60), status })] });
    expect(cause?.reason).toBe('PendingDeadlineExceeded');
    expect(cause?.message).toContain(`Pod old has not started`);
    expect(cause?.message).toContain(message);
  });

  it('the earlier of two is the next', () => {
    const cluster = { activeDeadlineSeconds: 130, pendingDeadlineSeconds: 100 };
    expect(judge({ cluster, pods: [podOf(worker, { created: ago(95) })] }).nextMs).toBe(5000);
  });
});

describe('the time to live', () => {
  const over = (ttl: number | undefined, completionTime: string | undefined): DistillationJobObject => ({
    ...jobObject(ttl === undefined ? {} : { 'spec.cluster.ttlSecondsAfterFinished': ttl }),
    status: completionTime === undefined ? {} : { completionTime },
  });

  it.each<[string, number | undefined, string | undefined, number | undefined]>([
    ['without one a job stays', undefined, ago(1e6), undefined],
    ['one that is not over stays', 10, undefined, undefined],
    ['one that is over stays that long', 100, ago(40), 60_000],
    ['then it goes', 100, ago(100), 0],
    ['at once when it is 0', 0, ago(0), 0],
  ])('%s', (_, ...[ttl, completionTime, expected]) => {
    expect(timeToLiveMs(over(ttl, completionTime), NOW)).toBe(expected);
  });
});

describe('pods on unreachable nodes', () => {
  it('are pods that should have ended some time ago and have not', () => {
    const late = runningPod(worker, { name: 'late', deleted: ago(15) });
    const stuck = podOf(worker, { name: 'never-started', deleted: ago(100) });
    const ending = runningPod(worker, { name: 'ending', deleted: ago(5) });
    const graceful = runningPod(worker, { name: 'graceful', deleted: ago(-20) });
    const ended = endedPod(worker, 0, { name: 'ended', deleted: ago(100) });
    const well = runningPod(worker, { name: 'well' });
    const { pods, nextMs } = findUnreachablePods([late, stuck, ending, graceful, ended, well], NOW);
    expect(pods.map(({ metadata }) => metadata?.name)).toEqual(['late', 'never-started']);
    expect(nextMs).toBe(10_000);
    expect(findUnreachablePods([well, ended], NOW)).toEqual({ pods: [] });
  });
});

describe('a job', () => {
  const verdict = (status: 'True' | 'False' | 'Unknown', observedGeneration: number): DistillationJobStatus => ({
    conditions: [
      { type: 'Succeeded', status, observedGeneration, lastTransitionTime: ago(9), reason: 'Reason', message: '' },
    ],
  });
  const generation = (job: DistillationJobObject, n: number): DistillationJobObject => ({
    ...job,
    metadata: { ...job.metadata, generation: n },
  });
  const job = generation(jobObject(), 2);
  const plan = planFor(job);
  const configMaps = [{ ...plannerConfigMap(job, plan) }];
  const result = { recipe: recipeOf(job.spec, plan) } as StatusResult;
  const succeeded = { ...verdict('True', 1), result };
  const otherThreshold = generation(jobObject({ 'spec.selection.maxAccuracyDrop': '0.5' }), 2);
  const moreBins = generation(jobObject({ 'spec.scheduling.bins': 7 }), 2);

  it.each<[string, DistillationJobObject, DistillationJobStatus | undefined, JobPhase]>([
    ['that is new is active', job, undefined, 'Active'],
    ['that goes on is active', job, verdict('Unknown', 1), 'Active'],
    ['that failed stays failed', job, verdict('False', 2), 'Failed'],
    ['that failed is tried again once its spec is changed', job, verdict('False', 1), 'Reopened'],
    ['that succeeded stays so', job, verdict('True', 2), 'Succeeded'],
    ['that succeeded stays so when its schedule is changed', moreBins, succeeded, 'Succeeded'],
    ['that succeeded goes on when another student is asked for', otherThreshold, succeeded, 'Active'],
  ])('%s', (_, ...[spec, status, expected]) => {
    const current = { ...spec, ...(status !== undefined && { status }) };
    expect(phaseOf(snapshotOf({ job: current, configMaps }))).toBe(expected);
  });

  it('that succeeded and was changed is active again when its plan is lost', () => {
    expect(phaseOf(snapshotOf({ job: { ...job, status: succeeded } }))).toBe('Active');
  });
});
