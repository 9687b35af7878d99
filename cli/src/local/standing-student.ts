import type { DistillationJob } from '@distillation/api/job';
import type { Plan } from '@distillation/api/plan';
import { plannedInputs, studentRecipe, trainingRecipe } from '@distillation/api/recipe';
import type { Report } from '@distillation/api/report';
import type { Ledger } from '@distillation/ledger/ledger';
import { hasStudentFiles } from '@distillation/ledger/outputs';
import { intactResult } from '@distillation/ledger/result';
import worker from '@distillation/worker/package.json' with { type: 'json' };
import type { FormerStudent } from '../present/job-summary.ts';

/** A student in the job's folder while the job is not done: it is what the manifest asks for, or of the manifest as it was. */
export type StandingStudent =
  | {
      readonly is: 'Asked';
      readonly report: Report;
      readonly plan: Plan;
      /** Whether a file of the student that the manifest asks for is not there, or damaged. */
      readonly lacksFiles: boolean;
    }
  | { readonly is: FormerStudent };

/**
 * The student that the job's folder holds; undefined without one, and where it is damaged and a run makes it again.
 * @param plan of the folder, whatever manifest it was made for
 */
export async function standingStudent(
  { spec }: DistillationJob,
  ledger: Ledger,
  plan: Plan | undefined,
): Promise<StandingStudent | undefined> {
  const record = await ledger.readResult();
  if (record === undefined || plan === undefined) return undefined;
  const inputs = plannedInputs(plan);
  const recipe = await ledger.recipe();
  if (recipe !== undefined && trainingRecipe(spec, inputs) !== recipe) return { is: 'OfOtherBlocks' };
  const before = await ledger.readJob();
  // A teacher or data of another path may be others: nobody has read them yet.
  const hasSameInputs =
    before?.spec.teacher.path === spec.teacher.path && before.spec.dataset.path === spec.dataset.path;
  const asked = studentRecipe(spec, inputs);
  if (record.recipe !== asked || !hasSameInputs) return { is: 'OfOtherManifest' };
  const report = await intactResult(ledger, asked);
  if (report === undefined) return undefined;
  return { is: 'Asked', report, plan, lacksFiles: !(await hasStudentFiles(ledger, spec.outputs, worker.version)) };
}
