import { describe, expect, it } from 'vitest';
import type { FinalizerProgress } from '@distillation/api/ledger';
import { finalizerConfigMap, plannerConfigMap, workerConfigMap } from '../objects/config-maps.ts';
import { CONFIG, jobObject } from '../../test/children.ts';
import { scheduleBlocks } from '@distillation/core/schedule';
import { reconcile } from '../reconcile/reconcile.ts';
import type { DistillationJobObject } from '../objects/snapshot.ts';
import { shortDuration, type StatusProgress } from './progress.ts';
import { childJob, complete, NOW, PLAN, runningPod, snapshotOf } from '../../test/simulated-cluster/objects.ts';

/** Progress and ETA in the status. */

const jobWith = (tuning: number, status?: DistillationJobObject['status']): DistillationJobObject => {
  const job = jobObject({ 'spec.scheduling.bins': 2, 'spec.fineTuning.epochs': tuning });
  return status === undefined ? job : { ...job, status };
};

/** All blocks have finished one of two epochs, which took 100 s of worker time. */
const TRAINING = {
  version: 1 as const,
  planKey: PLAN.key,
  blocks: PLAN.blocks.map(({ name }) => ({ name, state: 'Training' as const, epoch: 1 })),
  workers: [],
  seconds: { useful: 100, redone: 0 },
  at: NOW.getTime(),
};
const TRAINED = {
  ...TRAINING,
  blocks: PLAN.blocks.map(({ name }) => ({ name, state: 'Done' as const, epoch: 2 })),
};

const progressIn = (job: DistillationJobObject, finalizer?: Partial<FinalizerProgress>): StatusProgress | undefined =>
  statusIn(job, finalizer)?.progress;

/** The status that is written, if any, `seconds` later than NOW by the finalizer's clock. */
function statusIn(job: DistillationJobObject, finalizer?: Partial<FinalizerProgress>, seconds = 0) {
  const schedule = scheduleBlocks(PLAN.blocks, PLAN.epochs, job.spec.scheduling);
  const configMaps = [plannerConfigMap(job, PLAN), workerConfigMap(job, { plan: PLAN, schedule })];
  const workers = childJob('worker', { job, status: finalizer === undefined ? { active: 2 } : complete() });
  const atWork = childJob('finalizer', { job, status: { active: 1 } });
  const said = { stage: 'Measure', epochs: job.spec.fineTuning.epochs, updatedAt: 0, ...finalizer } as const;
  return reconcile(
    snapshotOf({
      job,
      ...(finalizer === undefined
        ? { configMaps, jobs: [workers], pods: [0, 1].map((index) => runningPod(workers, { index })), live: TRAINING }
        : {
            configMaps: [...configMaps, finalizerConfigMap(job)],
            jobs: [workers, atWork],
            pods: [runningPod(atWork)],
            live: { ...TRAINED, finalizer: said, at: NOW.getTime() + 1000 * seconds },
          }),
    }),
    CONFIG,
  ).status;
}

describe('the ETA', () => {
  it('is that of the job, not of its training', () => {
    const [short, long] = [progressIn(jobWith(0)), progressIn(jobWith(6))];
    expect(short?.remainingSeconds).toBeGreaterThan(0);
    expect(long?.remainingSeconds).toBeGreaterThan(2 * (short?.remainingSeconds ?? Infinity));
    expect(long?.eta).toBe(shortDuration(long?.remainingSeconds ?? NaN));
    expect(long?.percent).toBeLessThan(short?.percent ?? 0);
  });

  it('is kept while the job is finalized, and is never 0s before its end', () => {
    const job = jobWith(6);
    const said = [
      {},
      { stage: 'FineTune', epoch: 1, step: 0, steps: 8, seconds: 0 },
      { stage: 'FineTune', epoch: 1, step: 4, steps: 8, seconds: 5 },
      { stage: 'FineTune', epoch: 6, step: 8, steps: 8, seconds: 10, epochSeconds: 11 },
      { stage: 'Evaluate', step: 0, steps: 2, seconds: 0, epochSeconds: 11 },
      { stage: 'Export', epochSeconds: 11 },
    ] as const;
    const told = said.map((finalizer) => progressIn(job, finalizer));
    const left = told.map((progress) => progress?.remainingSeconds ?? NaN);
    expect(left).toEqual(left.toSorted((a, b) => b - a));
    expect(told.at(-1)).toMatchObject({ eta: '1s', remainingSeconds: 1 });
    const percents = told.map((progress) => progress?.percent ?? NaN);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    expect(new Set(percents).size).toBe(5);
  });

  it('is absent before anything is known', () => {
    expect(reconcile(snapshotOf({ job: jobWith(6) }), CONFIG).status?.progress).toEqual({ percent: 0 });
  });
});

const worker = (bin: number, imagesPerSecond: number) => ({
  ...{ bin, imagesPerSecond, pid: 1, state: 'Training' as const, blocks: [], epoch: 2, step: 3, steps: 8, losses: {} },
  updatedAt: 0,
});

it('the speed of a bin is told with the progress, and no reason to write a status by itself', () => {
  const job = jobWith(6);
  const schedule = scheduleBlocks(PLAN.blocks, PLAN.epochs, job.spec.scheduling);
  const configMaps = [plannerConfigMap(job, PLAN), workerConfigMap(job, { plan: PLAN, schedule })];
  const jobs = [childJob('worker', { job, status: { active: 2 } })];
  const pods = jobs.flatMap((owner) => [0, 1].map((index) => runningPod(owner, { index })));
  const told = (imagesPerSecond: number, seconds: number, status?: DistillationJobObject['status']) => {
    const live = {
      ...TRAINING,
      at: NOW.getTime() + 1000 * seconds,
      workers: [worker(1, imagesPerSecond), worker(0, 0)],
    };
    const now = status === undefined ? job : { ...job, status };
    return reconcile(snapshotOf({ job: now, configMaps, jobs, pods, live }), CONFIG).status;
  };
  const rates = (status: DistillationJobObject['status']) => status?.bins?.map((bin) => bin.imagesPerSecond);
  const first = told(1234.5, 0);
  expect(rates(first)).toEqual([undefined, '1230']);
  expect(told(1300, 5, first)).toBeUndefined();
  expect(rates(told(2.345, 40, first))).toEqual([undefined, '2.35']);
});

it('every block of the pass of a running worker is in training, which is no reason to write a status by itself', () => {
  const job = jobWith(6);
  const schedule = scheduleBlocks(PLAN.blocks, PLAN.epochs, job.spec.scheduling);
  const configMaps = [plannerConfigMap(job, PLAN), workerConfigMap(job, { plan: PLAN, schedule })];
  const jobs = [childJob('worker', { job, status: { active: 2 } })];
  const pods = jobs.flatMap((owner) => [0, 1].map((index) => runningPod(owner, { index })));
  const names = PLAN.blocks.map(({ name }) => name);
  const told = (inPass: readonly string[], status?: DistillationJobObject['status'], seconds = 0) => {
    const live = {
      ...TRAINING,
      blocks: names.map((name) => ({ name, state: 'Pending' as const, epoch: 0 })),
      at: NOW.getTime() + 1000 * seconds,
      workers: [{ ...worker(1, 100), epoch: 1, blocks: [...inPass] }],
    };
    const now = status === undefined ? job : { ...job, status };
    return reconcile(snapshotOf({ job: now, configMaps, jobs, pods, live }), CONFIG).status;
  };
  const [first = '', second = ''] = names;
  const training = (status: DistillationJobObject['status']) =>
    status?.blocks?.filter(({ state }) => state === 'Training').map(({ name, bin }) => [name, bin]);
  const status = told([first, second]);
  expect(training(status)).toEqual([
    [first, 1],
    [second, 1],
  ]);
  expect(told([first], status, 5)).toBeUndefined();
  expect(training(told([first], status, 40))).toEqual([[first, 1]]);
  const suspended = { ...job, spec: { ...job.spec, cluster: { ...job.spec.cluster, suspend: true } } };
  const after = reconcile(
    snapshotOf({ job: { ...suspended, ...(status && { status }) }, configMaps, jobs: [], pods: [] }),
    CONFIG,
  ).status;
  expect(training(after)).toEqual([]);
});

it('the conditions say what the finalizer does, which is no reason to write a status by itself', () => {
  const job = jobWith(600);
  const messages = (status: DistillationJobObject['status']) =>
    ['Succeeded', 'Ready', 'Reconciling'].map(
      (type) => status?.conditions?.find((condition) => condition.type === type)?.message,
    );
  const tuning = { stage: 'FineTune', epoch: 2, step: 1, steps: 8, seconds: 1, epochSeconds: 10 } as const;
  const first = statusIn(job, tuning);
  expect(messages(first)).toEqual(Array(3).fill('Fine-tuning, epoch 2 of 600.'));
  const later = jobWith(600, first);
  const further = { ...tuning, stage: 'Control', epoch: 2 } as const;
  expect(statusIn(later, tuning, 5)).toBeUndefined();
  expect(messages(statusIn(later, further, 40))).toEqual(
    Array(3).fill('Fine-tuning the teacher as the control, epoch 2 of 600.'),
  );
  // The next epoch, within the same percentage and the time for which an ETA is kept.
  const soon = { ...tuning, epoch: 3, step: 0, seconds: 0 };
  expect(statusIn(later, soon, 5)).toBeUndefined();
});
