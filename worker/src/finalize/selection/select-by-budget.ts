import type { BudgetReport, CurvePoint } from '@distillation/api/report';
import { budgetWords } from '@distillation/api/budget-words';
import { internalError } from '@distillation/api/errors';
import type { GatheredBlock } from '../gather.ts';
import type { Measurement, Measurements } from '../measuring/measure.ts';
import { batchesOf, labelled, pass, type Run, splitOf } from '../run.ts';
import type { BlockScore, BlockVerdict } from '../select.ts';
import { AT_ONCE, measureAssemblies } from './assemblies.ts';
import {
  blocksOf,
  type Budget,
  type Choices,
  choicesOf,
  costsOf,
  limitsOf,
  type Option,
  programOf,
  requireFeasible,
} from './budget.ts';
import { ladder, RUNGS } from './ladder.ts';
import { latencyTable } from './latencies.ts';
import { latenciesIn } from './latency-table.ts';
import type { Picks } from './program.ts';
import { bestSolutions, openSolver } from './solve.ts';
import { wholeValues } from './values.ts';
import { budgetVerdicts } from './verdicts.ts';

/** Students within the budget that are assembled and measured. */
const CONSIDERED = 4;

/** Most passes over the split for which students have to be assembled: one for so many at a time, those of the ladders among them. */
export const assemblyPasses = ({ latency }: Budget): number =>
  Math.ceil((CONSIDERED + (latency === undefined ? 2 : 3) * RUNGS) / AT_ONCE);

interface BudgetSelection {
  readonly verdicts: BlockVerdict[];
  readonly report: BudgetReport;
}

interface SelectionOptions {
  readonly run: Run;
  readonly budget: Budget;
  readonly blocks: readonly GatheredBlock[];
  readonly entries: readonly BlockScore[];
  readonly measured: Measurements;
}

/**
 * Selects the blocks with which the student stays closest to the teacher within the budget: an integer program over the divergences of
 * the blocks alone in the teacher gives the few best students, which are assembled and measured; the most accurate is kept, of equal ones
 * that with the smallest divergence. The best student for each of a ladder of budgets is measured too.
 *
 * @throws DistillError DISTILL_E_BUDGET_INFEASIBLE, DISTILL_E_LATENCY_UNMEASURED
 */
export async function selectByBudget({
  run,
  budget,
  blocks,
  entries,
  measured,
}: SelectionOptions): Promise<BudgetSelection> {
  const solver = await openSolver();
  const usable = blocks.filter(({ plan }) => Number.isFinite(measured.blocks.get(plan.name)?.divergence));
  const failed = blocks.filter(({ trained }) => trained === undefined).map(({ plan }) => plan.name);
  const table = budget.latency === undefined ? undefined : await latencyTable(run);
  const taken = choicesOf(
    run.plan.teacher,
    usable.map(({ plan }) => plan),
    table && latenciesIn(table),
  );
  const choices = { ...taken, failed };
  requireFeasible(solver, choices, budget);
  const values = valuesOf(choices, measured);
  const value = (option: Option): number => values.get(option) ?? 0;
  const within = bestSolutions(solver, programOf(choices, limitsOf(budget, choices.teacher), value), CONSIDERED);
  const rungs = ladder(solver, choices).map((limit) => {
    const [picks] = bestSolutions(solver, programOf(choices, [limit], value), 1);
    if (picks === undefined) throw internalError('A budget of the curve is infeasible.');
    return { ...limit, picks };
  });
  const figures = await measureStudents(run, {
    choices,
    blocks,
    measured,
    students: [...within, ...rungs.map(({ picks }) => picks)],
  });
  const considered = within.map(figures).sort(byQuality);
  const [best] = considered;
  if (best === undefined) throw internalError('The budget is feasible and no student keeps it.');
  const layers = new Map(blocks.map(({ plan }) => [plan.name, plan.layer.name]));
  return {
    verdicts: budgetVerdicts(entries, {
      blocks: best.blocks,
      budget: budgetWords(budget),
      considered: considered.length,
      layerOf: (block) => layers.get(block) ?? block,
    }),
    report: {
      budget,
      split: run.job.spec.selection.split,
      considered: considered.map((student) => ({ ...student, chosen: student === best })),
      curve: rungs.map(({ measure, limit, picks }): CurvePoint => ({ measure, limit, ...figures(picks) })),
      ...(table !== undefined && {
        latency: {
          runtime: table.runtime,
          batch: table.batch,
          teacherMs: table.teacher / NANOSECONDS,
          predicted: ((best.latencyMs ?? 0) * NANOSECONDS) / table.teacher,
        },
      }),
    },
  };
}

/** In a millisecond. */
const NANOSECONDS = 1e6;

type Figures = Omit<CurvePoint, 'measure' | 'limit'>;

/** The most accurate first, of equal ones that with the smallest divergence; the order of others stays. */
export const byQuality = (a: Figures, b: Figures): number => (b.accuracy ?? 0) - (a.accuracy ?? 0) || nats(a) - nats(b);

const nats = ({ divergence = Number.MAX_VALUE }: Figures): number => divergence;

/** The divergence of each option as a whole number; the teacher's own layers have none. */
function valuesOf({ layers }: Choices, { blocks }: Measurements): Map<Option, number> {
  const divergence = ({ block }: Option): number => (block === undefined ? 0 : (blocks.get(block)?.divergence ?? 0));
  const whole = wholeValues(layers.map((options) => options.map(divergence)));
  return new Map(
    layers.flatMap((options, l) => options.map((option, c): [Option, number] => [option, whole[l]?.[c] ?? 0])),
  );
}

interface Students {
  readonly choices: Choices;
  readonly blocks: readonly GatheredBlock[];
  readonly measured: Measurements;
  readonly students: readonly Picks[];
}

/** Measures each student once; the result gives the figures of each. */
async function measureStudents(
  run: Run,
  { choices, blocks, measured, students }: Students,
): Promise<(picks: Picks) => Figures> {
  const split = splitOf(run.job);
  const distinct = new Map(students.map((picks) => [picks.join(), blocksOf(choices, picks)]));
  const assembled = [...distinct].filter(([, names]) => names.length > 0);
  const measurements = await measureAssemblies(
    assembled.map(([, names]) => names),
    {
      run,
      blocks,
      labelled: labelled(run),
      split,
      // The blocks were measured in a pass before.
      batches: (passes) => run.stages.counted(pass(run, split), (1 + passes) * batchesOf(run, split)),
    },
  );
  const teacher: Measurement = { ...(measured.teacher && { score: measured.teacher }), divergence: 0 };
  const known = new Map(assembled.map(([key], i) => [key, measurements[i]]));
  return (picks) => {
    const { score, divergence } = known.get(picks.join()) ?? teacher;
    const { parameters, macs, latency } = costsOf(choices, picks);
    return {
      blocks: blocksOf(choices, picks),
      params: parameters,
      macs,
      ...(latency !== undefined && { latencyMs: latency / NANOSECONDS }),
      ...(score !== undefined && { accuracy: score.correct / score.total }),
      ...(Number.isFinite(divergence) && { divergence }),
    };
  };
}
