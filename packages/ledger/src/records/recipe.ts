import { DistillError } from '@distillation/api/errors';

/**
 * Checks that what was planned in a job's folder is this job's, since weights of two recipes must never mix.
 * @param found recipe of the plan or of the work in the folder
 * @throws DISTILL_E_VOLUME_OTHER_JOB naming both recipes.
 */
export function requireRecipe(folder: string, found: string, recipe: string): void {
  if (found === recipe) return;
  const message = `${folder} was planned for recipe ${found}, and this job's is ${recipe}.`;
  throw new DistillError('DISTILL_E_VOLUME_OTHER_JOB', message, { subject: folder });
}
