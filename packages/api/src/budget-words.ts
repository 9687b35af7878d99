import { DistillError } from './errors.ts';
import { shareOf } from './numbers/shares.ts';
import { MEASURES, type Measure } from './words.ts';

/** What a budget limits, in words. */
export const MEASURE_WORDS: Readonly<Record<Measure, string>> = {
  parameters: 'parameters',
  macs: 'multiply-accumulates',
  latency: 'latency',
};

/** "0.25 of the parameters and 0.3 of the multiply-accumulates". */
export const budgetWords = (budget: Readonly<Partial<Record<Measure, string>>>): string =>
  MEASURES.flatMap((measure) => {
    const share = budget[measure];
    return share === undefined ? [] : [`${share} of the ${MEASURE_WORDS[measure]}`];
  }).join(' and ');

interface Infeasible {
  readonly measure: Measure;
  /** Of the teacher's cost, as the budget says. */
  readonly share: string;
  /** The smallest cost that a student can have. */
  readonly least: number;
  /** The teacher's. */
  readonly whole: number;
  /** Other limits that the smallest cost keeps, in words. */
  readonly together?: string;
}

/** The error of a budget that no student keeps, with the smallest that one does. @param more sentences about why */
export function budgetInfeasible({ measure, share, least, whole, together = '' }: Infeasible, more = ''): DistillError {
  return new DistillError(
    'DISTILL_E_BUDGET_INFEASIBLE',
    `No student keeps the budget of ${share} of the teacher's ${MEASURE_WORDS[measure]}${together}: the smallest has ${shareOf(least, whole)} of ${measure === 'latency' ? 'it' : 'them'}.${more}`,
    { subject: `spec.selection.budget.${measure}` },
  );
}
