import type { DistillationJobStatus } from '@distillation/api/job';
import { describe, expect, it } from 'vitest';
import { finalizerConfigMap, plannerConfigMap, workerConfigMap } from '../objects/config-maps.ts';
import { childName } from '../objects/names.ts';
import { revisionOf } from '../objects/revision.ts';
import type { Role } from '@distillation/api/words';
import { CONFIG, jobObject } from '../../test/children.ts';
import { scheduleBlocks } from '@distillation/core/schedule';
import { reconcile } from './reconcile.ts';
import type { DistillationJobObject, Reconciliation, Snapshot, Write } from '../objects/snapshot.ts';
import type { WireConfigMap, WireJob } from '@distillation/kube/wire';
import { planFor } from '../../test/simulated-cluster/plan.ts';
import {
  ago,
  childJob,
  complete,
  endedPod,
  errorOf,
  failedJob,
  NOW,
  PLAN,
  podOf,
  runningPod,
  snapshotOf,
} from '../../test/simulated-cluster/objects.ts';

/** One situation and one reconcile per case. The random walks of `reconcile.test.ts` cover sequences. */

const JOB = jobObject({ 'spec.scheduling.bins': 2, 'spec.cluster.backoffLimit': 2 });
const schedule = scheduleBlocks(PLAN.blocks, PLAN.epochs, JOB.spec.scheduling);

const withUid = (object: WireConfigMap): WireConfigMap => ({
  ...object,
  metadata: { ...object.metadata, uid: object.metadata?.name ?? '' },
});
const planMap = (job = JOB): WireConfigMap => withUid(plannerConfigMap(job, planFor(job)));
const scheduleMap = withUid(workerConfigMap(JOB, { plan: PLAN, schedule }));
const configMaps = [planMap(), scheduleMap];

const look = (changes: Partial<Snapshot>): Reconciliation => reconcile(snapshotOf({ job: JOB, ...changes }), CONFIG);

/** A short form of a write, with roles for names. */
function brief(write: Write, job = JOB): string {
  const roles: readonly Role[] = ['planner', 'worker', 'finalizer'];
  const short = (name: string): string =>
    roles.reduce(
      (text, role) => text.replace(childName(job.metadata.name, { role, revision: revisionOf(role, job) }), role),
      name,
    );
  switch (write.type) {
    case 'Apply':
      return `apply ${write.resource} ${short(write.object.metadata?.name ?? '')}`;
    case 'Suspend':
      return `${write.suspend ? 'suspend' : 'resume'} ${short(write.name)}`;
    case 'Delete':
      return `delete ${write.resource} ${short(write.name)}`;
    case 'EndPod':
      return `end ${write.name}`;
    case 'ForceDelete':
      return `abandon ${write.name}`;
  }
}
const writes = (changes: Partial<Snapshot>): string[] =>
  look(changes).writes.map((write) => brief(write, changes.job ?? JOB));

const conditionOf = (status: DistillationJobStatus | undefined, type: string) =>
  status?.conditions?.find((condition) => condition.type === type);

/** The job with the status that a reconcile desires. */
const settled = (changes: Partial<Snapshot>): DistillationJobObject => {
  const job = changes.job ?? JOB;
  return { ...job, status: look(changes).status ?? job.status ?? {} };
};
const respec = (job: DistillationJobObject, changes: Parameters<typeof jobObject>[0]): DistillationJobObject => ({
  ...job,
  spec: jobObject({ 'spec.scheduling.bins': 2, 'spec.cluster.backoffLimit': 2, ...changes }).spec,
  metadata: { ...job.metadata, generation: job.metadata.generation + 1 },
});

const worker = childJob('worker', { job: JOB, status: { active: 2 } });
const training = { configMaps, jobs: [worker], pods: [runningPod(worker, { index: 0 }), podOf(worker, { index: 1 })] };
const done = PLAN.blocks.map(({ name }) => ({ name, state: 'Done' as const, epoch: 2 }));
const live = {
  version: 1 as const,
  planKey: PLAN.key,
  blocks: done,
  workers: [],
  seconds: { useful: 9, redone: 0 },
  at: NOW.getTime(),
};

describe('the course of a job', () => {
  it('starts with the planner', () => {
    const { status, events, requeueAfterMs } = look({});
    expect(writes({})).toEqual(['apply configmaps planner', 'apply jobs planner-0']);
    expect(status).toMatchObject({
      observedGeneration: 1,
      startTime: '2026-11-22T21:00:00Z',
      progress: { percent: 0 },
    });
    expect(conditionOf(status, 'Succeeded')).toMatchObject({
      status: 'Unknown',
      reason: 'Planning',
      observedGeneration: 1,
    });
    expect(events).toEqual([]);
    expect(requeueAfterMs).toBeUndefined();
  });

  it('records the plan, schedules it and starts the workers in one reconcile', () => {
    const planner = childJob('planner', { job: JOB, status: complete() });
    const pods = [endedPod(planner, 0, { said: { type: 'Planned', plan: PLAN } })];
    const todo = { jobs: [planner], pods, configMaps: [withUid(plannerConfigMap(JOB))] };
    expect(writes(todo)).toEqual(['apply configmaps planner', 'apply configmaps worker', 'apply jobs worker-0']);
    const { status, events } = look(todo);
    expect(status?.plan).toMatchObject({
      blocks: 5,
      kept: 1,
      epochs: 2,
      policy: 'WorkStealing',
      bins: 2,
      teacherAccuracy: '0.7800',
    });
    expect(status?.bins?.map(({ state }) => state)).toEqual(['Waiting', 'Waiting']);
    expect(events.map(({ reason }) => reason)).toEqual(['Planned', 'Scheduled']);
  });

  it('polls a running worker, and requeues for one that waits', () => {
    const { poll, status, requeueAfterMs } = look(training);
    expect(writes(training)).toEqual([]);
    expect(poll).toEqual({
      podName: `${worker.metadata?.name ?? ''}-0`,
      podUid: `${worker.metadata?.name ?? ''}-0`,
      podIP: '10.0.0.1',
    });
    expect(status?.progress?.bins).toBe('1/2');
    expect(status?.bins?.map(({ state }) => state)).toEqual(['Running', 'Waiting']);
    expect(requeueAfterMs).toBe(10_000);
  });

  it('starts the finalizer once all blocks are done, and stops the workers that still wait', () => {
    const waiting = { ...training, pods: [podOf(worker, { index: 0 }), podOf(worker, { index: 1 })], live };
    expect(writes(waiting)).toEqual(['apply configmaps finalizer', 'apply jobs finalizer-0', 'suspend worker-0']);
    expect(writes({ ...training, live })).toEqual(['apply configmaps finalizer', 'apply jobs finalizer-0']);
  });

  it('starts the workers again when the finalizer finds blocks missing, and suspends it meanwhile', () => {
    const first = childJob('worker', { job: JOB, status: complete(60, { completedIndexes: '0-1', succeeded: 2 }) });
    const finalizer = childJob('finalizer', { job: JOB, created: ago(50), status: { failed: 1 } });
    const missing = endedPod(finalizer, 75, { created: ago(40), said: errorOf('DISTILL_E_BLOCKS_INCOMPLETE') });
    const all = [...configMaps, withUid(finalizerConfigMap(JOB))];
    const words = { type: 'NothingLeft', planKey: PLAN.key, blocks: done, seconds: live.seconds } as const;
    const pods = [0, 1].map((index) => endedPod(first, 0, { index, said: words }));
    expect(writes({ configMaps: all, jobs: [first, finalizer], pods: [...pods, missing] })).toEqual([
      'apply jobs worker-1',
      'suspend finalizer-0',
    ]);
  });

  it('starts nothing beside a Job that is being deleted until it is gone', () => {
    const some = { job: JOB, bins: [0], status: {} };
    expect(writes({ configMaps, jobs: [childJob('worker', { ...some, deleted: ago(1) })] })).toEqual([]);
    expect(writes({ configMaps, jobs: [] })).toEqual(['apply jobs worker-0']);
  });

  it('restores a ConfigMap that somebody deleted while pods need it', () => {
    expect(writes({ ...training, configMaps: [planMap()] })).toEqual(['apply configmaps worker']);
  });

  it('force-deletes a pod on an unreachable node', () => {
    const lost = runningPod(worker, { index: 0, name: 'lost', deleted: ago(20) });
    const cutOff = { ...training, pods: [lost, runningPod(worker, { index: 1 })] };
    expect(writes(cutOff)).toEqual(['abandon lost']);
    expect(look(cutOff).status?.bins?.map(({ state }) => state)).toEqual(['Waiting', 'Running']);
    expect(look(cutOff).status?.progress?.bins).toBe('1/2');
  });
});

describe('a job that is suspended', () => {
  const suspended = respec(settled({ ...training }), { 'spec.cluster.suspend': true });

  it('has its Jobs suspended, and continues by resuming them, with a new start time', () => {
    expect(writes({ ...training, job: suspended })).toEqual(['suspend worker-0']);
    const rest = { ...training, jobs: [childJob('worker', { job: JOB, suspend: true, asked: true })], pods: [] };
    const resting = { ...suspended, status: look({ ...rest, job: suspended }).status ?? {} };
    expect(look({ ...rest, job: resting })).toEqual({ writes: [], events: [], needsEvents: [] });
    const resumed = respec(resting, { 'spec.cluster.suspend': false });
    const later = { ...rest, job: resumed, now: new Date(NOW.getTime() + 60_000) };
    expect(writes(later)).toEqual(['resume worker-0']);
    expect(look(later).status?.startTime).toBe('2026-11-22T21:01:00Z');
    expect(look(later).events.map(({ reason }) => reason)).toEqual(['Resumed']);
  });

  it('is Suspended once its last pod has ended, and Suspending until then', () => {
    const ending = { ...training, pods: [runningPod(worker, { index: 0, deleted: ago(-20) })] };
    const jobs = [childJob('worker', { job: JOB, suspend: true, asked: true })];
    // Just suspended; pods terminating; a pod that is not in the caches yet.
    const active = [childJob('worker', { job: JOB, suspend: true, asked: true, status: { active: 1 } })];
    for (const seen of [training, { ...ending, jobs }, { ...training, jobs: active, pods: [] }]) {
      const { status, events } = look({ ...seen, job: suspended });
      expect(conditionOf(status, 'Suspended')).toMatchObject({ status: 'False', reason: 'Suspending' });
      expect(conditionOf(status, 'Reconciling')).toMatchObject({ status: 'True', reason: 'Suspending' });
      expect(events).toEqual([]);
    }
    const job = { ...suspended, status: look({ ...ending, jobs, job: suspended }).status ?? {} };
    const rest = look({ ...training, jobs, job, pods: [] });
    expect(conditionOf(rest.status, 'Suspended')).toMatchObject({ status: 'True', reason: 'Suspended' });
    expect(rest.events.map(({ reason }) => reason)).toEqual(['Suspended']);
    // Resumed before the last pod has ended, it still gets a new start time.
    const resumed = respec(job, { 'spec.cluster.suspend': false });
    const later = { ...ending, jobs, job: resumed, now: new Date(NOW.getTime() + 60_000) };
    expect(look(later).status?.startTime).toBe('2026-11-22T21:01:00Z');
  });

  it('from its creation has never started', () => {
    const job = jobObject({ 'spec.cluster.suspend': true });
    expect(writes({ job })).toEqual([]);
    expect(look({ job }).status?.startTime).toBeUndefined();
  });
});

describe('a job in a queue', () => {
  const job = jobObject({
    'spec.scheduling.bins': 2,
    'spec.cluster.backoffLimit': 2,
    'spec.cluster.queueName': 'team',
  });
  const planner = childJob('planner', { job });

  it('waits until Kueue resumes its Job, and reports that', () => {
    expect(planner.spec?.suspend).toBe(true);
    expect(writes({ job, jobs: [planner] })).toEqual(['apply configmaps planner']);
    expect(conditionOf(look({ job, jobs: [planner] }).status, 'Succeeded')).toMatchObject({ reason: 'Queued' });
  });

  it('is suspended by deleting its Job', () => {
    const suspended = { ...job, spec: { ...job.spec, cluster: { ...job.spec.cluster, suspend: true } } };
    expect(writes({ job: suspended, jobs: [planner] })).toContain('delete jobs planner-0');
  });
});

describe('a job that waits for its inputs', () => {
  const job = jobObject({ 'spec.cluster.inputsDeadlineSeconds': 3600 });
  const planner = childJob('planner', { job, status: { active: 1 } });
  const pod = runningPod(planner);
  const podUid = pod.metadata?.uid ?? '';
  const seen = { job, jobs: [planner], pods: [pod] };
  const told = { ...seen, planner: { podUid, awaits: 'There is no teacher at /volumes/work/teacher.' } };
  const summary = (changes: Partial<Snapshot>) => conditionOf(look(changes).status, 'Succeeded');

  it('asks its planner, which it does not where a job fails at once', () => {
    expect(look(seen).poll).toMatchObject({ podUid });
    expect(look({ ...seen, job: jobObject() }).poll).toBeUndefined();
    expect(look({ ...seen, job: jobObject({ 'spec.cluster.inputsDeadlineSeconds': 0 }) }).poll).toBeUndefined();
  });

  it('says what is missing, until when it waits, and the command; and that it is planning once all is there', () => {
    expect(summary(told)).toMatchObject({ status: 'Unknown', reason: 'WaitingForInputs' });
    expect(summary(told)?.message).toMatch(
      /no teacher at \/volumes\/work\/teacher\. Pod \S+ waits for that until 20\S+Z .*kubectl distill push -f MANIFEST --from FOLDER -n ml/,
    );
    expect(look(told).events).toMatchObject([{ type: 'Normal', reason: 'WaitingForInputs' }]);
    const waits = settled(told);
    expect(summary({ ...told, job: waits, planner: { podUid } })?.reason).toBe('Planning');
  });

  it('says so until its next planner has been asked, or an operator that has just started', () => {
    const waits = settled(told);
    const next = runningPod(planner, { name: 'next' });
    for (const later of [{ ...told, pods: [] }, { ...told, pods: [next] }, seen]) {
      const { status, events } = look({ ...later, job: waits });
      expect({ status, events }).toEqual({ status: undefined, events: [] });
    }
  });
});

describe('a job whose Job others have suspended', () => {
  const held = childJob('planner', { job: JOB, suspend: true });
  const seen = (hasKueue?: boolean) => ({ jobs: [held], ...(hasKueue !== undefined && { hasKueue }) });

  it('is not resumed by the operator, and says who may have done it and what to do', () => {
    for (const hasKueue of [undefined, true, false]) {
      expect(writes(seen(hasKueue))).toEqual(['apply configmaps planner']);
      expect(conditionOf(look(seen(hasKueue)).status, 'Succeeded')?.reason).toBe('SuspendedByOthers');
    }
    expect(conditionOf(look(seen(true)).status, 'Succeeded')?.message).toMatch(
      /Kueue does so.*Set spec\.cluster\.queueName.*manageJobsWithoutQueueName/,
    );
    expect(conditionOf(look(seen(false)).status, 'Succeeded')?.message).not.toContain('Kueue');
  });

  it('may have been handed to another cluster, which is said whether it runs or not', () => {
    for (const suspend of [true, false]) {
      const given = { ...held, spec: { ...held.spec, suspend, managedBy: 'kueue.x-k8s.io/multikueue' } } as WireJob;
      const condition = conditionOf(look({ jobs: [given], hasKueue: true }).status, 'Succeeded');
      expect(condition?.reason).toBe('HandedOver');
      expect(condition?.message).toMatch(/handed over to kueue\.x-k8s\.io\/multikueue.*queueName.*MultiKueue/);
      const own = { ...given, spec: { ...given.spec, managedBy: 'kubernetes.io/job-controller' } } as WireJob;
      expect(conditionOf(look({ jobs: [own] }).status, 'Succeeded')?.reason).not.toBe('HandedOver');
    }
  });

  it('names the queue that Kueue assigned, and says if there is no Kueue', () => {
    const labels = { ...held.metadata?.labels, 'kueue.x-k8s.io/queue-name': 'default' };
    const queued = { ...held, metadata: { ...held.metadata, labels } };
    const told = (hasKueue: boolean) => conditionOf(look({ jobs: [queued], hasKueue }).status, 'Succeeded');
    expect(told(true)).toMatchObject({ reason: 'Queued' });
    expect(told(true)?.message).toContain('to the queue default.');
    expect(told(false)).toMatchObject({ reason: 'KueueMissing' });
    expect(told(false)?.message).toContain('Install Kueue, or remove spec.cluster.queueName.');
  });
});

describe('a job of a class of defaults', () => {
  const job = jobObject({ 'spec.cluster.className': 'h100' });
  const having = (...names: readonly string[]) => ({
    ...CONFIG,
    podClasses: Object.fromEntries(names.map((name) => [name, { nodeSelector: { gpu: name } }])),
  });
  const lookWith = (config: typeof CONFIG, changes: Partial<Snapshot> = {}) =>
    reconcile(snapshotOf({ job, ...changes }), config);
  const summary = (config: typeof CONFIG) => conditionOf(lookWith(config).status, 'Succeeded');

  it('waits while the operator has none of that name, and says which there are', () => {
    const { writes: todo, events } = lookWith(having('t4', 'a100'));
    expect(todo).toEqual([]);
    expect(events).toMatchObject([{ type: 'Warning', reason: 'ClassNotFound' }]);
    expect(summary(having('t4', 'a100'))).toMatchObject({ status: 'Unknown', reason: 'ClassNotFound' });
    expect(summary(having('t4', 'a100'))?.message).toMatch(
      /no class h100, which spec\.cluster\.className names; it has a100, t4\. .*jobs\.classes/,
    );
    expect(summary(CONFIG)?.message).toContain('it has none');
  });

  it('begins once there is one', () => {
    expect(lookWith(having('h100')).writes.map((write) => brief(write, job))).toEqual([
      'apply configmaps planner',
      'apply jobs planner-0',
    ]);
    expect(summary(having('h100'))?.reason).toBe('Planning');
  });

  it('goes on with the pods that it has, waiting or not, when the class is taken away', () => {
    const planner = childJob('planner', { job, status: { active: 1 } });
    for (const pod of [podOf(planner), runningPod(planner)]) {
      const { writes: todo, status } = lookWith(CONFIG, { jobs: [planner], pods: [pod] });
      expect(todo.map((write) => brief(write, job))).toEqual(['apply configmaps planner']);
      expect(conditionOf(status, 'Succeeded')?.reason).not.toBe('ClassNotFound');
    }
  });

  it('is made anew with another class', () => {
    const planner = childJob('planner', { job });
    const other = respec(job, { 'spec.cluster.className': 'a100' });
    const { writes: todo } = lookWith(having('a100', 'h100'), { job: other, jobs: [planner] });
    expect(todo.map((write) => brief(write, job))).toEqual(['delete jobs planner-0']);
  });
});

describe('a job that is resumed under another configuration of the operator', () => {
  const resting = childJob('worker', { job: JOB, suspend: true, asked: true });
  const changed = { ...CONFIG, requireGpu: false };

  it('gets a new Job, which resumes from the checkpoints', () => {
    const { writes: todo } = reconcile(snapshotOf({ job: JOB, configMaps, jobs: [resting] }), changed);
    expect(todo.map((write) => brief(write))).toEqual(['delete jobs worker-0']);
  });

  it('does so also while none of its pods has started; running pods are kept', () => {
    const pending = [podOf(worker, { index: 0 }), podOf(worker, { index: 1 })];
    const todo = (pods: Snapshot['pods']) =>
      reconcile(snapshotOf({ job: JOB, ...training, pods }), changed).writes.map((write) => brief(write));
    expect(todo(pending)).toEqual(['delete jobs worker-0']);
    expect(todo(training.pods)).toEqual([]);
    expect(writes({ ...training, pods: pending })).toEqual([]);
  });

  it('keeps its Job’s place in a queue', () => {
    const job = jobObject({ 'spec.scheduling.bins': 2, 'spec.cluster.queueName': 'team' });
    for (const suspend of [true, false]) {
      const planner = childJob('planner', { job, suspend });
      const pods = suspend ? [] : [podOf(planner)];
      const { writes: todo } = reconcile(snapshotOf({ job, jobs: [planner], pods }), changed);
      expect(todo.filter(({ type }) => type !== 'Apply')).toEqual([]);
    }
  });
});

describe('a job whose spec was changed', () => {
  const job = respec(settled({ ...training }), { 'spec.scheduling.bins': 3 });

  it('first loses its stale children; nothing starts beside them', () => {
    const names = [worker, scheduleMap].map(({ metadata }) => metadata?.name ?? '');
    expect(writes({ ...training, job })).toEqual([
      `delete jobs ${names[0] ?? ''}`,
      `delete configmaps ${names[1] ?? ''}`,
    ]);
    const pods = [runningPod(worker, { index: 0, deleted: ago(-20) })];
    expect(writes({ job, configMaps: [planMap()], pods })).toEqual([]);
    expect(writes({ job, configMaps: [planMap()] })).toEqual(['apply configmaps worker', 'apply jobs worker-0']);
  });

  it('keeps what is known of its blocks', () => {
    const status = { ...job.status, blocks: done.slice(0, 2) };
    expect(look({ job: { ...job, status }, configMaps: [planMap()] }).status?.progress?.blocks).toBe('2/5');
  });
});

describe('the verdict', () => {
  const planner = childJob('planner', { job: JOB, status: failedJob('PodFailurePolicy', { failed: 1 }) });
  const said = errorOf('DISTILL_E_TEACHER_MISSING', 'There is no teacher.', 'Put it there.');
  const failing = { jobs: [planner, worker], pods: [endedPod(planner, 65, { said })], configMaps: [] };
  const failed = settled({ job: settled({}), ...failing });

  it('is recorded before it is acted upon', () => {
    const { writes: none, status, events, requeueAfterMs } = look({ job: settled({}), ...failing });
    expect(none).toEqual([]);
    expect(requeueAfterMs).toBe(1);
    expect(conditionOf(status, 'Stalled')).toMatchObject({ status: 'True', reason: 'TeacherMissing' });
    expect(conditionOf(status, 'Succeeded')?.message).toMatch(
      /Planner: There is no teacher\. Put it there\. Any change of the spec/,
    );
    expect(status?.completionTime).toBe('2026-11-22T21:00:00Z');
    expect(events.map(({ reason }) => reason)).toEqual(['Failed']);
  });

  it('stops what still runs, and stays whatever happens to the pods', () => {
    expect(writes({ ...failing, job: failed })).toEqual(['suspend worker-0']);
    expect(look({ job: failed }).status).toBeUndefined();
    expect(look({ job: failed }).writes).toEqual([]);
  });

  it('of a failed job is removed after a change of its spec, once its old Jobs are gone', () => {
    const job = respec(failed, { 'spec.cluster.backoffLimit': 3 });
    const names = failing.jobs.map(({ metadata }) => `delete jobs ${metadata?.name ?? ''}`);
    expect(writes({ ...failing, job })).toEqual(names);
    expect(look({ ...failing, job }).status).toBeUndefined();
    const anew = look({ job });
    expect(anew.writes).toEqual([]);
    expect(anew.requeueAfterMs).toBe(1);
    expect(conditionOf(anew.status, 'Succeeded')).toMatchObject({ status: 'Unknown', reason: 'Planning' });
    expect(anew.status?.completionTime).toBeUndefined();
    expect(writes({ job: { ...job, status: anew.status ?? {} } })).toEqual([
      'apply configmaps planner',
      'apply jobs planner-0',
    ]);
  });

  it('is failure if no pod can be created from the spec', () => {
    const job = { ...JOB, spec: { ...JOB.spec, cluster: { ...JOB.spec.cluster, volume: undefined } } };
    const { status, writes: none } = reconcile(snapshotOf({ job }), CONFIG);
    expect(none).toEqual([]);
    expect(conditionOf(status, 'Stalled')).toMatchObject({ status: 'True', reason: 'InvalidSpec' });
    expect(conditionOf(status, 'Stalled')?.message).toContain('spec.cluster.volume');
  });

  it('is failure after a missed deadline', () => {
    const job = respec(settled({}), { 'spec.cluster.activeDeadlineSeconds': 60 });
    const at = (seconds: number) => look({ ...training, job, now: new Date(NOW.getTime() + 1000 * seconds) });
    expect(at(59).requeueAfterMs).toBe(1000);
    expect(conditionOf(at(60).status, 'Succeeded')).toMatchObject({ status: 'False', reason: 'DeadlineExceeded' });
  });
});

describe('a job that succeeded', () => {
  const finalizer = childJob('finalizer', { job: JOB, status: complete() });
  const result = {
    recipe: 'set below',
    outcome: 'StudentBuilt' as const,
    teacher: { testAccuracy: 0.786, params: 3900, macs: 5000 },
    student: { testAccuracy: 0.7654, params: 1000, macs: 900 },
    studentSha256: 'S',
    speedup: 2.345,
    blocks: PLAN.blocks.map(({ name }, i) => ({ block: name, selected: i > 0, accuracy: 0.7 + i / 100 })),
    seconds: { finalize: 5 },
  };
  const finish = async (changes: Partial<Snapshot> = {}): Promise<DistillationJobObject> => {
    const { recipeOf } = await import('../observe/result.ts');
    const said = { type: 'Finalized' as const, result: { ...result, recipe: recipeOf(JOB.spec, PLAN) } };
    const job = settled({ ...training, live });
    const pods = [endedPod(finalizer, 0, { said })];
    return settled({ ...training, job, live, jobs: [worker, finalizer], pods, ...changes });
  };

  it('keeps the pod and log of a finalizer that ended before its Job says so; a running one is stopped', async () => {
    const job = await finish();
    const uncounted = childJob('finalizer', { job: JOB, status: { active: 1 } });
    const over = { job, configMaps, jobs: [uncounted] };
    expect(writes({ ...over, pods: [endedPod(uncounted, 0)] })).toEqual([]);
    expect(writes({ ...over, pods: [runningPod(uncounted)] })).toEqual(['suspend finalizer-0']);
  });

  it('reports the result', async () => {
    const { status } = await finish();
    expect(conditionOf(status, 'Ready')).toMatchObject({ status: 'True', reason: 'Succeeded' });
    expect(status?.progress).toMatchObject({ percent: 100, blocks: '5/5', bins: '0/2' });
    expect(status?.result).toMatchObject({
      teacherAccuracy: '0.7860',
      studentAccuracy: '0.7654',
      compression: '3.90x',
      speedup: '2.35x',
      studentPath: 'jobs/sample/student',
      reportPath: 'jobs/sample/report.html',
    });
    expect(status?.blocks?.[1]).toMatchObject({ name: 'b', state: 'Done', accuracy: '0.7100', selected: true });
    expect(status?.bins?.map(({ state }) => state)).toEqual(['Done', 'Done']);
  });

  it('reports the bins even when the ConfigMap with the schedule is not in the cache yet', async () => {
    const { status } = await finish({ configMaps: [planMap()] });
    expect(status).toEqual((await finish()).status);
  });

  it('stays so when it is rescheduled, and observes the new generation', async () => {
    const job = respec(await finish(), { 'spec.scheduling.bins': 7 });
    const todo = look({ configMaps: [planMap()], job });
    expect(todo.writes).toEqual([]);
    expect(todo.events).toEqual([]);
    expect(todo.status).toEqual({
      ...job.status,
      observedGeneration: 2,
      conditions: job.status?.conditions?.map((condition) => ({ ...condition, observedGeneration: 2 })),
    });
  });

  it('says where its student is while another is asked for, and has it again when its spec is as it was', async () => {
    const job = await finish();
    const student = { path: 'jobs/sample/student', sha256: 'S' };
    const changed = respec(job, { 'spec.selection.maxAccuracyDrop': '0.1' });
    const first = settled({ ...training, live, job: changed });
    const later = settled({ ...training, live, job: first });
    for (const { status } of [first, later]) {
      expect(status).toMatchObject({ stage: 'Finalizing', formerStudent: student });
      expect(status).not.toHaveProperty('result');
    }
    const back = await finish({ job: respec(later, {}) });
    expect(back.status).toMatchObject({ stage: 'Succeeded', result: { studentSha256: 'S' } });
    expect(back.status).not.toHaveProperty('formerStudent');
  });

  it('is deleted after its time to live, and not before', async () => {
    const job = respec(await finish(), { 'spec.cluster.ttlSecondsAfterFinished': 60 });
    const at = (seconds: number) =>
      look({ configMaps: [planMap()], job, now: new Date(NOW.getTime() + 1000 * seconds) });
    expect(at(59)).toMatchObject({ writes: [], requeueAfterMs: 1000 });
    expect(at(60).writes).toEqual([
      { type: 'Delete', resource: 'distillationjobs', name: 'sample', uid: JOB.metadata.uid },
    ]);
  });
});

describe('the end of a job', () => {
  const going = (more: object = {}) => ({ ...JOB, metadata: { ...JOB.metadata, deletionTimestamp: ago(1), ...more } });
  const quiet = { events: [], needsEvents: [] };

  it('when it is deleted, its Jobs are deleted even if a finalizer delays it; the garbage collector does the rest', () => {
    const job = going();
    expect(writes({ ...training, job })).toEqual(['delete jobs worker-0']);
    expect(look({ ...training, job })).toMatchObject(quiet);
    const gone = childJob('worker', { job: JOB, deleted: ago(1) });
    expect(look({ ...training, job, jobs: [gone] })).toEqual({ writes: [], ...quiet });
  });

  it('with orphan propagation leaves its children alone', () => {
    expect(look({ ...training, job: going({ finalizers: ['orphan'] }) })).toEqual({ writes: [], ...quiet });
  });

  it('comes with that of its namespace, which waits for pods that a Job with a backoff limit per index keeps', () => {
    expect(writes({ ...training, namespaceEnds: true })).toEqual(['delete jobs worker-0']);
    expect(look({ ...training, namespaceEnds: true })).toMatchObject(quiet);
    expect(writes({ ...training, namespaceEnds: false })).toEqual([]);
  });
});

const stateUntil = (finishedAt: string) => ({ terminated: { exitCode: 143, startedAt: ago(30), finishedAt } });

describe('the status', () => {
  const pods = [0, 1].map((index) => runningPod(worker, { index }));
  const first = settled({ ...training, pods });
  const later = (changes: Partial<Snapshot>, seconds: number) =>
    look({ ...training, pods, job: first, now: new Date(NOW.getTime() + 1000 * seconds), ...changes });
  const half = { ...live, blocks: done.slice(0, 3), workers: [], at: NOW.getTime() + 1000 };

  it('is not written again when nothing has changed', () => {
    expect(later({}, 100).status).toBeUndefined();
  });

  it('keeps the time of a condition’s last transition until its status changes', () => {
    const { status } = later({ live: half }, 5);
    expect(conditionOf(status, 'Succeeded')?.message).toBe('3 of 5 blocks finished.');
    expect(conditionOf(status, 'Succeeded')?.lastTransitionTime).toBe('2026-11-22T21:00:00Z');
    const all = later({ live }, 5).status;
    expect(conditionOf(all, 'BlocksTrained')).toMatchObject({
      status: 'True',
      lastTransitionTime: '2026-11-22T21:00:05Z',
    });
  });

  it('never decreases progress, even when no pod reports it any more', () => {
    const job = { ...first, status: later({ live: half }, 5).status ?? {} };
    const percent = job.status.progress?.percent ?? 0;
    expect(percent).toBeGreaterThan(10);
    const { status } = later({ job: { ...job, status: { ...job.status, blocks: [] } } }, 10);
    expect(status?.progress?.percent).toBe(percent);
  });

  it('counts the GPU-seconds that pods held, and how they were used once none runs', () => {
    const told = { ...half, seconds: { useful: 50.4, redone: 10 } };
    expect(first.status?.gpuSeconds).toEqual({ held: 60, countTime: '2026-11-22T21:00:00Z', useful: 0, redone: 0 });
    const running = { held: 70, countTime: '2026-11-22T21:00:05Z', useful: 50, redone: 10 };
    expect(later({ live: told }, 5).status?.gpuSeconds).toEqual(running);
    const ended = [0, 1].map((index) => endedPod(worker, 0, { index }));
    const rest = { held: 80, countTime: '2026-11-22T21:00:05Z', useful: 50, redone: 10, idle: 20 };
    expect(later({ pods: ended, live: told }, 5).status?.gpuSeconds).toEqual(rest);
  });

  it('counts them for pods of a deleted Job until they end, and no second twice', () => {
    const lost = (state: object) => [0, 1].map((index) => runningPod(worker, { index, deleted: ago(-30), state }));
    const at = (job: DistillationJobObject, changes: Partial<Snapshot>, seconds: number) =>
      look({ configMaps, jobs: [], job, now: new Date(NOW.getTime() + 1000 * seconds), ...changes });
    const next = (job: DistillationJobObject, changes: Partial<Snapshot>, seconds: number): DistillationJobObject => ({
      ...job,
      status: at(job, changes, seconds).status ?? job.status ?? {},
    });
    const told = next(first, { pods: lost({ running: { startedAt: ago(30) } }) }, 10);
    expect(told.status?.gpuSeconds?.held).toBe(80);
    const over = { pods: lost({ terminated: { exitCode: 143, startedAt: ago(30), finishedAt: ago(-15) } }) };
    const ended = next(told, over, 20);
    expect(ended.status?.gpuSeconds).toMatchObject({ held: 90, idle: 90 });
    expect(at(ended, over, 25).status).toBeUndefined();
    // They are gone, and others have taken over their work.
    const again = childJob('worker', { job: JOB, attempt: 1, status: { active: 2 } });
    const anew = [0, 1].map((index) => runningPod(again, { index, state: { running: { startedAt: ago(-30) } } }));
    const later = next(ended, { jobs: [again], pods: anew }, 40);
    expect(later.status?.gpuSeconds?.held).toBe(110);
  });

  it('counts them for workers that run when the job fails, until they have stopped', () => {
    const failed = { ...childJob('planner', { job: JOB, status: failedJob('BackoffLimitExceeded', { failed: 3 }) }) };
    const verdict = { status: 'False' as const, type: 'Succeeded' as const, reason: 'X', message: 'X.' };
    const conditions = [{ ...verdict, observedGeneration: 1, lastTransitionTime: ago(0) }];
    const job = { ...first, status: { ...first.status, conditions } };
    const ending = [0, 1].map((index) => endedPod(worker, 143, { index, state: stateUntil(ago(-8)) }));
    const { status } = look({ job, jobs: [failed, worker], pods: ending, now: new Date(NOW.getTime() + 20_000) });
    expect(status?.gpuSeconds).toMatchObject({ held: 76, idle: 76 });
  });
});
