import { budgetInfeasible } from '@distillation/api/budget-words';
import type { SelectionSpec } from '@distillation/api/job';
import type { Plan } from '@distillation/api/plan';
import { largestWithin } from '@distillation/api/shares';

/** The least that a student of a plan can have of one cost: each layer replaced by its smallest block, where that is smaller. */
export function leastCost({ teacher, blocks }: Plan, measure: 'params' | 'macs'): number {
  const saved = new Map<string, number>();
  for (const { layer, ...block } of blocks)
    saved.set(layer.name, Math.max(saved.get(layer.name) ?? 0, layer[measure] - block[measure]));
  return [...saved.values()].reduce((sum, each) => sum - each, teacher[measure]);
}

/**
 * Holds a budget against a plan that was made before it was written. What several limits exclude together the finalizer says.
 * @throws DistillError DISTILL_E_BUDGET_INFEASIBLE
 */
export function requirePossible(plan: Plan, budget: SelectionSpec['budget']): void {
  for (const [measure, cost] of [
    ['parameters', 'params'],
    ['macs', 'macs'],
  ] as const) {
    const share = budget?.[measure];
    const [least, whole] = [leastCost(plan, cost), plan.teacher[cost]];
    if (share === undefined || least <= largestWithin(share, whole)) continue;
    throw budgetInfeasible({ measure, share, least, whole });
  }
}
