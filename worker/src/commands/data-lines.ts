import { bytes, count } from '@distillation/api/format';
import { leftOutText, placesText } from '@distillation/api/left-out';
import type { DatasetSummary } from '@distillation/api/plan';
import type { HashProgress } from '../data/identity/hashing.ts';

/** Log lines about the data. */

/** One line each on how the data are read, and on what in their folder is not read. */
export function dataLines(summary: DatasetSummary): string[] {
  const places = placesText(summary);
  return [
    ...(places === undefined ? [] : [`the data: ${places}`]),
    ...(summary.leftOut ?? []).map((left) => `not read: ${leftOutText(left)}`),
    ...(summary.unreadable ?? []).map(({ name, reason }) => `unreadable, left out: ${name} ${reason}`),
  ];
}

/** How often the hashing of a large data set is reported, in milliseconds. */
const LOG_EVERY_MS = 10_000;

/** Reports from time to time how far the hashing of a data set is. */
export function logHashing(log: (line: string) => void, now = () => performance.now()): (at: HashProgress) => void {
  let last = now();
  return ({ files, of, bytes: size }) => {
    if (now() - last < LOG_EVERY_MS) return;
    last = now();
    log(`hashing the data: ${count(files)} of ${count(of)} files, ${bytes(size)} so far`);
  };
}
