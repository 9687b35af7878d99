import { expect, test } from 'vitest';
import type { Answer, Transport } from '@distillation/operator/kube/transport';
import { until } from '../../cluster/until.ts';
import { operatorFor } from '../operator.ts';
import { TROUBLES, type TroubleKind, isWrite, refusal, troubled } from './inject.ts';
import { Life, liveThrough } from './life.ts';
import { tally } from './tally.ts';

/** An API server that refuses, fails and breaks off: the job ends as if nothing had been, and the server is not stormed. */

const undisturbed = liveThrough();

test('with nothing wrong a job costs few calls', async () => {
  const { operator } = await undisturbed;
  expect(operator.calls.length).toBeLessThan(60);
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

/** Fails every write to a resource, and takes down when each came. */
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
  await operator.stop();
  await life.stop();
  // 5 ms, doubled each time; the first may be early, since the status is written in between.
  const late = gaps().slice(5, 9);
  expect(late.map((gap, i) => gap >= 5 * 2 ** (i + 5) - 1)).toEqual([true, true, true, true]);
  expect(life.object?.status?.conditions?.[0]).toMatchObject({ type: 'Succeeded', status: 'Unknown' });
  expect(life.object?.status?.conditions?.[0]).toMatchObject({ reason: 'ApiUnavailable' });
});

test.concurrent('a server that asks to be left alone for a second is', async () => {
  const answer = (): Answer => ({ ...refusal(429, 'TooManyRequests', 'too many requests'), retryAfter: '1' });
  const { wrap, times, gaps } = failing('configmaps', answer);
  const life = await Life.begin();
  const operator = await operatorFor(life.job.namespace, { wrap });
  await life.apply();
  await until('it was tried four times', () => (times.length > 3 ? true : undefined));
  await operator.stop();
  await life.stop();
  // From the fourth failure on the user is told, and that write of the status is a reason to look at once.
  const waits = gaps().slice(0, 3);
  expect(waits.map((gap) => gap >= 999)).toEqual(waits.map(() => true));
});
