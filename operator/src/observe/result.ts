import type { DistillationJobSpec, DistillationJobStatus } from '@distillation/api/job';
import { LAYOUT } from '@distillation/api/layout';
import { studentRecipe } from '@distillation/api/recipe';
import type { PlanSummary, ResultSummary } from '@distillation/api/termination';
import type { RoleChildJobs } from './child-jobs.ts';
import { endOf } from './pod-status.ts';

/** The result of a job: the finalizer's termination message, and the part of it that is kept in the status. */

export type StatusResult = NonNullable<DistillationJobStatus['result']>;

/** The recipe of the student that this spec asks for. */
export function recipeOf(spec: DistillationJobSpec, { teacher, datasetSha256 }: PlanSummary): string {
  return studentRecipe(spec, { teacherSha256: teacher.sha256, datasetSha256 });
}

/** The newest finalizer's result with this recipe. */
export function resultFrom({ attempts }: RoleChildJobs, recipe: string): ResultSummary | undefined {
  return attempts
    .flatMap(({ pods }) => pods)
    .flatMap((pod) => {
      const termination = endOf(pod)?.termination;
      return termination?.type === 'Finalized' && termination.result.recipe === recipe ? termination.result : [];
    })
    .at(-1);
}

export function statusResult(result: ResultSummary, { outputs }: DistillationJobSpec): StatusResult {
  const { recipe, outcome, teacher, student, studentSha256, speedup } = result;
  return {
    recipe,
    outcome,
    ...(teacher.testAccuracy !== undefined && { teacherAccuracy: fraction(teacher.testAccuracy) }),
    ...(student.testAccuracy !== undefined && { studentAccuracy: fraction(student.testAccuracy) }),
    teacherParameters: teacher.params,
    studentParameters: student.params,
    teacherMacs: teacher.macs,
    studentMacs: student.macs,
    compression: times(teacher.params / Math.max(1, student.params)),
    ...(speedup !== undefined && { speedup: times(speedup) }),
    studentPath: `${outputs.path}/${LAYOUT.student}`,
    reportPath: `${outputs.path}/${LAYOUT.reportHtml}`,
    studentSha256,
  };
}

const times = (ratio: number): string => `${ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(1)}x`;

/** An accuracy as the API writes it: a decimal in a string. */
export const fraction = (value: number): string => value.toFixed(4);
