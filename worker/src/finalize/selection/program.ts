/**
 * The integer program of a selection under a budget: for each layer one of several choices, such that no cost exceeds its limit and the
 * sum of a value is as small as possible (a multiple-choice knapsack). All numbers are whole and safe. Pure.
 */
export interface Program {
  /** The choices of each layer, of which one is taken. */
  readonly layers: readonly (readonly Choice[])[];
  /** Limit on the sum of each cost. */
  readonly limits: readonly number[];
}

interface Choice {
  /** What is minimised. */
  readonly value: number;
  /** One for each limit. */
  readonly costs: readonly number[];
}

/** Index of the choice taken in each layer. */
export type Picks = readonly number[];

/** A row of the program: the sum over the picks of the numbers given for each choice of each layer is at most `limit`. */
export interface Row {
  readonly numbers: readonly (readonly number[])[];
  readonly limit: number;
}

/** The rows that limit the costs of a program. */
export const costRows = ({ layers, limits }: Program): Row[] =>
  limits.map((limit, i) => ({ numbers: layers.map((choices) => choices.map(({ costs }) => costs[i] ?? 0)), limit }));

/** A row that excludes one solution and no other (a no-good cut). */
export const cutOf = (layers: Program['layers'], picks: Picks): Row => ({
  numbers: layers.map((choices, l) => choices.map((_, c) => Number(picks[l] === c))),
  limit: layers.length - 1,
});

/** Sum of the numbers of the picks, exactly. */
export const sumOf = (numbers: Row['numbers'], picks: Picks): bigint =>
  numbers.reduce((sum, ofLayer, l) => sum + BigInt(ofLayer[picks[l] ?? 0] ?? 0), 0n);

export const keeps = ({ numbers, limit }: Row, picks: Picks): boolean => sumOf(numbers, picks) <= BigInt(limit);

/**
 * The same row in the smallest whole numbers: without what every solution has in common, divided by the greatest common divisor. A
 * solver that computes in floating-point numbers is the more exact the smaller they are.
 */
export function reduced({ numbers, limit }: Row): Row {
  const least = numbers.map((ofLayer) => Math.min(...ofLayer));
  const rest = numbers.map((ofLayer, l) => ofLayer.map((number) => number - (least[l] ?? 0)));
  const room = limit - least.reduce((sum, number) => sum + number, 0);
  const divisor = rest.flat().reduce(greatestCommonDivisor, 0) || 1;
  return {
    numbers: rest.map((ofLayer) => ofLayer.map((number) => number / divisor)),
    limit: Math.floor(room / divisor),
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Name of the variable that is 1 when a layer takes a choice. */
export const variable = (layer: number, choice: number): string => `x${layer}_${choice}`;

/** The program in CPLEX LP format: minimises the sum of `objective` over the picks, within the rows. */
export function lpText(objective: Row['numbers'], rows: readonly Row[]): string {
  // One term a line, since readers of the format limit the length of lines.
  const terms = (numbers: Row['numbers']): string => {
    const list = numbers.flatMap((ofLayer, l) =>
      ofLayer.flatMap((number, c) => (number === 0 ? [] : [` + ${number} ${variable(l, c)}`])),
    );
    return list.length === 0 ? ` 0 ${variable(0, 0)}` : list.join('\n');
  };
  const variables = objective.flatMap((ofLayer, l) => ofLayer.map((_, c) => variable(l, c)));
  return [
    'minimize',
    ` value:\n${terms(objective)}`,
    'subject to',
    ...objective.map(
      (ofLayer, l) => ` one${l}:\n${terms([...Array<number[]>(l).fill([]), ofLayer.map(() => 1)])}\n = 1`,
    ),
    ...rows.map(({ numbers, limit }, r) => ` row${r}:\n${terms(numbers)}\n <= ${limit}`),
    'binary',
    ...variables.map((name) => ` ${name}`),
    'end',
    '',
  ].join('\n');
}
