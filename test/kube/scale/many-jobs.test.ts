import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LABEL, roleOf } from '@distillation/api/labels';
import { PODS } from '@distillation/kube/resources';
import { DISTILLATION_JOBS } from '../../../operator/src/objects/distillation-jobs.ts';
import { isActive } from '../../../operator/src/observe/pod-status.ts';
import type { DistillationJobObject } from '../../../operator/src/objects/snapshot.ts';
import type { WirePod } from '@distillation/kube/wire';
import { expect, test } from 'vitest';
import { until } from '../../../tools/kube-harness/access/until.ts';
import { samplesOf } from '../support/metrics.ts';
import { type TestOperator, operatorFor } from '../support/operator.ts';
import { bindClaim } from '../support/claim.ts';
import { PlayedJob } from '../support/played-job.ts';
import { adminClient, newNamespace } from '../support/support.ts';
import { countedKinds, isWrite } from '../support/calls.ts';

/** Many jobs at once: each costs what it costs alone, and nothing is left of them when they are gone. */

const WAVE = 30;
const NAMESPACES = 3;
/** Objects of a job: a Job for each role, and their ConfigMaps, the planner's once more with the plan. */
const MADE = { 'apply configmaps': 4, 'apply jobs': 3 } as const;
/**
 * Planning and why it waits, training, each of two pods named in its bin, why one and then the other waits, the end of a bin, finalizing and
 * why it waits, succeeded, the hours of GPUs: each may be seen by itself.
 */
const MOST_STATUSES = 12;

/** So that a job that somebody holds on to weighs more than what else comes and goes in a heap. */
const BALLAST = 'x'.repeat(100_000);

async function claimedNamespace(): Promise<string> {
  const namespace = await newNamespace();
  await bindClaim(namespace);
  return namespace;
}

/** Plays the kubelet for all jobs of some namespaces: every pod ends well as soon as it is seen. */
class Kubelet {
  readonly #played = new Set<string>();
  #finalized = 0;
  readonly #jobs: ReadonlyMap<string, PlayedJob>;

  constructor(jobs: readonly PlayedJob[]) {
    this.#jobs = new Map(jobs.map((job) => [`${job.namespace}/${job.name}`, job]));
  }

  /** Until every job has succeeded. */
  async playAll(): Promise<void> {
    const jobs = [...this.#jobs.values()];
    const namespaces = [...new Set(jobs.map(({ namespace }) => namespace))];
    await until(
      `all of ${jobs.length} jobs succeed`,
      async () => {
        for (const namespace of namespaces) await this.#playIn(namespace);
        // With their ballast the jobs are megabytes: they are asked for when the last pod of each has ended.
        if (this.#finalized < jobs.length) throw new Error(`${jobs.length - this.#finalized} are not finalized`);
        const succeeded = await Promise.all(namespaces.map(succeededIn));
        const left = jobs.length - succeeded.reduce((sum, count) => sum + count, 0);
        if (left > 0) throw new Error(`${left} have not`);
        return true;
      },
      600_000,
    );
  }

  /** Plays whatever waits. */
  async #playIn(namespace: string): Promise<void> {
    const { items: pods } = await adminClient().list<WirePod>(PODS, { namespace });
    for (const pod of pods) await this.#play(pod);
  }

  async #play(pod: WirePod): Promise<void> {
    const { uid = '', namespace = '', labels, deletionTimestamp } = pod.metadata ?? {};
    const job = this.#jobs.get(`${namespace}/${labels?.[LABEL.job] ?? ''}`);
    const role = roleOf(pod);
    if (job === undefined || role === undefined || !isActive(pod) || this.#played.has(uid)) return;
    if (deletionTimestamp !== undefined) return;
    this.#played.add(uid);
    await job.succeed(pod, role);
    if (role === 'finalizer') this.#finalized++;
  }
}

/** Number of jobs that have succeeded. */
async function succeededIn(namespace: string): Promise<number> {
  const { items } = await adminClient().list<DistillationJobObject>(DISTILLATION_JOBS, { namespace });
  return items.filter(
    ({ status }) => status?.conditions?.some(({ type, status: is }) => type === 'Succeeded' && is === 'True') === true,
  ).length;
}

async function apply(jobs: readonly PlayedJob[]): Promise<void> {
  await Promise.all(jobs.map((job) => job.apply({ 'metadata.annotations': { ballast: BALLAST } })));
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

/** A wave of jobs, from apply to deletion. */
async function wave(name: string, namespaces: readonly string[], operator: TestOperator): Promise<{ held: number }> {
  const jobs = Array.from(
    { length: WAVE },
    (_, i) => new PlayedJob(namespaces[i % namespaces.length] ?? '', `${name}-${i}`),
  );
  await apply(jobs);
  await new Kubelet(jobs).playAll();
  const held = heapUsed();
  await Promise.all(jobs.map((job) => job.delete()));
  await until('nothing is cached', async () =>
    Object.values(await samplesOf(operator, 'distill_cache_objects')).every((count) => count === 0) ? true : undefined,
  );
  return { held };
}

async function countsOfOneAlone(): Promise<Record<string, number>> {
  const job = new PlayedJob(await claimedNamespace(), 'alone');
  const operator = await operatorFor(job.namespace);
  await apply([job]);
  await new Kubelet([job]).playAll();
  await operator.stop();
  return countedKinds(operator.calls.filter(isWrite));
}

test('many jobs cost each what one costs alone, and leave nothing', async () => {
  const alone = await countsOfOneAlone();
  const namespaces = await Promise.all(Array.from({ length: NAMESPACES }, claimedNamespace));
  const operator = await operatorFor(namespaces[0] ?? '', {
    args: namespaces.slice(1).flatMap((namespace) => ['--namespace', namespace]),
  });
  await wave('first', namespaces, operator);
  const before = heapUsed();
  const { held } = await wave('second', namespaces, operator);
  const left = heapUsed() - before;

  const all = countedKinds(operator.calls);
  process.stdout.write(
    `API calls of ${2 * WAVE} jobs: ${JSON.stringify(all)}; writes of one alone: ${JSON.stringify(alone)}; ` +
      `${WAVE} jobs hold ${held - before} bytes and leave ${left}\n`,
  );
  // What is made is made once; a cache that lags behind may have some written again, which changes nothing.
  for (const [kind, times] of Object.entries(MADE)) {
    expect.soft(all[kind], kind).toBeGreaterThanOrEqual(2 * WAVE * times);
    expect.soft(all[kind], kind).toBeLessThanOrEqual(1.5 * 2 * WAVE * times);
  }
  // Many steps of a job that is alone, or of one among many that wait, may share a status.
  expect.soft(all['apply distillationjobs/status']).toBeLessThanOrEqual(2 * WAVE * MOST_STATUSES);
  // Each cache is filled once for each namespace; no other list, whatever there is to do.
  const lists = Object.entries(all).filter(([kind]) => kind.startsWith('list ') && kind !== 'list events');
  expect.soft(Object.fromEntries(lists)).toEqual({
    'list distillationjobs': NAMESPACES,
    'list jobs': NAMESPACES,
    'list pods': NAMESPACES,
    'list configmaps': NAMESPACES,
  });
  // Asked for once in a while, not for each job.
  expect.soft(all['get persistentvolumeclaims']).toBeLessThan(WAVE);
  expect.soft(await samplesOf(operator, 'distill_workqueue_depth')).toEqual({ '': 0 });
  expect.soft(await samplesOf(operator, 'distill_reconcile_active')).toEqual({ '': 0 });
  expect.soft(left, 'bytes of heap left').toBeLessThan((held - before) / 2);
  expect(operator.complaints).toEqual([]);
});
