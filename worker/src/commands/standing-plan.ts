import { readFile } from 'node:fs/promises';
import { DistillError } from '@distillation/api/errors';
import { LAYOUT } from '@distillation/api/layout';
import type { BlockCost, DatasetSummary, Plan } from '@distillation/api/plan';
import { planKey } from '@distillation/api/recipe';
import { isPlanSummary, type PlanSummary } from '@distillation/api/termination';
import { combineCosts } from '@distillation/core/costs';
import type { Ledger } from '@distillation/ledger/ledger';
import { requireRecipe } from '@distillation/ledger/recipe';
import { datasetIdentity } from './dataset-identity.ts';
import type { JobContext } from './context.ts';
import { chooseLayers, makePlan, recipeOf } from './planning/make-plan.ts';

type PlanContext = Pick<JobContext, 'spec' | 'signature' | 'teacher' | 'dataset'>;

/**
 * The plan that workers and finalizer follow. When it is missing from the volume or damaged, it is made again: layers and sizes
 * follow from teacher and data; costs come from the operator's summary of the plan or, without one, from estimates. Costs decide
 * which worker trains a block, never its weights.
 *
 * @param summaryFile file of the plan's summary, which the operator gives to its pods
 * @throws DISTILL_E_VOLUME_OTHER_JOB when the plan is of another recipe; DISTILL_E_USAGE when the job was never planned here;
 * DISTILL_E_VOLUME_VERSION
 */
export async function standingPlan(ledger: Ledger, context: PlanContext, summaryFile?: string): Promise<Plan> {
  const plan = await ledger.readPlan();
  const summary = plan === undefined ? await readSummary(summaryFile) : undefined;
  const dataset = await datasetIdentity(context, ledger, summary?.recipe);
  const recipe = recipeOf(context, dataset);
  const planned = (plan ?? summary)?.recipe;
  if (planned !== undefined) requireRecipe(ledger.folder, planned, recipe);
  if (plan !== undefined) return plan;
  if (summary === undefined && (await ledger.files.stat(ledger.path(LAYOUT.recipe))) === undefined) {
    throw new DistillError('DISTILL_E_USAGE', `${ledger.folder} holds no plan yet: run \`plan\` first.`);
  }
  const made = planAgain(context, { summary, dataset });
  await ledger.writePlan(made, {
    dataHashes: dataset.hashOf && context.dataset.record,
    ...(summary !== undefined && { known: summary.recipe }),
  });
  return made;
}

function planAgain(
  context: PlanContext,
  { summary, dataset }: { readonly summary: PlanSummary | undefined; readonly dataset: DatasetSummary },
): Plan {
  const { blocks, kept, estimates: estimated } = chooseLayers(context);
  const summaryCosts = new Map(summary?.blocks.map(({ name, cost }) => [name, cost]));
  const hasAllCosts = summary?.key === planKey(context.spec) && blocks.every(({ name }) => summaryCosts.has(name));
  const none = new Map<string, BlockCost>();
  const { unit, costs } = hasAllCosts
    ? { unit: summary.costUnit, costs: summaryCosts }
    : combineCosts('Estimated', { estimated, recorded: none, measured: none }, context.dataset.splits.train.count);
  const { validationAccuracy } = summary?.teacher ?? {};
  return makePlan(context, {
    dataset,
    kept,
    costUnit: unit,
    ...(!hasAllCosts && { costSource: 'Estimated' as const }),
    blocks: blocks.flatMap((block) => {
      const cost = costs.get(block.name);
      return cost === undefined ? [] : [{ ...block, cost }];
    }),
    ...(validationAccuracy !== undefined && { validationAccuracy }),
  });
}

/** Undefined when it cannot be read: it only replaces estimates. */
async function readSummary(path: string | undefined): Promise<PlanSummary | undefined> {
  if (path === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isPlanSummary(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
