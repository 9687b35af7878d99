import { EXIT } from '@distillation/api/errors';
import { ROLES } from '@distillation/api/words';
import { isActive } from '../../operator/src/observe/pod-status.ts';
import { describe, expect, test } from 'vitest';
import { EVENTS, JOBS, type KubeObject, PODS, type Resource, type WireEvent } from '@distillation/kube/resources';
import { DISTILLATION_JOBS } from '../../operator/src/objects/distillation-jobs.ts';
import type { WirePod } from '@distillation/kube/wire';
import { plannerJob } from '../../operator/src/objects/jobs.ts';
import { CONFIG, jobObject } from '../../operator/test/children.ts';
import { until } from '../../tools/kube-harness/access/until.ts';
import { isWrite } from './support/calls.ts';
import { untilRefused } from './support/dry-run.ts';
import { looksOf, metricsSay, samplesOf } from './support/metrics.ts';
import { operatorFor } from './support/operator.ts';
import { bindClaim } from './support/claim.ts';
import { PlayedJob, nameOf } from './support/played-job.ts';
import { admin, adminClient, eventually, newNamespace } from './support/support.ts';

/** The course of a job with a real API server, Job controller and scheduler, with the permissions that the manifests give the operator. */

const BINDINGS: Resource = { group: '', version: 'v1', plural: 'bindings', kind: 'Binding', namespaced: true };

async function freshJob(): Promise<PlayedJob> {
  const namespace = await newNamespace();
  await bindClaim(namespace);
  return new PlayedJob(namespace);
}

/** Binds a pod like the scheduler, to a node that does not exist. */
async function bind({ metadata }: WirePod, node: string): Promise<void> {
  const { name, namespace } = metadata ?? {};
  await adminClient().create(BINDINGS, {
    metadata: { name, namespace },
    target: { kind: 'Node', name: node },
  } as KubeObject);
}

/** The steps of a job, each from the state after the one before. */
const STEPS: readonly (readonly [name: string, step: (job: PlayedJob) => Promise<unknown>])[] = [
  ['planning', (job) => job.activePods('planner')],
  ['planned', (job) => job.plan()],
  ['training', (job) => job.activePods('worker', 2)],
  ['trained', (job) => job.train()],
  ['finalizing', (job) => job.activePods('finalizer')],
  ['finalized', (job) => job.finalize()],
];

async function playTo(job: PlayedJob, last: string): Promise<void> {
  for (const [name, step] of STEPS) {
    await step(job);
    if (name === last) return;
  }
}

/** Nothing of the job is left, except for what belongs to another job of its name. */
async function leavesNothing(job: PlayedJob): Promise<void> {
  await eventually(async () => {
    const left = [...(await job.jobs()), ...(await job.pods()), ...(await job.configMaps())];
    expect(left.map(nameOf)).toEqual([]);
  });
}

// Side by side: they wait for controllers most of the time.
describe.concurrent('a job', () => {
  test('goes from apply to Succeeded', async () => {
    const job = await freshJob();
    const operator = await operatorFor(job.namespace);
    await job.apply();
    await job.reaches('Succeeded', 'Unknown');
    await job.plan();
    await job.reaches('Planned', 'True');
    const [map] = await until('there is a ConfigMap with the schedule', async () => {
      const maps = await job.configMaps('worker');
      return maps.length === 1 ? maps : undefined;
    });
    expect(Object.keys(map?.data ?? {}).sort()).toEqual(['job.json', 'plan.json', 'schedule.json']);
    for (const pod of await job.activePods('worker', 2)) await job.run(pod);
    await job.reaches('Ready', 'True', 'Training');
    await job.train();
    await job.finalize();
    await job.reaches('Succeeded', 'True');
    const { status } = await job.get();
    expect(status).toMatchObject({
      progress: { percent: 100 },
      result: { outcome: 'StudentBuilt', studentAccuracy: '0.7700', compression: '4.00x' },
      blocks: [1, 2, 3, 4].map((n) => ({ name: `conv_${n}`, state: 'Done', epoch: 3, selected: true })),
    });
    await eventually(async () => {
      const events = await adminClient().list<WireEvent>(EVENTS, { namespace: job.namespace });
      const told = events.items.filter(({ regarding }) => regarding?.kind === 'DistillationJob');
      expect(told.map(({ reason }) => reason)).toEqual(
        expect.arrayContaining(['Planned', 'WorkersStarted', 'Succeeded']),
      );
    });
    const writes = operator.calls.filter(isWrite);
    const kinds = writes.map(({ verb, resource }) => `${verb} ${resource}`);
    const counts = [...new Set(kinds)].map((kind) => `${kinds.filter((each) => each === kind).length} ${kind}`);
    process.stdout.write(`API writes of a job: ${writes.length} (${counts.join(', ')})\n`);
    expect(writes.length).toBeLessThan(40);
    expect(operator.complaints).toEqual([]);
    expect(writes.filter(({ status: code }) => code >= 400)).toEqual([]);
  });

  test('causes no writes when nothing changes', async () => {
    const job = await freshJob();
    const operator = await operatorFor(job.namespace, { args: ['--resync', '200ms'] });
    await job.apply();
    await playTo(job, 'training');
    for (const pod of await job.activePods('worker', 2)) await job.run(pod);
    await eventually(async () => {
      expect((await job.get()).status?.bins?.map(({ state }) => state)).toEqual(['Running', 'Running']);
    });
    // A write that was under way ends in the first of these spans, not in all.
    await eventually(async () => {
      const [before, calls] = [await looksOf(operator, 'success'), operator.calls.length];
      await eventually(async () => {
        expect(await looksOf(operator, 'success')).toBeGreaterThan(before + 5);
      });
      const later = operator.calls.slice(calls).filter(isWrite);
      expect(later.filter(({ resource }) => resource !== 'events')).toEqual([]);
    });
    await metricsSay(operator, 'distill_jobs{status="Unknown",reason="Training"} 1');
  });

  test.each(['planning', 'training', 'finalizing'])('is suspended and resumed while it is %s', async (stage) => {
    const job = await freshJob();
    await operatorFor(job.namespace);
    await job.apply();
    await playTo(job, stage);
    await job.apply({ 'spec.cluster.suspend': true });
    await job.reaches('Suspended', 'True');
    await eventually(async () => {
      expect((await job.pods()).filter((pod) => pod.status?.phase === 'Pending')).toEqual([]);
    });
    await job.apply({ 'spec.cluster.suspend': false });
    await job.reaches('Suspended', 'False');
    const rest = STEPS.slice(STEPS.findIndex(([name]) => name === stage));
    for (const [, step] of rest) await step(job);
    await job.reaches('Succeeded', 'True');
  });

  test('is suspended when its last pod has ended', async () => {
    const job = await freshJob();
    await operatorFor(job.namespace);
    await job.apply();
    const planner = await job.activePod('planner');
    // On a node, a pod that is told to end is there until its kubelet says that it has.
    await bind(planner, 'slow');
    await job.run(planner);
    await job.apply({ 'spec.cluster.suspend': true });
    await job.reaches('Suspended', 'False', 'Suspending');
    await until('the pod is told to end', async () => {
      const [pod] = await job.pods('planner');
      return pod?.metadata?.deletionTimestamp === undefined ? undefined : true;
    });
    expect((await job.condition('Suspended'))?.status).toBe('False');
    await job.end(planner, 143);
    await job.reaches('Suspended', 'True');
  });

  test('blames the image rather than the input when the program was not a worker', async () => {
    const job = await freshJob();
    await operatorFor(job.namespace);
    await job.apply();
    await job.end(await job.activePod('planner'), 64, { message: 'usage: other [options]' });
    const { message } = await job.reaches('Succeeded', 'False', 'WorkerFailed');
    expect(message).toMatch(/exit code 64; its log ends: usage: other \[options\].*if the image/);
  });

  test('takes another number of bins while it trains', async () => {
    const job = await freshJob();
    await operatorFor(job.namespace);
    await job.apply();
    await playTo(job, 'training');
    const before = (await job.jobs('worker')).map(nameOf);
    await job.apply({ 'spec.scheduling.bins': 3 });
    await job.activePods('worker', 3);
    await eventually(async () => {
      const now = (await job.jobs('worker')).map(nameOf);
      expect(now).toHaveLength(1);
      expect(now).not.toEqual(before);
    });
    // The plan is still valid.
    expect(await job.jobs('planner')).toHaveLength(1);
    await job.train(3);
    await job.finalize();
    await job.reaches('Succeeded', 'True');
  });

  test('fails at once with the worker’s own words when its input is refused, and goes on when its spec is changed', async () => {
    const job = await freshJob();
    await operatorFor(job.namespace);
    await job.apply();
    const pod = await job.activePod('planner');
    await job.say(pod, 65, {
      type: 'Error',
      code: 'DISTILL_E_TEACHER_MISSING',
      reason: 'TeacherMissing',
      message: 'There is no file teacher/model.json.',
      fix: 'Put the teacher at spec.teacher.path, relative to the root of its volume.',
    });
    const failed = await job.reaches('Succeeded', 'False', 'TeacherMissing');
    expect(failed.message).toContain('There is no file teacher/model.json. Put the teacher at spec.teacher.path');
    expect(await job.condition('Stalled')).toMatchObject({ status: 'True', reason: 'TeacherMissing' });
    await job.apply({ 'spec.teacher.path': 'teachers/model.json' });
    await until('it is active again', async () =>
      (await job.condition('Succeeded'))?.status === 'Unknown' ? true : undefined,
    );
    for (const [, step] of STEPS) await step(job);
    await job.reaches('Succeeded', 'True');
  });

  test('fails when a bin has used up its retries', async () => {
    const job = await freshJob();
    await operatorFor(job.namespace);
    await job.apply({ 'spec.cluster.backoffLimit': 0, 'spec.scheduling.policy': 'RoundRobin' });
    await playTo(job, 'training');
    for (const pod of (await job.activePods('worker', 2)).slice(0, 1)) await job.end(pod, 137, { reason: 'OOMKilled' });
    const failed = await job.reaches('Succeeded', 'False');
    expect(failed.reason).toBe('OutOfMemory');
    expect(failed.message).toMatch(/Bin 0.*OOMKilled.*Given up after 1 run/s);
    await eventually(async () => {
      expect((await job.pods('worker')).filter((pod) => pod.status?.phase === 'Pending')).toEqual([]);
    });
  });

  test('says that no node takes its pod, and fails at its pending deadline', async () => {
    const job = await freshJob();
    await operatorFor(job.namespace);
    await job.apply();
    const waiting = await job.reaches('Succeeded', 'Unknown', 'Unschedulable');
    expect(waiting.message).toContain('no nodes available');
    expect(await job.condition('Reconciling')).toMatchObject({ status: 'True', reason: 'Unschedulable' });
    // Only now: on a busy machine the deadline would be over before anybody saw what is waited for.
    await job.apply({ 'spec.cluster.pendingDeadlineSeconds': 1 });
    const failed = await job.reaches('Succeeded', 'False', 'PendingDeadlineExceeded');
    expect(failed.message).toContain('no nodes available');
    await eventually(async () => {
      expect(await job.pods()).toEqual([]);
    });
  });

  test('fails at its deadline', async () => {
    const job = await freshJob();
    await operatorFor(job.namespace);
    await job.apply();
    await job.run(await job.activePod('planner'));
    // Only now: on a busy machine the deadline would be over before the pod is there.
    await job.apply({ 'spec.cluster.activeDeadlineSeconds': 3 });
    const failed = await job.reaches('Succeeded', 'False', 'DeadlineExceeded');
    expect(failed.message).toContain('3 s');
    expect((await job.get()).status?.completionTime).toBeDefined();
  });

  test('replaces a pod on an unreachable node', async () => {
    const job = await freshJob();
    const operator = await operatorFor(job.namespace);
    await job.apply();
    const lost = await job.activePod('planner');
    await bind(lost, 'lost');
    await job.run(lost);
    await job.reaches('Succeeded', 'Unknown', 'Planning');
    // No kubelet stops it: its grace period ends and nothing happens.
    await adminClient().delete(PODS, { name: nameOf(lost), namespace: job.namespace }, { gracePeriodSeconds: 1 });
    await until('another pod takes its place', async () => {
      const pods = (await job.pods('planner')).filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
      return pods.some((pod) => nameOf(pod) !== nameOf(lost)) ? true : undefined;
    });
    expect(operator.complaints).toEqual([]);
    for (const [, step] of STEPS) await step(job);
    await job.reaches('Succeeded', 'True');
  });

  test.each([
    ['succeeded', 'True'],
    ['failed', 'False'],
  ] as const)(
    'that has %s keeps its Jobs, ended pods and ConfigMaps, whichever operator looks at it, and takes them with it',
    async (_, verdict) => {
      const job = await freshJob();
      const first = await operatorFor(job.namespace, { args: ['--resync', '200ms'] });
      await job.apply();
      await playTo(job, verdict === 'True' ? 'finalizing' : 'training');
      if (verdict === 'True') await job.finalize();
      else {
        const [refusing, other] = await job.activePods('worker', 2);
        if (refusing === undefined || other === undefined) throw new Error('no workers');
        await job.run(other);
        await job.say(refusing, EXIT.input, {
          type: 'Error',
          code: 'DISTILL_E_DATASET_CHANGED',
          reason: 'DatasetChanged',
          message: 'The data changed.',
          fix: '',
        });
      }
      await job.reaches('Succeeded', verdict);
      // What still runs is told to end; nobody plays its kubelet here.
      await eventually(async () => {
        expect(
          (await job.pods()).filter((pod) => isActive(pod) && pod.metadata?.deletionTimestamp === undefined),
        ).toEqual([]);
      });
      const left = async (): Promise<string[]> =>
        [...(await job.jobs()), ...(await job.pods()).filter((pod) => !isActive(pod)), ...(await job.configMaps())]
          .map(({ metadata }) => metadata?.uid ?? '')
          .sort();
      const kept = await left();
      const roles = verdict === 'True' ? ROLES : ROLES.slice(0, 2);
      for (const role of roles) {
        expect((await job.jobs(role)).map(({ spec }) => spec?.ttlSecondsAfterFinished)).toEqual([undefined]);
        expect(await job.configMaps(role)).toHaveLength(1);
      }
      expect((await job.pods('planner')).map(({ status }) => status?.phase)).toEqual(['Succeeded']);
      // What is written after the verdict is the first one's to write, once it has heard of all that has ended.
      await eventually(async () => {
        const { '{resource="pods"}': cached } = await samplesOf(first, 'distill_cache_objects');
        expect(cached).toBe((await job.pods()).length);
      });
      const version = async (): Promise<string | undefined> => (await job.get()).metadata.resourceVersion;
      await eventually(async () => {
        const [looks, before] = [await looksOf(first), await version()];
        await eventually(async () => {
          expect(await looksOf(first)).toBeGreaterThan(looks + 3);
        });
        expect(await version()).toBe(before);
      });
      await first.stop();
      const resourceVersion = await version();
      const second = await operatorFor(job.namespace);
      await metricsSay(second, /distill_reconcile_duration_seconds_count [1-9]/);
      expect(await left()).toEqual(kept);
      expect(await version()).toBe(resourceVersion);
      await job.delete();
      await leavesNothing(job);
      expect(second.complaints).toEqual([]);
    },
  );

  test('is deleted with all its children when its time to live is over', async () => {
    const job = await freshJob();
    await operatorFor(job.namespace);
    await job.apply({ 'spec.cluster.ttlSecondsAfterFinished': 1 });
    for (const [, step] of STEPS) await step(job);
    await until('it is gone', async () => {
      const found = await adminClient().find(DISTILLATION_JOBS, job);
      return found === undefined ? true : undefined;
    });
    await leavesNothing(job);
  });

  test.each(['planning', 'planned', 'training', 'finalizing', 'finalized'])(
    'leaves nothing when it is deleted while it is %s',
    async (stage) => {
      const job = await freshJob();
      const operator = await operatorFor(job.namespace);
      await job.apply();
      await playTo(job, stage);
      await job.delete();
      await leavesNothing(job);
      expect(operator.complaints).toEqual([]);
    },
  );

  test('made again under the same name is another job', async () => {
    const job = await freshJob();
    await operatorFor(job.namespace);
    const first = await job.apply();
    await playTo(job, 'training');
    await job.delete();
    const second = await job.apply();
    expect(second.metadata.uid).not.toBe(first.metadata.uid);
    const ownersOf = (objects: readonly KubeObject[]) =>
      objects.map(({ metadata }) => metadata?.ownerReferences?.[0]?.uid);
    await eventually(async () => {
      const jobs = await job.jobs();
      expect(ownersOf(jobs)).toEqual([second.metadata.uid]);
      // The first one's pods end after their Jobs.
      expect(jobs.map(({ metadata }) => metadata?.uid)).toEqual([...new Set(ownersOf(await job.pods()))]);
    });
    for (const [, step] of STEPS) await step(job);
    await job.reaches('Succeeded', 'True');
  });

  test('reports when the API server refuses a child, and continues when it no longer does', async () => {
    const job = await freshJob();
    await operatorFor(job.namespace);
    const quota = (jobs: string): KubeObject =>
      ({
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'none' },
        spec: { hard: { 'count/jobs.batch': jobs } },
      }) as KubeObject;
    await admin().apply(quota('0'), job.namespace);
    const child = plannerJob(jobObject({ 'metadata.namespace': job.namespace }), { config: CONFIG, attempt: 0 });
    await untilRefused(JOBS, child, 'exceeded quota: none');
    await job.apply();
    const told = await job.reaches('Reconciling', 'True', 'RequestRefused');
    expect(told.message).toContain('exceeded quota: none');
    expect(await job.condition('Succeeded')).toMatchObject({ status: 'Unknown', reason: 'RequestRefused' });
    await admin().apply(quota('5'), job.namespace);
    await job.activePods('planner');
    await eventually(async () => {
      expect((await job.condition('Succeeded'))?.reason).not.toBe('RequestRefused');
    });
  });
});
