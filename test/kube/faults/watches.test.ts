import { expect, test } from 'vitest';
import { garbled } from './inject.ts';
import { liveThrough } from './life.ts';

/** Watches that lose, duplicate and reorder events: the job ends as if undisturbed. */

const undisturbed = liveThrough();

/** Lost events are repaired by the next list: within seconds here, every half hour in production. */
const TIMING = { watchSeconds: 1, resyncMs: 1, healthyMs: 100, firstRetryMs: 20, maxRetryMs: 500 };

test.concurrent.each(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])(
  'every third event is lost, doubled or swapped with the next: %s',
  async (seed) => {
    const { end } = await liveThrough({ wrap: garbled(seed), watchTiming: TIMING });
    expect(end).toEqual((await undisturbed).end);
  },
);
