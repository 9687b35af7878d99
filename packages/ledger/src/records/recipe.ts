import { DistillError } from '@distillation/api/errors';

/**
 * Checks that what was planned in a job's folder is this job's, since weights of two recipes must never mix.
 * @param found recipe of the plan or of the work in the folder
 * @throws DISTILL_E_VOLUME_OTHER_JOB naming both recipes.
 */
export function requireRecipe(folder: string, found: string, recipe: string): void {
  if (found !== recipe) throw otherRecipe(folder, { found, recipe });
}

/** @param differing settings in which the two differ, where they are known */
export function otherRecipe(
  folder: string,
  { found, recipe, differing = [] }: { found: string; recipe: string; differing?: readonly string[] },
): DistillError {
  const which = differing.length === 0 ? '' : `: ${differing.join('; ')}`;
  const message = `${folder} was planned for recipe ${found}, and this job's is ${recipe}${which}.`;
  return new DistillError('DISTILL_E_VOLUME_OTHER_JOB', message, { subject: folder });
}
