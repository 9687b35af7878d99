import { expect } from 'vitest';

/** Lives lived at the same time. */
const ABREAST = 6;

/**
 * Lives a life for each number from 1, as long as there is a write of that number.
 *
 * @param live says whether the write came
 * @param least so many writes there are at any rate, and each was tried
 */
export async function atEveryWrite(live: (write: number) => Promise<boolean>, least: number): Promise<void> {
  const missed: number[] = [];
  let next = 1;
  const lane = async (): Promise<void> => {
    while (missed.length === 0) {
      const write = next++;
      if (!(await live(write))) missed.push(write);
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, lane));
  expect(Math.min(...missed)).toBeGreaterThan(least);
}
