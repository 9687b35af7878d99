import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../../tools/kube-harness/control-plane.ts';
import { operatorFor } from '../support/operator.ts';
import { useControlPlane } from '../support/support.ts';
import { Mortal } from './inject.ts';
import { Life, liveThrough } from './life.ts';
import { tally } from './tally.ts';

/**
 * The API server is killed while jobs run, each at another point: they end as if undisturbed. Only that a pod may have been made twice: the Job
 * controller makes another one where it was not told that the API server had taken the first.
 */

let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane();
  await useControlPlane(plane.kubeconfig);
});
afterAll(async () => {
  await plane.stop();
});

test('an API server killed twice in the lives of jobs', async () => {
  const { end: undisturbed } = await liveThrough();
  const lives = await Promise.all(
    [1, 3, 5, 7, 9, 11].map(async (write) => {
      const life = await Life.begin();
      const mortal = new Mortal({ write, learnsOfIt: false });
      const operator = await operatorFor(life.job.namespace, { wrap: mortal.wrap });
      await life.apply();
      return { life, mortal, operator };
    }),
  );
  // Each job is held where the operator stopped in it; some operators are those of later, with nothing in their caches.
  await Promise.all(lives.map(({ life, mortal }) => Promise.race([mortal.died, life.succeeds()])));
  await Promise.all(lives.map(({ operator }) => operator.stop()));
  const operators = await Promise.all(lives.map(({ life }) => operatorFor(life.job.namespace)));
  await plane.restart('kube-apiserver');
  tally('API server killed');
  const first = lives.map(({ life }) => life.when('its finalizer is there', ({ children }) => children.length > 5));
  await Promise.race(first);
  await plane.restart('kube-apiserver');
  tally('API server killed');
  await Promise.all(lives.map(({ life }) => life.succeeds()));
  await Promise.all(operators.map((operator) => operator.stop()));
  for (const { life } of lives) {
    await life.stop();
    const { played, ...end } = await life.endState();
    expect({ ...end, played: [...new Set(played)] }).toEqual(undisturbed);
  }
});
