import { expect } from 'vitest';
import { looksOf } from '../support/metrics.ts';
import { operatorFor } from '../support/operator.ts';
import { eventually } from '../support/support.ts';
import type { EndState } from './end-state.ts';
import { atEveryWrite } from './every-write.ts';
import { Mortal } from './inject.ts';
import { Life } from './life.ts';
import { tally } from './tally.ts';

/** An operator is killed at any one of its writes: the next one takes over, and the job ends as if undisturbed. */

/** The course of a job from its creation to its end. */
export type Story = (life: Life) => Promise<void>;

/** Runs the story once for each of the operator's writes, killing the operator at that write. @returns the end state, always the same */
export async function killedWithEveryWrite(story: Story, learnsOfIt: boolean): Promise<EndState> {
  const expected = await undisturbed(story);
  await atEveryWrite(async (write) => {
    const end = await told(story, new Mortal({ write, learnsOfIt }));
    if (end === undefined) return false;
    tally('operator killed with a write');
    expect(end, `killed with write ${write}`).toEqual(expected);
    return true;
  }, 12);
  return expected;
}

/** @returns the end state, or undefined if the operator made fewer writes */
async function told(story: Story, mortal: Mortal): Promise<EndState | undefined> {
  const life = await Life.begin();
  const { namespace } = life.job;
  const first = await operatorFor(namespace, { wrap: mortal.wrap });
  const over = story(life);
  await Promise.race([mortal.died, over]);
  // The last writes come after the verdict; a stop waits for them.
  await first.stop();
  const next = await operatorFor(namespace);
  await over;
  await eventually(async () => {
    expect(await looksOf(next, 'success')).toBeGreaterThan(0);
  });
  await next.stop();
  await life.stop();
  return mortal.isDead() ? life.endState() : undefined;
}

/** The end state without a kill. */
async function undisturbed(story: Story): Promise<EndState> {
  const life = await Life.begin();
  const operator = await operatorFor(life.job.namespace);
  await story(life);
  await operator.stop();
  await life.stop();
  return life.endState();
}
