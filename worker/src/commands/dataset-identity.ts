import type { DatasetSummary } from '@distillation/api/plan';
import { trainingRecipe } from '@distillation/api/recipe';
import type { Ledger } from '@distillation/ledger/ledger';
import type { JobContext } from './context.ts';
import { log } from '../process/log.ts';

/**
 * The identity of the data for the plan: the hash of their contents. Work that was begun by a version that hashed the first and
 * last 4 KiB of each file continues under that older hash, provided that the data still have it.
 *
 * @param known recipe of that work, where the volume does not hold it
 */
export async function datasetIdentity(
  { spec, teacher, dataset }: Pick<JobContext, 'spec' | 'teacher' | 'dataset'>,
  ledger: Ledger,
  known?: string,
): Promise<DatasetSummary> {
  const { summary } = dataset;
  const recipeWith = (datasetSha256: string): string =>
    trainingRecipe(spec, { teacherSha256: teacher.sha256, datasetSha256 });
  const recorded = (await ledger.recipe()) ?? known;
  const { hashOf, ...rest } = summary;
  if (hashOf === undefined || recorded === undefined || recorded === recipeWith(summary.sha256)) return summary;
  const edges = await dataset.edges().catch(() => undefined);
  if (edges === undefined || recorded !== recipeWith(edges)) return summary;
  log(
    'the work here was begun by an earlier version: it goes on under its hash of the first and last 4 KiB of each data file',
  );
  return { ...rest, sha256: edges };
}
