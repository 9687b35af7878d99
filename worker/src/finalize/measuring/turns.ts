import { setImmediate as turn } from 'node:timers/promises';
import { median } from '@distillation/api/median';

/** Rounds that are not counted: in them is what is set up once (kernels, plans, memory). */
const BEFORE = 2;

type Rounds = number | ((round: number) => number);

type Runs = readonly (() => number | Promise<number>)[];

/** Median milliseconds of each of some runs, which take turns. */
export const mediansInTurns = async (runs: Runs, rounds: Rounds): Promise<number[]> =>
  (await timesInTurns(runs, rounds)).map(median);

/**
 * The times of some runs. They take turns, so that other load on the machine affects all of them alike.
 * @param runs each runs once, and gives the time that counts
 * @param rounds that are counted, or how many, by the milliseconds that the last round before them took
 */
export async function timesInTurns(runs: Runs, rounds: Rounds): Promise<number[][]> {
  const times: number[][] = runs.map(() => []);
  let counted = typeof rounds === 'number' ? rounds : 0;
  for (let round = -BEFORE; round < counted; round++) {
    let sum = 0;
    for (const [i, run] of runs.entries()) {
      // Yields to the event loop, so that a signal to stop is handled here.
      await turn();
      const milliseconds = await run();
      sum += milliseconds;
      if (round >= 0) times[i]?.push(milliseconds);
    }
    if (round === -1 && typeof rounds !== 'number') counted = rounds(sum);
  }
  return times;
}
