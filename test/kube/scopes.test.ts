import { CLUSTER_CLAIM, NAMESPACE_CLAIM } from '../../operator/src/claims.ts';
import { CONFIG_MAPS, JOBS, LEASES } from '@distillation/kube/resources';
import { DISTILLATION_JOBS } from '../../operator/src/objects/distillation-jobs.ts';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../tools/kube-harness/control-plane.ts';
import { until } from '../../tools/kube-harness/access/until.ts';
import { NAMESPACES } from '../../tools/kube-harness/access/connect.ts';
import { grantScoped, scopedKubeconfig } from './support/operator-account.ts';
import { metricsOf, samplesOf } from './support/metrics.ts';
import { type TestOperator, operatorFor } from './support/operator.ts';
import { PlayedJob } from './support/played-job.ts';
import { admin, adminClient, eventually, newNamespace, useControlPlane } from './support/support.ts';

/** Several namespaces and operators in one cluster, for this file alone, since a cluster-wide operator would run other files' jobs. */

let plane: ControlPlane | undefined;
beforeAll(async () => {
  plane = await startControlPlane();
  await useControlPlane(plane.kubeconfig);
});
// A cluster-wide operator takes up what is left of the test before, sooner or later.
afterEach(async () => {
  const left = async () => (await adminClient().list(DISTILLATION_JOBS, {})).items;
  for (const { metadata } of await left()) await adminClient().delete(DISTILLATION_JOBS, metadata);
  await until('no job is left', async () => (await left()).length === 0);
});
afterAll(() => plane?.stop());

/** Of claims twice as long: long enough for a busy machine, short enough to wait for. */
const TIMES = ['--lease-duration', '4s', '--renew-deadline', '3s', '--retry-period', '500ms'];

/** An operator of a release in this namespace; it ends with the test. */
async function release(
  home: string,
  namespace: string | undefined,
  { args = [], standby = false }: { readonly args?: readonly string[]; readonly standby?: boolean } = {},
): Promise<TestOperator> {
  const operator = await operatorFor(namespace, { args: ['--lease-namespace', home, ...TIMES, ...args], standby });
  onTestFinished(() => operator.stop());
  return operator;
}

async function get(port: number | undefined, path: string): Promise<{ status: number; body: string }> {
  const response = await fetch(`http://127.0.0.1:${port ?? 0}${path}`);
  return { status: response.status, body: await response.text() };
}
const readiness = ({ healthPort }: TestOperator) => get(healthPort, '/readyz');

/** What it wrote but for leases and events. */
const writesOf = ({ calls }: TestOperator): string[] =>
  calls
    .filter(({ verb, resource }) => !/^(get|list|watch)$/.test(verb) && !/^(leases|events)$/.test(resource))
    .map(({ verb, resource }) => `${verb} ${resource}`);

/** A job of which the planner's Job is there: an operator has taken it up. */
async function takenUp(namespace: string, name = 'job'): Promise<void> {
  const job = new PlayedJob(namespace, name);
  await job.apply();
  await planned(namespace, name);
}
const planned = (namespace: string, name = 'job'): Promise<true> =>
  until(`${name} in ${namespace} has a planner`, async () => {
    const { items } = await adminClient().list(JOBS, { namespace, labelSelector: `distillation.dev/job=${name}` });
    return items.length > 0 ? true : undefined;
  });

describe('an operator of two namespaces', () => {
  test('serves the one that exists, reports the other, and serves that too once it exists', async () => {
    const [here, gone] = [await newNamespace(), await newNamespace()];
    const kubeconfig = await scopedKubeconfig([here, gone]);
    await adminClient().delete(NAMESPACES, { name: gone });
    await until('the namespace is gone', async () =>
      (await adminClient().find(NAMESPACES, { name: gone })) === undefined ? true : undefined,
    );
    const operator = await release('scoped', here, { args: ['--namespace', gone, '--kubeconfig', kubeconfig] });
    await takenUp(here);

    await eventually(async () => {
      const { status, body } = await readiness(operator);
      expect(status).toBe(200);
      expect(body).toContain('ok: namespaces: 1 of 2 can be served');
      expect(body).toContain(`ok: namespace ${here}: served`);
      expect(body).toMatch(new RegExp(`not served: namespace ${gone}: .*forbidden`));
    });
    expect((await get(operator.healthPort, '/healthz')).status).toBe(200);
    const scopes = (seen: number) => ({ [`{scope="${gone}"}`]: seen, [`{scope="${here}"}`]: 1 });
    expect(await samplesOf(operator, 'distill_scope_available')).toEqual(scopes(0));
    // Once, not at every try.
    const told = operator.complaints.map((line) => JSON.parse(line) as { msg: string; namespace?: string });
    expect(told.map(({ msg, namespace }) => [msg, namespace])).toEqual([
      ['jobs of this namespace cannot be run', gone],
    ]);

    await admin().createNamespace(gone);
    await grantScoped(gone);
    await takenUp(gone);
    expect(await samplesOf(operator, 'distill_scope_available')).toEqual(scopes(1));
  });

  test('a missing namespace is reported even where the operator may read everything', async () => {
    const operator = await release('typo', await newNamespace(), { args: ['--namespace', 'tpyo'] });
    await eventually(async () => {
      expect((await readiness(operator)).body).toMatch(
        /not served: namespace tpyo: it cannot be claimed: namespaces "tpyo" not found/,
      );
    });
    expect((await readiness(operator)).status).toBe(200);
  });
});

test('a terminating namespace stays with its operator, which has to clean up the jobs', async () => {
  const namespace = await newNamespace();
  // A claim that has lapsed cannot be made again there: these last longer.
  const operator = await release('going', namespace, { args: ['--lease-duration', '12s', '--renew-deadline', '9s'] });
  const held = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'held', finalizers: ['example.com/held'] } };
  await admin().apply(held, namespace);
  await adminClient().delete(NAMESPACES, { name: namespace });
  // Its Lease goes with it, and no new one can be made: longer than a claim lasts without that.
  await until('the claim was refused for longer than it lasts', () =>
    operator.calls.filter(({ verb, resource, status }) => verb === 'create' && resource === 'leases' && status === 403)
      .length > 6
      ? true
      : undefined,
  );
  expect((await readiness(operator)).body).toContain(`ok: namespace ${namespace}: served`);
  await admin().client.mergePatch(CONFIG_MAPS, { namespace, name: 'held' }, { metadata: { finalizers: null } });
});

describe('two operators', () => {
  test('of all namespaces: the second does nothing and says why, until the first has gone for good', async () => {
    const namespace = await newNamespace();
    const first = await release('one', undefined);
    const second = await release('two', undefined, { standby: true });
    await eventually(async () => {
      const { status, body } = await readiness(second);
      expect(status).toBe(503);
      expect(body).toContain('failed: namespaces: 0 of 1 can be served');
      expect(body).toContain('all namespaces: another operator claims it');
      expect(body).toContain('Lease one/distillation-operator');
    });
    await takenUp(namespace);
    expect((await readiness(first)).status).toBe(200);
    expect(writesOf(first)).not.toEqual([]);
    expect(writesOf(second)).toEqual([]);
    const text = await metricsOf(second);
    expect(text).toContain('distill_scope_available{scope="*"} 0');
    expect(text).toContain('distill_leader 0');
    expect(text).not.toContain('distill_jobs{');
    expect(second.complaints.join()).toContain('jobs of this namespace cannot be run');

    // Started again it finds its claim, though the other one waited for it.
    await first.stop();
    const again = await release('one', undefined);
    expect((await readiness(second)).status).toBe(503);
    await again.stop();
    expect(await second.working).toBe(true);
    expect((await readiness(second)).status).toBe(200);
    await takenUp(namespace, 'later');
    expect((await adminClient().get(LEASES, CLUSTER_CLAIM)).spec?.holderIdentity).toBe('two/distillation-operator');
    await second.stop();
    await adminClient().delete(LEASES, CLUSTER_CLAIM);
  });

  test('of all and of one namespace: that one is left to its own, and taken up when that has gone', async () => {
    const [own, other] = [await newNamespace(), await newNamespace()];
    const single = await release('single', own);
    const all = await release('all', undefined);
    await takenUp(own);
    expect(writesOf(all)).toEqual([]);
    await takenUp(other);
    expect(writesOf(all)).not.toEqual([]);
    await eventually(async () => {
      const { status, body } = await readiness(all);
      expect(status).toBe(200);
      expect(body).toContain(`ok: all namespaces: served, but for namespaces that other operators claim: ${own}\n`);
      // Claims of the tests before run out first.
      expect(await metricsOf(all)).toContain('distill_namespaces_left 1');
    });
    await single.stop();
    await takenUp(own, 'later');
    await eventually(async () => {
      expect((await readiness(all)).body).toContain('ok: all namespaces: served\n');
    });
    await all.stop();
    await adminClient().delete(LEASES, CLUSTER_CLAIM);
  });

  test('of the same namespace: the second does nothing there', async () => {
    const namespace = await newNamespace();
    await release('first', namespace);
    const second = await release('second', namespace, { standby: true });
    await eventually(async () => {
      expect((await readiness(second)).body).toContain('Lease first/distillation-operator');
    });
    await takenUp(namespace);
    expect(writesOf(second)).toEqual([]);
    const claim = await adminClient().get(LEASES, { namespace, name: NAMESPACE_CLAIM });
    expect(claim.spec?.holderIdentity).toBe('first/distillation-operator');
  });
});
