import { budgetWords } from '@distillation/api/budget-words';
import { choicesOf, requireFeasible } from '../../finalize/selection/budget.ts';
import { openSolver } from '../../finalize/selection/solve.ts';
import { requireLatency } from '../../finalize/selection/times.ts';
import { log } from '../../process/log.ts';
import { modelCosts } from '../../teacher/graph/costs.ts';
import type { JobContext } from '../context.ts';
import type { UncostedBlock } from './plan-blocks.ts';

/**
 * Checks, before anything is trained, that a student can keep the job's budget. A latency is known only when it has been measured, so
 * that the finalizer checks that; here it must be possible to measure it.
 *
 * @throws DistillError DISTILL_E_BUDGET_INFEASIBLE, DISTILL_E_LATENCY_UNMEASURED
 */
export async function checkBudget({ spec, teacher }: JobContext, blocks: readonly UncostedBlock[]): Promise<void> {
  const { budget } = spec.selection;
  if (budget === undefined) return;
  const { latency, ...counted } = budget;
  const choices = choicesOf({ params: teacher.params, macs: modelCosts(teacher).macs }, blocks);
  const least = requireFeasible(await openSolver(), choices, counted);
  if (latency !== undefined) await requireLatency(teacher);
  log(`the budget is ${budgetWords(budget)}${least === '' ? '' : `; the smallest students have ${least}`}`);
}
