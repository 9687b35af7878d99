import type { BudgetReport } from '@distillation/api/report';
import { failureOf, type GatheredBlock } from './gather.ts';
import type { LabelledBatch } from './measuring/batches.ts';
import { measureOnce } from './measuring/measurements.ts';
import { batchesOf, labelled, pass, type Run, splitOf } from './run.ts';
import {
  type BlockScore,
  type BlockVerdict,
  oneEachLayer,
  requireSamples,
  type Score,
  selectBlocks,
  type Threshold,
  threshold,
} from './select.ts';
import { assemblyPasses, selectByBudget } from './selection/select-by-budget.ts';

/** Steps of the passes in which blocks and, under a budget, students are measured, at most. */
export function selectionSteps(options: Run): number {
  const { budget } = options.job.spec.selection;
  return batchesOf(options, splitOf(options.job)) * (1 + (budget === undefined ? 0 : assemblyPasses(budget)));
}

interface Chosen {
  readonly verdicts: BlockVerdict[];
  readonly limit?: Threshold | undefined;
  /** With rule `Budget`. */
  readonly selection?: BudgetReport;
  /** The teacher's validation score, where that is the split on which the blocks were measured; absent without labels. */
  readonly teacher?: Score;
}

/** Measures the blocks if there are labels or a budget is to be kept, and selects those to keep. */
export async function chooseBlocks(options: Run, blocks: readonly GatheredBlock[]): Promise<Chosen> {
  const { job, dataset, backend, ledger, teacher, stages } = options;
  const { selection } = job.spec;
  const { budget } = selection;
  const split = splitOf(job);
  requireSamples(selection, dataset.splits[split].count);
  const known = labelled(options);
  const measurable = (known || budget !== undefined) && dataset.splits[split].count > 0;
  const steps = selectionSteps(options) + (known ? batchesOf(options, 'validation') : 0);
  stages.begin('Measure', measurable ? { steps } : {});
  const batches = (): AsyncIterable<LabelledBatch> => stages.counted(pass(options, split));
  const measured = measurable
    ? await measureOnce({ tf: backend.tf, ledger, teacher, labelled: known, blocks, split, batches })
    : undefined;
  const entries = blocks.map((block): BlockScore => {
    const { name } = block.plan;
    if (block.trained === undefined) return { block: name, failure: failureOf(block).message };
    return { block: name, ...measured?.blocks.get(name) };
  });
  const teacherScore = split === 'validation' && measured?.teacher !== undefined && { teacher: measured.teacher };
  // Where no block was trained, this is what the job fails for, not the budget.
  if (budget !== undefined && measured !== undefined && blocks.some(({ trained }) => trained !== undefined)) {
    const chosen = await selectByBudget({ run: options, budget, blocks, entries, measured });
    return { verdicts: chosen.verdicts, selection: chosen.report, ...teacherScore };
  }
  const limit = threshold(selection, measured?.teacher ?? { correct: 0, total: 0 });
  const planned = blocks.map(({ plan }) => plan);
  return { verdicts: oneEachLayer(selectBlocks(entries, limit), planned), limit, ...teacherScore };
}
