import fc from 'fast-check';
import type { DistillationJobStatus } from '@distillation/api/job';
import type { Termination } from '@distillation/api/termination';
import { describe, expect, it } from 'vitest';
import { CONFIG, jobObject } from '../../test/children.ts';
import { reconcile } from './reconcile.ts';
import type { Reconciliation } from '../objects/snapshot.ts';
import { verdictOf } from '@distillation/api/verdict';
import { TestCluster } from '../../test/simulated-cluster/cluster.ts';
import { runJobController } from '../../test/simulated-cluster/controller.ts';
import { activePods, cut, disrupt, end, livePods, start } from '../../test/simulated-cluster/kubelet.ts';
import { isOver } from '../../test/simulated-cluster/status.ts';
import { errorOf } from '../../test/simulated-cluster/objects.ts';
import { lose, poll, work } from '../../test/simulated-cluster/work.ts';

/** Properties of the whole operator: from every state of a random walk, reconciling converges, and always to the same state. */

const EVENTS = [
  ...(['Rush', 'Rush', 'Rush', 'Rush', 'Rush', 'Rush', 'Rush', 'Rush', 'Work', 'Work', 'Die', 'Die'] as const),
  ...(['Disrupt', 'Cut', 'Lose', 'Poll', 'Wait', 'Wait', 'Suspend', 'Respec', 'Meddle'] as const),
] as const;
const KINDS = ['jobs', 'pods', 'configMaps'] as const;

interface Step {
  readonly event: (typeof EVENTS)[number];
  readonly pick: number;
  readonly code: number;
  /** Kinds of objects whose changes reach the caches before the next reconcile. */
  readonly seen: readonly (typeof KINDS)[number][];
  /** Number of writes of a reconcile before the operator is killed; undefined if it is not. */
  readonly crashAfter: number | undefined;
}

const step: fc.Arbitrary<Step> = fc.record({
  event: fc.constantFrom(...EVENTS),
  pick: fc.nat(1000),
  code: fc.constantFrom(1, 70, 75, 137, 143, 137, 75, 65),
  seen: fc.subarray([...KINDS]),
  crashAfter: fc.option(fc.nat(3), { nil: undefined, freq: 2 }),
});

const spec = fc.record({
  'spec.scheduling.policy': fc.constantFrom('RoundRobin', 'BinPacking', 'WorkStealing'),
  'spec.scheduling.bins': fc.integer({ min: 1, max: 7 }),
  'spec.cluster.backoffLimit': fc.integer({ min: 0, max: 3 }),
  'spec.cluster.pendingDeadlineSeconds': fc.constantFrom(undefined, undefined, 8),
});

/** Exit code of a container that a webhook has added to each pod; undefined for no such container. */
const sidecars = fc.constantFrom(undefined, undefined, 0, 143);

/** Values that JSON of the API cannot have: undefined instead of an absent field, null, NaN. */
function oddities(value: unknown, path = ''): string[] {
  if (value === undefined || value === null || Number.isNaN(value)) return [path];
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, member]) => oddities(member, `${path}.${key}`));
}

function look(cluster: TestCluster): Reconciliation {
  const todo = reconcile(cluster.snapshot(), CONFIG);
  const [odd] = oddities(todo);
  if (odd !== undefined) throw new Error(`${odd} is nothing that JSON knows`);
  return todo;
}

function act(cluster: TestCluster, { writes, status }: Reconciliation, crashAfter = Infinity): void {
  for (const write of writes.slice(0, crashAfter)) cluster.perform(write);
  expectNoStepBack(cluster, status);
  if (writes.length < crashAfter && status !== undefined) cluster.writeStatus(status);
}

/** Progress never decreases for the same spec, and only a changed spec reopens a finished job. */
function expectNoStepBack({ job }: TestCluster, status: DistillationJobStatus | undefined): void {
  if (status === undefined || job.status?.observedGeneration !== status.observedGeneration) return;
  expect(status.progress?.percent).toBeGreaterThanOrEqual(job.status?.progress?.percent ?? 0);
  const verdict = verdictOf(job.status);
  if (verdict !== undefined) expect(verdictOf(status)?.status).toBe(verdict.status);
}

/** `Suspended` is true only when there is no pod, including those that wait to start or are terminating. */
function expectNoPodWhenSuspended({ pods }: TestCluster, { status }: Reconciliation): void {
  if (!status?.conditions?.some(({ type, status: holds }) => type === 'Suspended' && holds === 'True')) return;
  expect(pods.filter((pod) => !isOver(pod))).toEqual([]);
}

/** Reconciles with fresh caches until there is nothing left to do; in between only the Job controller acts. */
function converge(cluster: TestCluster): void {
  for (let attempt = 0, quiet = 0; quiet < 2; attempt++) {
    expect(attempt).toBeLessThan(12);
    cluster.deliver();
    const todo = look(cluster);
    expectNoPodWhenSuspended(cluster, todo);
    act(cluster, todo);
    runJobController(cluster);
    quiet = todo.writes.length === 0 && todo.status === undefined ? quiet + 1 : 0;
  }
}

/** What the operator created from the state, without random names. */
const made = ({ jobs, configMaps, job, gone }: TestCluster): unknown => ({
  gone,
  jobs: jobs.map(({ metadata, spec: made }) => [metadata?.name, made?.suspend]).sort(),
  configMaps: configMaps.map(({ metadata, data }) => [metadata?.name, data]).sort(),
  status: job.status,
});

/** Termination message of a worker with this exit code. */
const lastWordsOf = (code: number): Termination | undefined =>
  code === 65 ? errorOf('DISTILL_E_TEACHER_MISSING', 'No file.') : undefined;

function happen(cluster: TestCluster, { event, pick, code }: Step): void {
  const pods = activePods(cluster);
  const pod = pods[pick % Math.max(1, pods.length)];
  switch (event) {
    case 'Suspend':
      cluster.respec((old) => ({ ...old, cluster: { ...old.cluster, suspend: !old.cluster.suspend } }));
      return;
    case 'Respec':
      cluster.respec((old) => {
        if (pick % 3 === 0) return { ...old, scheduling: { ...old.scheduling, bins: 1 + (pick % 7) } };
        if (pick % 3 === 1) return { ...old, selection: { ...old.selection, maxAccuracyDrop: `0.${1 + (pick % 5)}` } };
        return { ...old, cluster: { ...old.cluster, workerTemplate: { image: `worker:${pick % 3}` } } };
      });
      return;
    case 'Rush':
      for (const each of pods)
        if (each.status?.phase === 'Pending') start(cluster, each);
        else work(cluster, each, pick);
      return;
    case 'Wait':
      cluster.now += 9000;
      return;
    case 'Meddle':
      cluster.meddle(pick);
      return;
    case 'Lose':
      lose(cluster, pick);
      return;
    case 'Poll':
      if (pods.some(({ status }) => status?.phase === 'Running')) poll(cluster);
      return;
    default:
  }
  if (pod === undefined) return;
  if (pod.status?.phase === 'Pending' && event !== 'Cut' && event !== 'Disrupt') start(cluster, pod);
  else if (event === 'Work') work(cluster, pod, pick);
  else if (event === 'Die') end(cluster, pod, { exitCode: code, said: pick % 2 === 0 ? lastWordsOf(code) : undefined });
  else if (event === 'Disrupt') disrupt(cluster, pod);
  else cut(cluster, pod);
}

/** From here on all pods work and nothing goes wrong. */
function leaveAlone(cluster: TestCluster): void {
  if (cluster.job.spec.cluster.suspend) {
    cluster.respec((old) => ({ ...old, cluster: { ...old.cluster, suspend: false } }));
  }
  for (let attempt = 0; ; attempt++) {
    expect(attempt).toBeLessThan(400);
    runJobController(cluster);
    const before = cluster.job;
    converge(cluster);
    if (verdictOf(cluster.job.status) !== undefined && before === cluster.job) return;
    for (const pod of activePods(cluster)) {
      if (pod.status?.phase === 'Pending') start(cluster, pod);
      else work(cluster, pod, 1 + attempt);
    }
    cluster.now += 3000;
  }
}

describe('the operator', () => {
  it('finishes every job, whatever happens to pods, volume, spec, caches and the operator', () => {
    const verdicts = new Map<string, number>();
    const count = (reason: string): unknown => verdicts.set(reason, (verdicts.get(reason) ?? 0) + 1);
    fc.assert(
      fc.property(spec, sidecars, fc.array(step, { maxLength: 80, size: 'max' }), (changes, sidecar, steps) => {
        const cluster = new TestCluster(jobObject(changes));
        cluster.sidecar = sidecar;
        for (const next of steps) {
          happen(cluster, next);
          runJobController(cluster);
          // A watch may lag, but not for ever.
          cluster.deliver(next.pick % 4 === 0 || next.event === 'Wait' ? KINDS : next.seen);
          const wasOver = verdictOf(cluster.job.status) !== undefined;
          act(cluster, look(cluster), next.crashAfter);
          const verdict = verdictOf(cluster.job.status);
          if (!wasOver && verdict !== undefined) count(verdict.reason);
          cluster.now += 1000;
        }
        leaveAlone(cluster);
        count(verdictOf(cluster.job.status)?.status === 'True' ? 'in the end True' : 'in the end False');
        expect(livePods(cluster)).toEqual([]);
      }),
      { seed: 4, numRuns: 120 },
    );
    const seen = [
      'Succeeded',
      'TeacherMissing',
      'WorkerFailed',
      'PendingDeadlineExceeded',
      'in the end True',
      'in the end False',
    ];
    expect([...verdicts.keys()]).toEqual(expect.arrayContaining(seen));
  });

  it('reaches the same state when it is killed after any of its writes', () => {
    fc.assert(
      fc.property(spec, sidecars, fc.array(step, { maxLength: 40, size: 'max' }), (changes, sidecar, steps) => {
        const cluster = new TestCluster(jobObject(changes));
        cluster.sidecar = sidecar;
        for (const next of steps) {
          happen(cluster, next);
          runJobController(cluster);
          cluster.deliver();
          const todo = look(cluster);
          expect(look(cluster)).toEqual(todo);
          expectNoPodWhenSuspended(cluster, todo);
          const undisturbed = cluster.copy();
          converge(undisturbed);
          for (let crashAfter = 0; crashAfter <= todo.writes.length; crashAfter++) {
            const crashed = cluster.copy();
            act(crashed, todo, crashAfter);
            converge(crashed);
            expect(made(crashed)).toEqual(made(undisturbed));
          }
          converge(cluster);
          cluster.now += 1000;
        }
      }),
      { seed: 4, numRuns: 30 },
    );
  });
});
