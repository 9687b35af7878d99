import { createRequire } from 'node:module';
import type * as HighsModule from 'highs';
import { internalError } from '@distillation/api/errors';
import {
  costRows,
  cutOf,
  keeps,
  lpText,
  type Picks,
  type Program,
  reduced,
  type Row,
  sumOf,
  variable,
} from './program.ts';

/** Solves the integer programs of `program.ts` exactly. */

/** Largest number of the lexicographic objective, so that it is exact in the solver's arithmetic with room to spare. */
const LARGEST_RANK = 2 ** 20;

/** One thread and one seed, no gap: the optimum itself, the same on every machine. */
const OPTIONS = {
  output_flag: false,
  threads: 1,
  random_seed: 0,
  parallel: 'off',
  mip_rel_gap: 0,
  mip_abs_gap: 0,
  mip_feasibility_tolerance: 1e-9,
  primal_feasibility_tolerance: 1e-9,
  dual_feasibility_tolerance: 1e-9,
} as const;

export type Solver = Pick<HighsModule.Highs, 'solve'>;

/** The solver, loaded when a job needs it: 3.5 MB of WebAssembly. */
export function openSolver(): Promise<Solver> {
  // Its types are those of the CommonJS module.
  const { default: load } = createRequire(import.meta.url)('highs') as (typeof HighsModule)['default'];
  return load();
}

/**
 * The optimal solutions of a program, best first and at most `count`: those with the smallest sum of values, of equal ones the first in
 * the order of their picks. Empty when the limits cannot be kept.
 */
export function bestSolutions(solver: Solver, program: Program, count: number): Picks[] {
  const cuts: Row[] = [];
  const found: Picks[] = [];
  while (found.length < count) {
    const picks = optimum(solver, program, cuts);
    if (picks === undefined) break;
    found.push(picks);
    cuts.push(cutOf(program.layers, picks));
  }
  return found;
}

/** The first of the optimal solutions that the rows `cuts` leave. */
function optimum(solver: Solver, program: Program, cuts: readonly Row[]): Picks | undefined {
  const { layers } = program;
  if (layers.length === 0) return program.limits.every((limit) => limit >= 0) && cuts.length === 0 ? [] : undefined;
  const values = layers.map((choices) => choices.map(({ value }) => value));
  const rows = [...costRows(program), ...cuts];
  let best = solve(solver, values, rows);
  if (best === undefined) return undefined;
  let limit = Number(sumOf(values, best));
  // Of equal ones the first: as few ranks as possible in the first layers, then in the next ones, with those before held.
  const held: Row[] = [];
  for (let from = 0; from < layers.length;) {
    const { ranks, to } = ranksFrom(layers, from);
    const first = solve(solver, ranks, [...rows, { numbers: values, limit }, ...held]);
    if (first === undefined) throw internalError('The solver lost a solution that it had found.');
    best = first;
    const sum = Number(sumOf(values, best));
    if (sum < limit) {
      // The solver had stopped short of the optimum, by its tolerances.
      limit = sum;
      held.length = 0;
      from = 0;
      continue;
    }
    held.push({ numbers: ranks, limit: Number(sumOf(ranks, best)) });
    from = to;
  }
  return best;
}

/** Ranks of the choices of some layers, such that their sum orders the picks of these layers lexicographically. */
function ranksFrom(layers: Program['layers'], from: number): { ranks: number[][]; to: number } {
  let to = from;
  let size = 1;
  for (; to < layers.length; to++) {
    const next = size * (layers[to]?.length ?? 1);
    if (next > LARGEST_RANK && to > from) break;
    size = next;
  }
  let weight = size;
  const ranks = layers.map((choices, l) => {
    if (l < from || l >= to) return choices.map(() => 0);
    weight /= choices.length;
    return choices.map((_, c) => c * weight);
  });
  return { ranks, to };
}

/**
 * A solution with the smallest sum of `objective`, verified in whole numbers: what the solver's tolerances let through is excluded, and
 * the program solved again.
 */
function solve(solver: Solver, objective: Row['numbers'], rows: readonly Row[]): Picks | undefined {
  const excluded: Row[] = [];
  const goal = reduced({ numbers: objective, limit: 0 }).numbers;
  for (;;) {
    const small = [...rows, ...excluded].map(reduced);
    if (small.some(({ limit }) => limit < 0)) return undefined;
    const result = solver.solve(lpText(goal, small), OPTIONS);
    if (result.Status === 'Infeasible') return undefined;
    if (result.Status !== 'Optimal') throw internalError(`The solver ended with "${result.Status}".`);
    const { Columns } = result;
    const picks = objective.map((choices, l) => choices.findIndex((_, c) => primal(Columns[variable(l, c)]) > 0.5));
    if (rows.every((row) => keeps(row, picks))) return picks;
    excluded.push(
      cutOf(
        objective.map((ofLayer) => ofLayer.map(() => ({ value: 0, costs: [] }))),
        picks,
      ),
    );
  }
}

const primal = (column: object | undefined): number =>
  column !== undefined && 'Primal' in column && typeof column.Primal === 'number' ? column.Primal : 0;
