import { readDecimal } from '@distillation/api/decimal';
import { DistillError } from '@distillation/api/errors';
import { percent, plural } from '@distillation/api/format';
import type { Score } from '../finalize/select.ts';

/**
 * Preprocessing that is nearly right, such as other means or BGR for RGB, costs a teacher some accuracy and leaves it far above chance.
 * Nothing in the files tells; who knows what the teacher should reach says so in the job.
 */

/** How far below what is expected the accuracy may truly be: another interpolation, another split. */
const ALLOWED = 0.02;
/** Standard errors for the luck of the sample: a teacher as good as allowed is refused once in 740 times. */
const STANDARD_ERRORS = 3;

/**
 * The least share of right answers among so many samples that a teacher of this accuracy can be taken to give: two points less, and
 * three standard errors of a share of that size.
 */
export function leastAccuracy(expected: number, samples: number): number {
  const allowed = Math.max(0, expected - ALLOWED);
  return allowed - STANDARD_ERRORS * Math.sqrt((allowed * (1 - allowed)) / samples);
}

/**
 * @param expected `spec.teacher.expectedAccuracy`; where it is absent, and without samples, nothing is refused
 * @throws DistillError DISTILL_E_TEACHER_BELOW_EXPECTED
 */
export function requireExpected(expected: string | undefined, { correct, total }: Score): void {
  if (expected === undefined || total === 0) return;
  const asked = readDecimal(expected);
  const least = leastAccuracy(asked, total);
  if (correct / total >= least) return;
  throw new DistillError(
    'DISTILL_E_TEACHER_BELOW_EXPECTED',
    `The teacher gives the right class for ${percent(correct / total)} of ${plural(total, 'validation sample')}, where ${percent(asked)} are expected and at least ${percent(least)} are asked for, with two points and three standard errors of the sample taken off.`,
    { subject: 'spec.teacher.preprocessing' },
  );
}
