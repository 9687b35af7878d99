import { bytes, count } from '@distillation/api/format';
import { leftOutText, placesText } from '@distillation/api/left-out';
import type { DatasetSummary } from '@distillation/api/plan';
import { trainingRecipe } from '@distillation/api/recipe';
import type { HashProgress } from '../data/types.ts';
import type { Ledger } from '@distillation/ledger/ledger';
import type { JobContext } from './context.ts';
import { log } from '../process/log.ts';

/** Log lines of the planner about the data, and the identity of data that earlier work used. */

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
const TELL_EVERY_MS = 10_000;

/** Reports from time to time how far the hashing of a data set is. */
export function hashingLines(tell: (line: string) => void, now = () => performance.now()): (at: HashProgress) => void {
  let last = now();
  return ({ files, of, bytes: size }) => {
    if (now() - last < TELL_EVERY_MS) return;
    last = now();
    tell(`hashing the data: ${count(files)} of ${count(of)} files, ${bytes(size)} so far`);
  };
}

/**
 * The identity of the data for the plan: the hash of their contents. Work that was begun by a version that hashed the first and
 * last 4 KiB of each file continues under that older hash, provided that the data still have it.
 *
 * @param known recipe of that work, where the volume does not hold it
 */
export async function asBegun(
  { spec, teacher, dataset }: Pick<JobContext, 'spec' | 'teacher' | 'dataset'>,
  ledger: Ledger,
  known?: string,
): Promise<DatasetSummary> {
  const { summary } = dataset;
  const recipeWith = (datasetSha256: string): string =>
    trainingRecipe(spec, { teacherSha256: teacher.sha256, datasetSha256 });
  const standing = (await ledger.recipe()) ?? known;
  const { hashOf, ...rest } = summary;
  if (hashOf === undefined || standing === undefined || standing === recipeWith(summary.sha256)) return summary;
  const edges = await dataset.edges().catch(() => undefined);
  if (edges === undefined || standing !== recipeWith(edges)) return summary;
  log(
    'the work here was begun by an earlier version: it goes on under its hash of the first and last 4 KiB of each data file',
  );
  return { ...rest, sha256: edges };
}
