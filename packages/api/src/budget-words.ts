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
