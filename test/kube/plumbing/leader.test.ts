import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeClient } from '@distillation/kube/client';
import { type ElectionOptions, LeaderElector } from '@distillation/kube/leader';
import { LEASES } from '@distillation/kube/resources';
import type { Transport } from '@distillation/kube/transport';
import { expect, onTestFinished, test } from 'vitest';
import { adminClient, newNamespace } from '../support/support.ts';
import { clientOf } from './support.ts';

/** Longer than anything takes on a busy machine. */
const TIMES = { leaseDurationMs: 60_000, renewDeadlineMs: 40_000, retryPeriodMs: 200 };
/** For what waits until a lease is over. */
const SHORT = { leaseDurationMs: 4_000, renewDeadlineMs: 2_500, retryPeriodMs: 200 };
const PATIENCE = { interval: 20 };

interface Candidate {
  readonly elector: LeaderElector;
  /** When it became the leader and when it lost leadership. */
  readonly times: { led?: number; lost?: number };
  readonly losses: string[];
}

function candidate(namespace: string, identity: string, options: Partial<ElectionOptions> = {}): Candidate {
  const times: Candidate['times'] = {};
  const losses: string[] = [];
  const elector = new LeaderElector({
    client: adminClient(),
    namespace,
    name: 'operator',
    identity,
    ...TIMES,
    onLost: (why) => {
      times.lost = performance.now();
      losses.push(why);
    },
    ...options,
  });
  onTestFinished(() => elector.stop());
  void elector.lead().then((won) => {
    if (won) times.led = performance.now();
  });
  return { elector, times, losses };
}

const leads = (each: Candidate): Promise<void> => expect.poll(() => each.elector.isLeader, PATIENCE).toBe(true);

/** A client whose calls are never answered after `die`. */
function dyingClient(): { client: KubeClient; die: () => void } {
  let dead = false;
  const wrap =
    (next: Transport): Transport =>
    (call) => {
      if (!dead) return next(call);
      return new Promise((_resolve, reject) => {
        call.signal.addEventListener('abort', () => {
          reject(new Error('no answer'));
        });
      });
    };
  return {
    client: clientOf({ wrap }),
    die: () => {
      dead = true;
    },
  };
}

test('one of several leads; when it stops, another one leads long before the lease would expire', async () => {
  const namespace = await newNamespace();
  const first = candidate(namespace, 'first');
  await leads(first);
  const others = ['second', 'third'].map((identity) => candidate(namespace, identity));
  await expect.poll(() => others.map(({ elector }) => elector.holder), PATIENCE).toEqual(['first', 'first']);
  const spec = (await adminClient().get(LEASES, { namespace, name: 'operator' })).spec;
  expect(spec).toMatchObject({ holderIdentity: 'first', leaseDurationSeconds: 60, leaseTransitions: 0 });
  const stopped = performance.now();
  await first.elector.stop();
  expect(first.elector.isLeader).toBe(false);
  await expect.poll(() => others.filter(({ elector }) => elector.isLeader).length, PATIENCE).toBe(1);
  const led = Math.min(...others.map(({ times }) => times.led ?? Infinity));
  expect(led - stopped).toBeLessThan(TIMES.leaseDurationMs / 2);
  expect(first.losses).toEqual([]);
  const after = (await adminClient().get(LEASES, { namespace, name: 'operator' })).spec;
  expect(after?.leaseTransitions).toBe(1);
});

test('a leader without responses steps down before another one takes over', async () => {
  const namespace = await newNamespace();
  const { client, die } = dyingClient();
  const first = candidate(namespace, 'first', { ...SHORT, client });
  await leads(first);
  const second = candidate(namespace, 'second', SHORT);
  await expect.poll(() => second.elector.holder, PATIENCE).toBe('first');
  const died = performance.now();
  die();
  await leads(second);
  expect(first.elector.isLeader).toBe(false);
  expect(first.losses).toEqual([`not renewed for ${SHORT.renewDeadlineMs} ms`]);
  expect(first.times.lost).toBeLessThan(second.times.led ?? 0);
  // The last renewal was at most one period before, and the answer to it no longer in the coming.
  expect((second.times.led ?? 0) - died).toBeGreaterThan(SHORT.leaseDurationMs - SHORT.renewDeadlineMs);
});

test('a renewal whose response comes after the deadline is too late', async () => {
  const namespace = await newNamespace();
  let slow = false;
  const wrap =
    (next: Transport): Transport =>
    async (call) => {
      const answer = await next(call);
      // Just below the time limit of one call: the second one in a row is over the deadline.
      if (slow) await sleep(SHORT.renewDeadlineMs / 2 - 50);
      return answer;
    };
  const first = candidate(namespace, 'first', { ...SHORT, client: clientOf({ wrap }) });
  await leads(first);
  slow = true;
  await expect.poll(() => first.losses, PATIENCE).toEqual([`not renewed for ${SHORT.renewDeadlineMs} ms`]);
  await first.elector.stop();
  expect(first.elector.isLeader).toBe(false);
  const spec = (await adminClient().get(LEASES, { namespace, name: 'operator' })).spec;
  expect(spec?.holderIdentity).toBe('first');
});

test('a clock that is wrong by years does not affect the lease', async () => {
  const namespace = await newNamespace();
  const first = candidate(namespace, 'first');
  await leads(first);
  const second = candidate(namespace, 'second');
  const lease = { namespace, name: 'operator' };
  for (const renewTime of ['1999-01-01T00:00:00.000000Z', '2099-01-01T00:00:00.000000Z']) {
    await adminClient().mergePatch(LEASES, lease, { spec: { renewTime } });
    const renewed = async (): Promise<unknown> => (await adminClient().get(LEASES, lease)).spec?.renewTime;
    await expect.poll(renewed, PATIENCE).not.toBe(renewTime);
  }
  expect(first.elector.isLeader).toBe(true);
  expect(second.times.led).toBeUndefined();
  expect(first.losses).toEqual([]);
});

test('a leader that finds another holder steps down at once', async () => {
  const namespace = await newNamespace();
  const first = candidate(namespace, 'first');
  await leads(first);
  const usurped = { spec: { holderIdentity: 'usurper' } };
  await adminClient().mergePatch(LEASES, { namespace, name: 'operator' }, usurped);
  await expect.poll(() => first.losses, PATIENCE).toEqual(['usurper holds the lease']);
  expect(first.elector.isLeader).toBe(false);
  await first.elector.stop();
  const spec = (await adminClient().get(LEASES, { namespace, name: 'operator' })).spec;
  expect(spec?.holderIdentity).toBe('usurper');
});

test('a deleted lease is created again, and leadership continues', async () => {
  const namespace = await newNamespace();
  const first = candidate(namespace, 'first');
  await leads(first);
  const { metadata } = await adminClient().get(LEASES, { namespace, name: 'operator' });
  await adminClient().delete(LEASES, { namespace, name: 'operator' });
  await expect
    .poll(
      async () => (await adminClient().find(LEASES, { namespace, name: 'operator' }))?.spec?.holderIdentity,
      PATIENCE,
    )
    .toBe('first');
  const again = await adminClient().get(LEASES, { namespace, name: 'operator' });
  expect(again.metadata?.uid).not.toBe(metadata?.uid);
  expect(first.losses).toEqual([]);
});

test('when stopped before it leads, it resolves to false', async () => {
  const namespace = await newNamespace();
  await leads(candidate(namespace, 'first'));
  const second = new LeaderElector({
    client: adminClient(),
    namespace,
    name: 'operator',
    identity: 'second',
    ...TIMES,
    onLost: () => undefined,
  });
  const won = second.lead();
  await second.stop();
  expect(await won).toBe(false);
});
