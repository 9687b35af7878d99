import { type DistillError, internalError } from '@distillation/api/errors';
import type { SelectionSpec } from '@distillation/api/job';
import type { BlockPlan, Plan } from '@distillation/api/plan';
import { budgetInfeasible, MEASURE_WORDS } from '@distillation/api/budget-words';
import { MEASURES, type Measure } from '@distillation/api/words';
import { largestWithin, shareOf } from '@distillation/api/shares';
import type { Picks, Program } from './program.ts';
import { bestSolutions, type Solver } from './solve.ts';

/** What a student may cost, and which students there are. Pure; every share is computed in whole numbers. */

export type Budget = NonNullable<SelectionSpec['budget']>;

/** A candidate for the place of a layer. */
export type CostedBlock = Pick<BlockPlan, 'name' | 'params' | 'macs'> & {
  readonly layer: Pick<BlockPlan['layer'], 'name' | 'params' | 'macs'>;
};

/** Whole numbers; the latency, in nanoseconds for a batch, is known only under a budget of latency. */
export type Costs = Readonly<Record<Exclude<Measure, 'latency'>, number>> & { readonly latency?: number };

/** Nanoseconds for a batch, by name: what each replaced layer and each candidate adds to a network, and the whole teacher. */
export interface Latencies {
  readonly teacher: number;
  readonly layers: ReadonlyMap<string, number>;
  readonly blocks: ReadonlyMap<string, number>;
}

/** What one layer of the student can be: the teacher's own, which comes first and has no block, or a candidate. */
export interface Option {
  readonly block?: string;
  readonly costs: Costs;
}

/** The choices that a budget has to make. */
export interface Choices {
  /** Of the whole teacher. */
  readonly teacher: Costs;
  /** Of all that is not to be chosen. */
  readonly fixed: Costs;
  readonly layers: readonly (readonly Option[])[];
  /** Names of planned blocks that cannot be taken, since their training failed; for messages. */
  readonly failed?: readonly string[];
}

/** A limit on one cost of the whole student, in whole parameters, multiply-accumulates or nanoseconds. */
export interface Limit {
  readonly measure: Measure;
  readonly limit: number;
}

/**
 * @param blocks the candidates, in the order of the network and, of a layer, of the manifest
 * @param latencies of these blocks and their layers; without them no latency can be limited
 */
export function choicesOf(
  { params, macs }: Pick<Plan['teacher'], 'params' | 'macs'>,
  blocks: readonly CostedBlock[],
  latencies?: Latencies,
): Choices {
  const costs = (figures: Pick<BlockPlan, 'params' | 'macs'>, latency: number | undefined): Costs => ({
    parameters: figures.params,
    macs: figures.macs,
    ...(latency !== undefined && { latency }),
  });
  const teacher = costs({ params, macs }, latencies?.teacher);
  const layers = new Map<string, Option[]>();
  let fixed = teacher;
  for (const { name, layer, ...block } of blocks) {
    const own: Option = { costs: costs(layer, latencies?.layers.get(layer.name)) };
    const options = layers.get(layer.name) ?? [own];
    if (options.length === 1) fixed = combined(fixed, own.costs, (whole, part) => whole - part);
    layers.set(layer.name, [...options, { block: name, costs: costs(block, latencies?.blocks.get(name)) }]);
  }
  return { teacher, fixed, layers: [...layers.values()] };
}

const combined = (a: Costs, b: Costs, by: (a: number, b: number) => number): Costs => ({
  parameters: by(a.parameters, b.parameters),
  macs: by(a.macs, b.macs),
  ...(a.latency !== undefined && b.latency !== undefined && { latency: by(a.latency, b.latency) }),
});

/** The costs of a student. */
export const costsOf = ({ fixed, layers }: Choices, picks: Picks): Costs =>
  layers.reduce((total, options, l) => {
    const { costs } = options[picks[l] ?? 0] ?? {};
    return costs === undefined ? total : combined(total, costs, (sum, cost) => sum + cost);
  }, fixed);

/** One of the costs. @throws DISTILL_E_INTERNAL for a latency that is not known */
export function costIn(costs: Costs, measure: Measure): number {
  const cost = costs[measure];
  if (cost === undefined) throw internalError(`The ${MEASURE_WORDS[measure]} of a network is not known.`);
  return cost;
}

/** The names of a student's blocks. */
export const blocksOf = ({ layers }: Choices, picks: Picks): string[] =>
  layers.flatMap((options, l) => options[picks[l] ?? 0]?.block ?? []);

/** The program of a student within limits. @param value what an option adds to the sum that is minimised */
export const programOf = (
  { fixed, layers }: Choices,
  limits: readonly Limit[],
  value: (option: Option) => number,
): Program => ({
  layers: layers.map((options) =>
    options.map((option) => ({
      value: value(option),
      costs: limits.map(({ measure }) => costIn(option.costs, measure)),
    })),
  ),
  limits: limits.map(({ measure, limit }) => limit - costIn(fixed, measure)),
});

/** The limits of a budget: the largest whole costs that are no more than the shares of the teacher's. */
export const limitsOf = (budget: Budget, teacher: Costs): Limit[] =>
  MEASURES.flatMap((measure) => {
    const share = budget[measure];
    if (share === undefined) return [];
    return [{ measure, limit: largestWithin(share, costIn(teacher, measure)) }];
  });

/** The smallest cost that a student can have within limits on others; undefined when these cannot be kept. */
export function smallest(
  solver: Solver,
  choices: Choices,
  { measure, within = [] }: { measure: Measure; within?: readonly Limit[] },
): number | undefined {
  const [picks] = bestSolutions(
    solver,
    programOf(choices, within, ({ costs }) => costIn(costs, measure)),
    1,
  );
  return picks === undefined ? undefined : costIn(costsOf(choices, picks), measure);
}

/**
 * The smallest student that each limited cost allows, in words for a log.
 *
 * @throws DistillError DISTILL_E_BUDGET_INFEASIBLE naming the budget that no student keeps, and the smallest that one does
 */
export function requireFeasible(solver: Solver, choices: Choices, budget: Budget): string {
  const limits = limitsOf(budget, choices.teacher);
  const least = limits.map(({ measure, limit }) => {
    const cost = smallest(solver, choices, { measure }) ?? 0;
    if (cost > limit) throw infeasible(choices, { budget, measure, cost });
    return `${shareOf(cost, costIn(choices.teacher, measure))} of the ${MEASURE_WORDS[measure]}`;
  });
  for (const { measure, limit } of limits) {
    const others = limits.filter((other) => other.measure !== measure);
    // Beside each of the others first: where any two contradict each other, nothing can be said beside all.
    for (const within of [...others.map((other) => [other]), others]) {
      const cost = smallest(solver, choices, { measure, within });
      if (cost !== undefined && cost > limit) throw infeasible(choices, { budget, measure, cost, within });
    }
  }
  return least.join(' or ');
}

interface Infeasible {
  readonly budget: Budget;
  readonly measure: Measure;
  /** The smallest that there is. */
  readonly cost: number;
  readonly within?: readonly Limit[];
}

function infeasible(
  { teacher, failed = [] }: Choices,
  { budget, measure, cost, within = [] }: Infeasible,
): DistillError {
  const others = within.map((limit) => `${budget[limit.measure] ?? ''} of its ${MEASURE_WORDS[limit.measure]}`);
  const together = others.length === 0 ? '' : ` together with ${others.join(' and ')}`;
  return budgetInfeasible(
    { measure, share: budget[measure] ?? '', least: cost, whole: costIn(teacher, measure), together },
    failed.length === 0 ? '' : ` Not to be had, since their training failed: ${failed.join(', ')}.`,
  );
}
