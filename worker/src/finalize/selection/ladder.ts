import { MEASURES } from '@distillation/api/words';
import { type Choices, costIn, type Limit, smallest } from './budget.ts';
import type { Solver } from './solve.ts';

/** Limits on each cost for which the curve shows the best student. */
export const RUNGS = 10;

/**
 * Limits from the smallest that a student keeps to the teacher's own cost, in equal steps, for each measure. A measure in which no
 * candidate is cheaper has no ladder, nor has one that is not known.
 */
export function ladder(solver: Solver, choices: Choices): Limit[] {
  return MEASURES.filter((measure) => choices.teacher[measure] !== undefined).flatMap((measure) => {
    const whole = costIn(choices.teacher, measure);
    const least = smallest(solver, choices, { measure }) ?? whole;
    if (least >= whole) return [];
    return Array.from({ length: RUNGS }, (_, rung): Limit => {
      const step = (BigInt(whole - least) * BigInt(rung)) / BigInt(RUNGS - 1);
      return { measure, limit: least + Number(step) };
    });
  });
}
