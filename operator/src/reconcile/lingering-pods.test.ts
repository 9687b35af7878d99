import type { BlockDigest } from '@distillation/api/progress';
import type { Termination } from '@distillation/api/termination';
import { describe, expect, it } from 'vitest';
import { finalizerConfigMap, plannerConfigMap, workerConfigMap } from '../objects/config-maps.ts';
import { CONFIG, jobObject } from '../../test/children.ts';
import { reconcile } from './reconcile.ts';
import { recipeOf } from '../observe/result.ts';
import type { DistillationJobObject, Reconciliation, Snapshot, Write } from '../objects/snapshot.ts';
import type { WireConfigMap, WireJob, WirePod } from '@distillation/kube/wire';
import { NAMES, planFor } from '../../test/simulated-cluster/plan.ts';
import {
  ago,
  childJob,
  complete,
  endedPod,
  errorOf,
  NOW,
  podOf,
  runningPod,
  snapshotOf,
} from '../../test/simulated-cluster/objects.ts';
import { scheduleOf } from '../../../packages/core/test/job.ts';

/** Pods with an injected container that keeps running after the worker has ended: their Jobs count them as active for ever. */

const changes = { 'spec.scheduling.bins': 2, 'spec.cluster.backoffLimit': 2 };
const JOB = jobObject(changes);
const PLAN = planFor(JOB);
const schedule = scheduleOf(NAMES, JOB.spec.scheduling);
const configMaps: WireConfigMap[] = [
  plannerConfigMap(JOB, PLAN),
  workerConfigMap(JOB, { plan: PLAN, schedule }),
  finalizerConfigMap(JOB),
];
const planned = childJob('planner', { status: complete(90) });
const worker = childJob('worker', { status: { active: 2 } });
const nameOf = ({ metadata }: WireJob | WirePod): string => metadata?.name ?? '';

/** The pod with a proxy that is still running. */
function withProxy(pod: WirePod, more: { readonly failures?: number } = {}): WirePod {
  const proxy = {
    name: 'proxy',
    image: '',
    imageID: '',
    ready: true,
    restartCount: 0,
    state: { running: { startedAt: ago(80) } },
  };
  const annotations = {
    ...pod.metadata?.annotations,
    ...(more.failures !== undefined && { 'batch.kubernetes.io/job-index-failure-count': String(more.failures) }),
  };
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations },
    status: { ...pod.status, phase: 'Running', containerStatuses: [...(pod.status?.containerStatuses ?? []), proxy] },
  };
}

const look = (seen: Partial<Snapshot>): Reconciliation => reconcile(snapshotOf({ job: JOB, ...seen }), CONFIG);

/** Reconciles, each time with the status of the reconcile before, until the status no longer changes. */
function lookUntilQuiet(seen: Partial<Snapshot>): { job: DistillationJobObject; writes: Write[]; events: string[] } {
  let job = seen.job ?? JOB;
  const events: string[] = [];
  for (let times = 0; times < 6; times++) {
    const todo = look({ ...seen, job });
    events.push(...todo.events.map(({ reason }) => reason));
    if (todo.status === undefined) return { job, writes: [...todo.writes], events };
    job = { ...job, status: todo.status };
  }
  throw new Error('the status never comes to rest');
}
const ends = (writes: readonly Write[]) => writes.filter((write) => write.type === 'EndPod');
const conditionOf = ({ status }: DistillationJobObject, type: string) =>
  status?.conditions?.find((condition) => condition.type === type);

const said = (blocks: readonly BlockDigest[]): Termination => ({
  type: 'NothingLeft',
  planKey: PLAN.key,
  blocks,
  seconds: { useful: 10, redone: 0 },
});
const done = NAMES.map((name): BlockDigest => ({ name, state: 'Done', epoch: 2 }));
const active = { active: 1, ready: 0 };

describe('a planner', () => {
  const planner = childJob('planner', { status: active });

  it('that succeeded: the job continues, and its pod is ended once the plan is recorded', () => {
    const pod = withProxy(endedPod(planner, 0, { said: { type: 'Planned', plan: PLAN } }));
    const first = look({ jobs: [planner], pods: [pod] });
    expect(ends(first.writes)).toEqual([]);
    expect(first.requeueAfterMs).toBe(1);
    const { writes } = lookUntilQuiet({ jobs: [planner], pods: [pod] });
    expect(ends(writes)).toEqual([
      {
        type: 'EndPod',
        name: nameOf(pod),
        uid: nameOf(pod),
        isDone: true,
        outcome: { jobName: nameOf(planner), jobUid: nameOf(planner), index: 0, exitCode: 0 },
      },
    ]);
  });

  it('that refused its input fails the job at once with its message; then its pod is ended', () => {
    const words = errorOf('DISTILL_E_TEACHER_MISSING', 'There is no teacher at /volumes/work/t.h5.', 'Put it there.');
    const pod = withProxy(endedPod(planner, 65, { said: words }));
    const { job, writes, events } = lookUntilQuiet({ jobs: [planner], pods: [pod] });
    expect(conditionOf(job, 'Succeeded')).toMatchObject({ status: 'False', reason: 'TeacherMissing' });
    expect(conditionOf(job, 'Succeeded')?.message).toContain(
      'There is no teacher at /volumes/work/t.h5. Put it there.',
    );
    expect(events).toEqual(['Failed']);
    expect(writes).toEqual([expect.objectContaining({ type: 'EndPod', isDone: false, name: nameOf(pod) })]);
  });

  it('that died is retried by its Job once the pod is ended', () => {
    const pod = withProxy(endedPod(planner, 137));
    const { job, writes } = lookUntilQuiet({ jobs: [planner], pods: [pod] });
    expect(conditionOf(job, 'Succeeded')?.status).toBe('Unknown');
    expect(ends(writes)).toEqual([{ type: 'EndPod', name: nameOf(pod), uid: nameOf(pod), isDone: false }]);
  });

  it('that died for the last time fails the job, with the number of its runs', () => {
    const tired = childJob('planner', { status: { active: 1, failed: 2 } });
    const pod = withProxy(
      endedPod(tired, 75, { said: errorOf('DISTILL_E_VOLUME_IO', 'The volume fails.', 'Mend it.') }),
    );
    const { job } = lookUntilQuiet({ jobs: [tired], pods: [pod] });
    expect(conditionOf(job, 'Succeeded')?.message).toMatch(/The volume fails\. Given up after 3 runs\. Mend it\./);
  });

  it('has planned even if its pod failed because of its proxy', () => {
    const ended = {
      ...planner.metadata,
      annotations: { ...planner.metadata?.annotations, 'distillation.dev/ended-0': '0' },
    };
    const conditions = [
      {
        type: 'Failed',
        status: 'True',
        reason: 'PodFailurePolicy',
        message: 'Pod ml/x has condition',
        lastTransitionTime: ago(20),
      },
    ];
    const job = { ...planner, metadata: ended, status: { failed: 1, conditions } };
    const { writes, job: after } = lookUntilQuiet({ jobs: [job], configMaps: [plannerConfigMap(JOB, PLAN)] });
    expect(conditionOf(after, 'Succeeded')).toMatchObject({ status: 'Unknown', reason: 'Training' });
    expect(writes.map(({ type }) => type)).toEqual(['Apply', 'Apply']);
    // Nor does it count as a refusal when the plan is lost: the job is planned again.
    const again = lookUntilQuiet({ jobs: [job], configMaps: [] });
    expect(conditionOf(again.job, 'Succeeded')?.reason).toBe('Planning');
    expect(again.writes).toContainEqual(expect.objectContaining({ type: 'Apply', resource: 'jobs' }));
  });
});

describe('workers', () => {
  const seen = (pods: readonly WirePod[], job: WireJob = worker): Partial<Snapshot> => ({
    jobs: [planned, job],
    pods,
    configMaps,
  });

  it('that died are ended, so that their Job retries, and the job is not ready meanwhile', () => {
    const stopped = errorOf('DISTILL_E_STOPPED', 'It was told to stop.', '');
    const pods = [
      withProxy(endedPod(worker, 75, { index: 0, said: stopped })),
      withProxy(endedPod(worker, 137, { index: 1 })),
    ];
    const { job, writes } = lookUntilQuiet(seen(pods));
    expect(ends(writes)).toEqual(
      pods.map((pod) => ({ type: 'EndPod', name: nameOf(pod), uid: nameOf(pod), isDone: false })),
    );
    expect(conditionOf(job, 'Ready')?.status).toBe('False');
    const alone = lookUntilQuiet(seen(pods.slice(0, 1)));
    expect(conditionOf(alone.job, 'Ready')).toMatchObject({ status: 'False', reason: 'Training' });
  });

  it('one that refuses the input fails the job, whatever the other does', () => {
    const words = errorOf('DISTILL_E_DATASET_MISSING', 'There is no data.', 'Put it there.');
    const pods = [
      withProxy(endedPod(worker, 65, { index: 0, said: words })),
      withProxy(runningPod(worker, { index: 1 })),
    ];
    const { job, writes } = lookUntilQuiet(seen(pods));
    expect(conditionOf(job, 'Succeeded')).toMatchObject({ status: 'False', reason: 'DatasetMissing' });
    expect(writes).toEqual([{ type: 'Suspend', name: nameOf(worker), uid: nameOf(worker), suspend: true }]);
  });

  it('one that used up its retries has failed, and its exit code is recorded on its Job', () => {
    const words = errorOf('DISTILL_E_VOLUME_IO', 'The volume fails.', 'Mend it.');
    const last = withProxy(endedPod(worker, 75, { index: 0, said: words }), { failures: 2 });
    const { job, writes } = lookUntilQuiet(seen([last, withProxy(runningPod(worker, { index: 1 }))]));
    // The other one may steal its blocks.
    expect(conditionOf(job, 'Succeeded')?.status).toBe('Unknown');
    expect(job.status?.bins?.[0]).toMatchObject({ state: 'Failed', restarts: 3, message: 'The volume fails.' });
    expect(ends(writes)).toMatchObject([{ isDone: false, outcome: { index: 0, exitCode: 75 } }]);
    // The pod is gone, what it reported is kept.
    const annotations = { ...worker.metadata?.annotations, 'distillation.dev/ended-0': '75' };
    const noted = {
      ...worker,
      metadata: { ...worker.metadata, annotations },
      status: { active: 1, failedIndexes: '0' },
    };
    const later = lookUntilQuiet({ ...seen([runningPod(worker, { index: 1 })], noted), job });
    expect(later.job.status?.bins?.[0]).toEqual(job.status?.bins?.[0]);
    expect(conditionOf(later.job, 'Ready')).toMatchObject({ status: 'True', reason: 'Training' });
  });

  it('that have trained everything are ended before the finalizer needs their GPUs, with their reports recorded', () => {
    const pods = [0, 1].map((index) => withProxy(endedPod(worker, 0, { index, said: said(done) })));
    const first = look(seen(pods));
    expect(ends(first.writes)).toEqual([]);
    const { job, writes } = lookUntilQuiet(seen(pods));
    expect(job.status?.blocks?.map(({ state }) => state)).toEqual(NAMES.map(() => 'Done'));
    expect(job.status?.bins?.map(({ state }) => state)).toEqual(['Done', 'Done']);
    expect(ends(writes)).toMatchObject([
      { isDone: true, outcome: { index: 0 } },
      { isDone: true, outcome: { index: 1 } },
    ]);
    const finalizer = childJob('finalizer', { status: active });
    const waits = podOf(finalizer);
    expect(ends(lookUntilQuiet({ ...seen([...pods, waits]), jobs: [planned, worker, finalizer] }).writes)).toHaveLength(
      2,
    );
  });

  it('one that succeeded stays so even if its index failed by its proxy: it is started again when the other is lost', () => {
    const annotations = { ...worker.metadata?.annotations, 'distillation.dev/ended-0': '0' };
    const status = {
      failedIndexes: '0,1',
      failed: 4,
      conditions: [{ type: 'Failed', status: 'True', reason: 'FailedIndexes', lastTransitionTime: ago(30) }],
    };
    const over = { ...worker, metadata: { ...worker.metadata, annotations }, status };
    const pods = [endedPod(worker, 137, { index: 1 })];
    const { writes, job } = lookUntilQuiet(seen(pods, over));
    expect(conditionOf(job, 'Succeeded')?.status).toBe('Unknown');
    const started = writes.flatMap((write) =>
      write.type === 'Apply' && write.resource === 'jobs' ? write.object : [],
    );
    expect(started.map(({ metadata }) => metadata?.annotations?.['distillation.dev/bins'])).toEqual(['0']);
  });

  it('are left alone where Kubernetes ends the rest itself: native sidecars, or no other container', () => {
    const ended = endedPod(worker, 0, { index: 0, said: said([]) });
    const native = { name: 'proxy', image: '', imageID: '', ready: true, restartCount: 0, state: { running: {} } };
    const ending: WirePod = {
      ...ended,
      status: { ...ended.status, phase: 'Running', initContainerStatuses: [native] },
    };
    expect(ends(lookUntilQuiet(seen([ending])).writes)).toEqual([]);
    const pods = [withProxy(runningPod(worker, { index: 0 })), withProxy(podOf(worker, { index: 1 }))];
    expect(ends(lookUntilQuiet(seen(pods)).writes)).toEqual([]);
  });

  it('on an unreachable node are force-deleted', () => {
    const lost = withProxy(endedPod(worker, 137, { index: 0, deleted: ago(60) }));
    expect(lookUntilQuiet(seen([lost])).writes).toEqual([
      { type: 'ForceDelete', name: nameOf(lost), uid: nameOf(lost) },
    ]);
  });
});

describe('a finalizer', () => {
  it('that has written the student: the job has succeeded, and no pod remains', () => {
    const finalizer = childJob('finalizer', { status: active });
    const network = { testAccuracy: 0.7, params: 10, macs: 10 };
    const result = {
      recipe: recipeOf(JOB.spec, PLAN),
      outcome: 'StudentBuilt',
      teacher: network,
      student: network,
      studentSha256: 'S',
      blocks: [],
      seconds: { finalize: 1 },
    } as const;
    const pods = [
      ...[0, 1].map((index) => withProxy(endedPod(worker, 0, { index, said: said(done) }))),
      withProxy(endedPod(finalizer, 0, { said: { type: 'Finalized', result } })),
    ];
    const { job, writes } = lookUntilQuiet({ jobs: [planned, worker, finalizer], pods, configMaps });
    expect(conditionOf(job, 'Succeeded')?.status).toBe('True');
    expect(writes.map((write) => (write.type === 'EndPod' ? write.name : write.type)).sort()).toEqual(
      pods.map(nameOf).sort(),
    );
    const later = new Date(NOW.getTime() + 3600_000);
    expect(look({ job, jobs: [planned, worker, finalizer], configMaps, now: later }).writes).toEqual(
      // No record is left of who has done their work, so they must not start again.
      [worker, finalizer].map((each) => ({ type: 'Suspend', name: nameOf(each), uid: nameOf(each), suspend: true })),
    );
  });
});
