import { setImmediate as turn } from 'node:timers/promises';
import { median } from '@distillation/api/median';

/** Rounds that are not counted: in them is what is set up once (kernels, plans, memory). */
const BEFORE = 2;

type Runs = readonly (() => number | Promise<number>)[];

/** Median milliseconds of each of some runs, which take turns. */
export const mediansInTurns = async (runs: Runs, rounds: number): Promise<number[]> =>
  (await timesInTurns(runs, rounds)).map(median);

/**
 * The times of some runs. They take turns, so that other load on the machine affects all of them alike.
 * @param runs each runs once, and gives the time that counts
 * @param rounds that are counted
 */
export async function timesInTurns(runs: Runs, rounds: number): Promise<number[][]> {
  const times: number[][] = runs.map(() => []);
  for (let round = -BEFORE; round < rounds; round++) {
    for (const [i, run] of runs.entries()) {
      // Yields to the event loop, so that a signal to stop is handled here.
      await turn();
      const milliseconds = await run();
      if (round >= 0) times[i]?.push(milliseconds);
    }
  }
  return times;
}
