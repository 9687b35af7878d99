import { readDecimal } from '@distillation/api/decimal';
import { DistillError } from '@distillation/api/errors';
import { percent, plural } from '@distillation/api/format';
import type { Score } from '../../finalize/select.ts';

/**
 * Preprocessing that is nearly right, such as other means or BGR for RGB, costs a teacher some accuracy and leaves it far above chance.
 * Nothing in the files tells; who knows what the teacher should reach says so in the job.
 */

/** How far below what is expected the accuracy may truly be: another interpolation, another split. */
const ALLOWED = 0.02;
/** For the luck of the sample: a teacher as good as allowed is refused less often than this, which is beyond three standard errors. */
const REFUSED_BY_LUCK = 1 / 740;

/**
 * The least number of right answers among so many samples that a teacher of this accuracy can be taken to give: two points less, and the lower
 * tail of the binomial distribution, which is not the normal one where samples are few.
 */
export function leastCorrect(expected: number, samples: number): number {
  const allowed = Math.max(0, expected - ALLOWED);
  if (allowed === 0) return 0;
  const odds = Math.log(allowed) - Math.log1p(-allowed);
  let logOfOne = samples * Math.log1p(-allowed);
  let upToIt = Math.exp(logOfOne);
  let correct = 0;
  while (upToIt < REFUSED_BY_LUCK && correct < samples) {
    logOfOne += Math.log((samples - correct) / (correct + 1)) + odds;
    upToIt += Math.exp(logOfOne);
    correct += 1;
  }
  return correct;
}

/**
 * @param expected `spec.teacher.expectedAccuracy`; where it is absent, and without samples, nothing is refused
 * @throws DistillError DISTILL_E_TEACHER_BELOW_EXPECTED
 */
export function requireExpected(expected: string | undefined, { correct, total }: Score): void {
  if (expected === undefined || total === 0) return;
  const asked = readDecimal(expected);
  const least = leastCorrect(asked, total);
  if (correct >= least) return;
  throw new DistillError(
    'DISTILL_E_TEACHER_BELOW_EXPECTED',
    `The teacher gives the right class for ${percent(correct / total)} of ${plural(total, 'validation sample')}, where ${percent(asked)} are expected and at least ${percent(least / total)} are asked for, with two points and the luck of the sample taken off.`,
    { subject: 'spec.teacher.preprocessing' },
  );
}
