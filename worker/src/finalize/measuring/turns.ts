import { setImmediate as turn } from 'node:timers/promises';
import { median } from '@distillation/api/median';

/** Rounds that are not counted: in them is what is set up once (kernels, plans, memory). */
const BEFORE = 2;

/**
 * Median milliseconds of each of some runs. They take turns, so that other load on the machine affects all of them alike.
 * @param runs each runs once, and gives the milliseconds that count
 * @param rounds that are counted
 */
export async function mediansInTurns(
  runs: readonly (() => number | Promise<number>)[],
  rounds: number,
): Promise<number[]> {
  const times: number[][] = runs.map(() => []);
  for (let round = -BEFORE; round < rounds; round++) {
    for (const [i, run] of runs.entries()) {
      // Yields to the event loop, so that a signal to stop is handled here.
      await turn();
      const milliseconds = await run();
      if (round >= 0) times[i]?.push(milliseconds);
    }
  }
  return times.map(median);
}
