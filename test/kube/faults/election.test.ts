import { randomBytes } from 'node:crypto';
import type { KubeObject } from '@distillation/kube/resources';
import type { Call, Transport } from '@distillation/kube/transport';
import { expect, test } from 'vitest';
import { until } from '../../../tools/kube-harness/access/until.ts';
import { looksOf } from '../support/metrics.ts';
import { type TestOperator, operatorFor } from '../support/operator.ts';
import { PlayedJob } from '../support/played-job.ts';
import { admin } from '../support/support.ts';
import { Mortal, isWrite } from './inject.ts';
import { Life, liveThrough } from './life.ts';
import { tally } from './tally.ts';

/** Two operators, of which the leader is lost: the other takes over, the job ends as if undisturbed, and never do both write. */

const undisturbed = liveThrough();

/** Short enough for a test, long enough for a busy machine. */
const TIMES = ['--lease-duration', '8s', '--renew-deadline', '6s', '--retry-period', '200ms'];

interface Replica {
  readonly operator: TestOperator;
  readonly mortal: Mortal;
  /** Times of its writes but events. */
  readonly writes: readonly number[];
  /** When it was told that its lease is lost. */
  readonly lost: readonly number[];
}

interface Way {
  readonly mortal?: Mortal;
  /** Calls that never get an answer. */
  readonly isLost?: (call: Call) => boolean;
  /** It continues after the loss of its lease, like a process that was suspended and has not noticed yet. */
  readonly lingers?: boolean;
}

async function replica(
  namespace: string,
  { mortal = new Mortal(), isLost = () => false, lingers = false }: Way = {},
): Promise<Replica> {
  const writes: number[] = [];
  const lost: number[] = [];
  const watched =
    (next: Transport): Transport =>
    (call) => {
      if (isLost(call)) return unanswered(call);
      if (isWrite(call) && call.resource !== 'events' && !mortal.isDead()) writes.push(performance.now());
      return next(call);
    };
  const operator = await operatorFor(namespace, {
    args: ['--leader-elect', '--lease-namespace', namespace, ...TIMES],
    standby: true,
    wrap: (next) => mortal.wrap(watched(next)),
    onLost: () => {
      lost.push(performance.now());
      // As the process would end itself.
      if (!lingers) mortal.kill();
    },
  });
  return { operator, mortal, writes, lost };
}

const unanswered = ({ signal }: Call): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('no answer'));
    });
  });

/** Lets the operator's account hold leases in the namespace, as the manifests do in its own. */
async function allowLeases(namespace: string): Promise<void> {
  const name = `leases-${randomBytes(3).toString('hex')}`;
  const rbac = 'rbac.authorization.k8s.io';
  const rules = [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create', 'get', 'update'] }];
  await admin().apply({ apiVersion: `${rbac}/v1`, kind: 'Role', metadata: { name }, rules } as KubeObject, namespace);
  const subjects = [{ kind: 'ServiceAccount', name: 'distillation-operator', namespace: 'distillation-system' }];
  const roleRef = { apiGroup: rbac, kind: 'Role', name };
  await admin().apply(
    { apiVersion: `${rbac}/v1`, kind: 'RoleBinding', metadata: { name }, subjects, roleRef } as KubeObject,
    namespace,
  );
}

async function end(life: Life, replicas: readonly Replica[]): Promise<void> {
  await life.succeeds();
  await Promise.all(replicas.map(({ operator }) => operator.stop()));
  await life.stop();
  expect(await life.endState()).toEqual((await undisturbed).end);
}

test.concurrent.each([2, 5, 9])('the leader is killed with write %i', async (write) => {
  const life = await Life.begin();
  await allowLeases(life.job.namespace);
  const leader = await replica(life.job.namespace, { mortal: new Mortal({ write, learnsOfIt: false }) });
  await leader.operator.working;
  const standby = await replica(life.job.namespace);
  await life.apply();
  await leader.mortal.died;
  tally('leader killed');
  // The lease was not released.
  expect(standby.writes).toEqual([]);
  await end(life, [leader, standby]);
  expect(standby.writes.length).toBeGreaterThan(0);
  expect(Math.max(...leader.writes)).toBeLessThan(Math.min(...standby.writes));
});

test.concurrent.each([
  ['and ends', false],
  ['and does not know it yet', true],
])('the leader is cut off from its lease and from nothing else, %s', async (_, lingers) => {
  const life = await Life.begin();
  const { namespace } = life.job;
  await allowLeases(namespace);
  let isCut = false;
  const leader = await replica(namespace, { isLost: ({ resource }) => isCut && resource === 'leases', lingers });
  await leader.operator.working;
  const standby = await replica(namespace);
  let others = 0;
  const another = () => new PlayedJob(namespace, `other-${others++}`).apply({ 'spec.cluster.suspend': true });
  await another();
  await until('it leads', () => (leader.writes.length > 0 ? true : undefined));
  isCut = true;
  tally('leader cut off from its lease');
  await until('the other one leads', async () => {
    // There is always something to write.
    await another();
    return standby.writes.length > 0 && (!lingers || (await looksOf(leader.operator, 'not_served')) > 0)
      ? true
      : undefined;
  });
  await life.apply();
  await end(life, [leader, standby]);
  expect(leader.lost).toHaveLength(1);
  expect(Math.max(...leader.writes)).toBeLessThanOrEqual(leader.lost[0] ?? 0);
  expect(leader.lost[0]).toBeLessThan(Math.min(...standby.writes));
});
