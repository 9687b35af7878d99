import { type Server, createServer } from 'node:http';
import { randomInt } from 'node:crypto';
import type { LiveProgress, PodProgress } from '@distillation/api/progress';
import { CONFIG } from '../../operator/test/children.ts';
import { WORKER_PORT } from '@distillation/api/labels';
import { Reconciler } from '../../operator/src/controller/reconciler.ts';
import type { Answer, Transport } from '@distillation/kube/transport';
import type { DistillationJobObject } from '../../operator/src/objects/snapshot.ts';
import type { EventDraft } from '@distillation/kube/events';
import { createMetrics } from '../../operator/src/metrics/metrics.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { until } from '../../tools/kube-harness/access/until.ts';
import { metricsSay, samplesOf } from './support/metrics.ts';
import { operatorFor } from './support/operator.ts';
import { bindClaim } from './support/claim.ts';
import { PlayedJob } from './support/played-job.ts';
import { adminClient, eventually, newNamespace } from './support/support.ts';

/** Live reads without results. */
const LIVE_READS = {
  claimsOf: () => Promise.resolve(undefined),
  warningsOf: () => Promise.resolve(new Map()),
  isEnding: () => Promise.resolve(undefined),
  hasKueue: () => Promise.resolve(undefined),
};

/** What the operator reports about a job besides its stages: live progress, and problems. */

async function freshJob(): Promise<PlayedJob> {
  const namespace = await newNamespace();
  await bindClaim(namespace);
  return new PlayedJob(namespace);
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A worker pod's server on a loopback address of its own, since the port is fixed. @returns the address */
function serveProgress(answer: () => PodProgress | undefined): Promise<string> {
  const address = `127.${randomInt(1, 255)}.${randomInt(255)}.${randomInt(1, 255)}`;
  const server = createServer((request, response) => {
    const live = answer();
    // A silent pod: the request stays open.
    if (request.url === '/progress' && live !== undefined) response.end(JSON.stringify(live));
  });
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(WORKER_PORT, address, () => {
      resolve(address);
    });
  });
}

describe('live progress', () => {
  test('of a running pod is in the status, and a pod that does not answer delays nothing', async () => {
    const job = await freshJob();
    const operator = await operatorFor(job.namespace);
    await job.apply();
    await job.plan();
    const { key } = await job.planSummary();
    const block = (name: string, epoch: number, state: 'Training' | 'Done' = 'Training') =>
      ({ name, state, epoch, bin: 0, ...(state === 'Done' && { seconds: 42 }) }) as const;
    let blocks: LiveProgress['blocks'] = [block('conv_1', 1), block('conv_2', 1)];
    let isSilent = false;
    const podIP = await serveProgress(() =>
      isSilent
        ? undefined
        : { version: 1, planKey: key, blocks, workers: [], seconds: { useful: 9, redone: 0 }, at: Date.now() },
    );
    for (const pod of await job.activePods('worker', 2)) await job.run(pod, podIP);
    await eventually(async () => {
      const { status } = await job.get();
      expect(status?.blocks?.map(({ state, epoch }) => `${state} ${epoch}`)).toEqual([
        'Training 1',
        'Training 1',
        'Pending 0',
        'Pending 0',
      ]);
      expect(status?.progress?.percent).toBeGreaterThan(0);
    });
    blocks = [block('conv_1', 3, 'Done'), block('conv_2', 2)];
    await eventually(async () => {
      expect((await job.get()).status).toMatchObject({
        progress: { blocks: '1/4' },
        blocks: [{ state: 'Done' }, {}, {}, {}],
      });
    });
    await metricsSay(operator, 'distill_block_duration_seconds_sum 42', 'distill_blocks{state="Training"} 1');

    isSilent = true;
    const other = new PlayedJob(job.namespace, 'other');
    await other.apply({ 'spec.outputs.path': 'jobs/other' });
    await other.plan();
    await other.activePods('worker', 2);
    await metricsSay(operator, /distill_progress_polls_total\{result="timeout"\} [1-9]/);
    await job.train();
    await job.finalize();
    await job.reaches('Succeeded', 'True');
    // Once a block: what a worker says at its end about blocks known to be done is not counted again.
    await metricsSay(operator, 'distill_jobs_finished_total{outcome="succeeded"} 1');
    expect(await samplesOf(operator, 'distill_block_duration_seconds_count')).toEqual({ '': 4 });
  });
});

describe('a job whose teacher is not there yet', () => {
  test('waits for it, shows what is missing, can be suspended, and goes on when it has come', async () => {
    const job = await freshJob();
    await operatorFor(job.namespace);
    await job.apply({ 'spec.cluster.inputsDeadlineSeconds': 600 });
    let awaits: string | undefined = 'There is no teacher at /volumes/work/teacher.';
    const podIP = await serveProgress(() => ({
      version: 1,
      role: 'planner',
      ...(awaits !== undefined && { awaits }),
      at: Date.now(),
    }));
    const first = await job.activePod('planner');
    const toldOf = async (): Promise<{ inputsDeadlineSeconds?: number }> => {
      const [map] = await job.configMaps('planner');
      return (JSON.parse(map?.data?.['job.json'] ?? '') as DistillationJobObject).spec.cluster;
    };
    expect(await toldOf()).toMatchObject({ inputsDeadlineSeconds: 600 });
    await job.run(first, podIP);
    const { message } = await job.reaches('Succeeded', 'Unknown', 'WaitingForInputs');
    expect(message).toMatch(/no teacher at \/volumes\/work\/teacher\..*`kubectl distill push/);
    expect(message).toContain(`-n ${job.namespace}`);
    await job.reaches('Reconciling', 'True', 'WaitingForInputs');

    await job.apply({ 'spec.cluster.inputsDeadlineSeconds': 900, 'spec.cluster.suspend': true });
    // It is on no node: it needs no kubelet to end.
    await eventually(async () => {
      expect(await job.pods('planner')).toEqual([]);
    });
    await job.reaches('Suspended', 'True');
    await job.apply({ 'spec.cluster.inputsDeadlineSeconds': 900 });
    const next = await job.activePod('planner');
    expect(await toldOf()).toMatchObject({ inputsDeadlineSeconds: 900 });
    await job.run(next, podIP);
    await job.reaches('Succeeded', 'Unknown', 'WaitingForInputs');
    awaits = undefined;
    await job.reaches('Succeeded', 'Unknown', 'Planning');
    await job.plan();
    await job.activePods('worker', 2);
  });
});

describe('a problem of a job', () => {
  const refusal: Answer = {
    status: 500,
    body: {
      async *[Symbol.asyncIterator]() {
        yield await Promise.resolve(new Uint8Array());
      },
      text: () => Promise.resolve('etcdserver: request timed out'),
      destroy: () => undefined,
    },
  };

  test('is reported in its conditions once it persists, and removed when it is over', async () => {
    const job = await freshJob();
    let isDown = true;
    const wrap =
      (next: Transport): Transport =>
      (call) =>
        isDown && call.verb === 'apply' && call.resource === 'jobs' ? Promise.resolve(refusal) : next(call);
    await operatorFor(job.namespace, { wrap });
    await job.apply();
    const told = await job.reaches('Reconciling', 'True', 'ApiUnavailable');
    expect(told.message).toContain('etcdserver: request timed out');
    isDown = false;
    await job.plan();
    await eventually(async () => {
      const reasons = (await job.get()).status?.conditions?.map(({ reason }) => reason);
      expect(reasons).not.toContain('ApiUnavailable');
    });
  });

  test('may be a spec that is invalid for this operator: it is reported once, without a crash loop', async () => {
    const job = await freshJob();
    await job.apply();
    const stored = await job.get();
    // As if it had been admitted by another version of the definition.
    const spec = { ...stored.spec, training: { ...stored.spec.training, epochs: -1 } };
    const events: EventDraft[] = [];
    const known = async (): Promise<DistillationJobObject> => ({ ...(await job.get()), spec });
    const reconcilerOf = (cached: DistillationJobObject): Reconciler =>
      new Reconciler({
        client: adminClient(),
        caches: { jobOf: () => cached, childrenOf: () => ({ jobs: [], pods: [], configMaps: [] }) },
        liveReads: LIVE_READS,
        poller: {
          watch: () => undefined,
          forget: () => undefined,
          answerOf: () => undefined,
          plannerOf: () => undefined,
        },
        events: { record: (_, event) => events.push(event) },
        admits: () => true,
        metrics: createMetrics({ version: '1' }, () => undefined),
        config: CONFIG,
      });
    expect(await reconcilerOf(await known()).reconcile('x')).toEqual({ result: 'invalid_spec' });
    const stalled = await job.condition('Stalled');
    expect(stalled).toMatchObject({ status: 'True', reason: 'InvalidSpec', observedGeneration: 1 });
    expect(stalled?.message).toContain('spec.training.epochs: -1');
    expect(await job.condition('Succeeded')).toMatchObject({ status: 'Unknown', reason: 'InvalidSpec' });
    const { resourceVersion } = (await job.get()).metadata;
    expect(await reconcilerOf(await known()).reconcile('x')).toEqual({ result: 'invalid_spec' });
    expect((await job.get()).metadata.resourceVersion).toBe(resourceVersion);
    expect(events.map(({ type, reason }) => `${type} ${reason}`)).toEqual(['Warning InvalidSpec']);
    expect(await job.jobs()).toEqual([]);

    // An operator for which the spec is valid continues normally.
    await operatorFor(job.namespace);
    await until('it goes on', async () => ((await job.condition('Stalled'))?.status === 'False' ? true : undefined));
    await job.activePods('planner');
  });

  test('is not written to another job of its name', async () => {
    const job = await freshJob();
    await job.apply();
    const old = await job.get();
    await job.delete();
    await job.apply();
    const written: string[] = [];
    const reconciler = new Reconciler({
      client: adminClient(),
      caches: { jobOf: () => old, childrenOf: () => ({ jobs: [], pods: [], configMaps: [] }) },
      liveReads: LIVE_READS,
      poller: {
        watch: () => undefined,
        forget: () => undefined,
        answerOf: () => undefined,
        plannerOf: () => undefined,
      },
      events: { record: (_, { reason }) => written.push(reason) },
      admits: () => true,
      metrics: createMetrics({ version: '1' }, () => undefined),
      config: CONFIG,
    });
    await expect(reconciler.reconcile('x')).rejects.toMatchObject({ status: 409 });
    await expect(reconciler.patchStatus('x', { reason: 'ApiUnavailable', message: 'none' })).rejects.toMatchObject({
      status: 409,
    });
    expect((await job.get()).status).toBeUndefined();
    expect(written).toEqual([]);
    // What it made belongs to the old job, and goes with it.
    await eventually(async () => {
      expect(await job.jobs()).toEqual([]);
    });
  });
});
