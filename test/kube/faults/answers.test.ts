import { expect, test } from 'vitest';
import type { Answer, Transport } from '@distillation/kube/transport';
import { until } from '../../../tools/kube-harness/access/until.ts';
import { isWrite as isChange } from '../support/calls.ts';
import { operatorFor } from '../support/operator.ts';
import { TROUBLES, type TroubleKind, isWrite, refusal, troubled } from './inject.ts';
import { Life, liveThrough } from './life.ts';
import { tally } from './tally.ts';

/** An API server that refuses, fails and breaks connections: the job ends as if undisturbed, and the server is not flooded. */

const undisturbed = liveThrough();

test('with nothing wrong a job costs few calls', async () => {
  const { operator } = await undisturbed;
  // How often it reads why pods wait, and renews its lease, depends on how long the job lasts.
  const lasting = ['leases', 'namespaces', 'events'];
  const calls = operator.calls.filter((call) => isChange(call) || !lasting.includes(call.resource));
  expect(calls.length).toBeLessThan(60);
  expect(operator.complaints).toEqual([]);
});

test.concurrent.each<[string, readonly TroubleKind[]]>([
  ...TROUBLES.map((kind): [string, readonly TroubleKind[]] => [kind, [kind]]),
  ['all kinds', TROUBLES],
  ['all kinds, otherwise', TROUBLES],
])('three calls of ten go wrong: %s', async (seed, kinds) => {
  const { end, operator } = await liveThrough({ wrap: troubled(kinds, { rate: 0.3, seed }) });
  const calm = await undisturbed;
  expect(end).toEqual(calm.end);
  // As many calls fail as the rate says, and none is repeated more often than that demands.
  expect(operator.calls.length).toBeLessThan(5 * calm.operator.calls.length);
});

const isTold = ({ object }: Life): boolean => object?.status?.conditions?.[0]?.reason === 'ApiUnavailable';

/** Fails every write to a resource, and records the time of each. */
function failing(resource: string, answer: () => Answer) {
  const times: number[] = [];
  const wrap =
    (next: Transport): Transport =>
    async (call) => {
      if (!isWrite(call) || call.resource !== resource) return next(call);
      times.push(performance.now());
      tally(`answer ${answer().status}`);
      return answer();
    };
  return { times, wrap, gaps: () => times.slice(1).map((time, i) => time - (times[i] ?? 0)) };
}

test.concurrent('what fails again and again is tried less and less often', async () => {
  const { wrap, times, gaps } = failing('configmaps', () => refusal(500, 'InternalError', 'etcdserver: no leader'));
  const life = await Life.begin();
  const operator = await operatorFor(life.job.namespace, { wrap });
  await life.apply();
  await until('it was tried ten times', () => (times.length > 9 ? true : undefined));
  await life.when('the user is told', isTold);
  await operator.stop();
  await life.stop();
  // Backoff from 5 ms, doubled each time. The status write in between must not shorten it.
  const waits = gaps().slice(0, 9);
  expect(waits.map((gap, i) => gap >= 5 * 2 ** i - 1)).toEqual(waits.map(() => true));
  expect(life.object?.status?.conditions?.[0]).toMatchObject({ type: 'Succeeded', status: 'Unknown' });
});

/** 429 with Retry-After. */
const busy = (seconds: number): Answer => ({
  ...refusal(429, 'TooManyRequests', 'too many requests'),
  retryAfter: String(seconds),
});

test.concurrent('a server that asks to be left alone for a second is', async () => {
  const { wrap, times, gaps } = failing('configmaps', () => busy(1));
  const life = await Life.begin();
  const operator = await operatorFor(life.job.namespace, { wrap });
  await life.apply();
  // From the fourth failure on the user is told.
  await until('it was tried six times', () => (times.length > 5 ? true : undefined));
  await life.when('the user is told', isTold);
  await operator.stop();
  await life.stop();
  const waits = gaps().slice(0, 5);
  expect(waits.map((gap) => gap >= 999)).toEqual(waits.map(() => true));
});

test.concurrent('another spec is tried at once, though the server asks for an hour', async () => {
  const { wrap, times } = failing('configmaps', () => busy(3600));
  const life = await Life.begin();
  const operator = await operatorFor(life.job.namespace, { wrap });
  for (const backoffLimit of [1, 2, 3, 4, 5]) {
    const { metadata } = await life.apply({ 'spec.cluster.backoffLimit': backoffLimit });
    await until(`change ${backoffLimit} was tried`, () => (times.length >= backoffLimit ? true : undefined));
    // From the fourth failure in a row on the user is told; only then is there a write that could come back.
    if (backoffLimit < 4) continue;
    await life.when(
      'the status tells of it',
      ({ object }) => object?.status?.observedGeneration === metadata.generation,
    );
  }
  await operator.stop();
  await life.stop();
  expect(times).toHaveLength(5);
});
