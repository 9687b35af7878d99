import { expect } from 'vitest';
import { operatorFor } from '../operator.ts';
import { eventually } from '../support.ts';
import type { EndState } from './end-state.ts';
import { Mortal } from './inject.ts';
import { Life } from './life.ts';
import { tally } from './tally.ts';

/** An operator that dies with any one of its writes: the next one takes over, and the job ends as if nothing had been. */

/** Lives lived at the same time. */
const ABREAST = 6;

/** Some dozens of lives on a machine that has other things to do. */
export const PATIENCE_MS = 900_000;

/** What becomes of a job, from its creation to its end. */
export type Story = (life: Life) => Promise<void>;

/** Lives the story once for each write of an operator that tells it, killed with that write. @returns how it ends, each time */
export async function killedWithEveryWrite(story: Story, learnsOfIt: boolean): Promise<EndState> {
  const expected = await undisturbed(story);
  const survived: number[] = [];
  let next = 1;
  await Promise.all(
    Array.from({ length: ABREAST }, async () => {
      while (survived.length === 0) {
        const write = next++;
        const end = await told(story, new Mortal({ write, learnsOfIt }));
        if (end === undefined) {
          survived.push(write);
          return;
        }
        tally('operator killed with a write');
        expect(end, `killed with write ${write}`).toEqual(expected);
      }
    }),
  );
  // Every life before the first one with fewer writes was tried.
  expect(Math.min(...survived)).toBeGreaterThan(12);
  return expected;
}

/** @returns how the story ends, or undefined when the operator did not come to die */
async function told(story: Story, mortal: Mortal): Promise<EndState | undefined> {
  const life = await Life.begin();
  const { namespace } = life.job;
  const first = await operatorFor(namespace, { wrap: mortal.wrap });
  const over = story(life);
  await Promise.race([mortal.died, over]);
  // The last writes come after the verdict; a stop lets them out.
  await first.stop();
  const next = await operatorFor(namespace);
  await over;
  await eventually(async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${next.metricsPort ?? 0}/metrics`)).text();
    expect(metrics).toMatch(/distill_reconcile_total\{result="success"\} [1-9]/);
  });
  await next.stop();
  await life.stop();
  return mortal.isDead() ? life.endState() : undefined;
}

/** How the story ends when nobody is killed. */
async function undisturbed(story: Story): Promise<EndState> {
  const life = await Life.begin();
  const operator = await operatorFor(life.job.namespace);
  await story(life);
  await operator.stop();
  await life.stop();
  return life.endState();
}
