import { join } from 'node:path';
import { combineCosts, estimateCost } from '@distillation/core/costs';
import { costsFromRecords } from '@distillation/core/recorded-costs';
import { DistillError } from '@distillation/api/errors';
import { plural } from '@distillation/api/format';
import type { BlockCost, Plan } from '@distillation/api/plan';
import { TERMINATION_LIMIT } from '@distillation/api/termination';
import { splitOf } from '../finalize/run.ts';
import { requireSamples } from '../finalize/select.ts';
import { type Monitor, startMonitor } from '../serve/monitor.ts';
import { readCosts } from '@distillation/ledger/cost-file';
import { type Ledger, openLedger } from '@distillation/ledger/ledger';
import { type JobContext, openContext, readJob } from './context.ts';
import { dataLines } from './data-lines.ts';
import { datasetIdentity } from './dataset-identity.ts';
import type { Invocation } from '../process/options.ts';
import { checkBudget } from './check-budget.ts';
import { checkTeacher } from './check-teacher.ts';
import { log, remark } from '../process/log.ts';
import { measureCosts } from './measure-costs.ts';
import { chooseLayers, makePlan, unmatchedInFreeze } from './make-plan.ts';
import type { UncostedBlock } from './plan-blocks.ts';
import { refuseIncoming } from './refuse-incoming.ts';
import { writeTermination } from '../process/termination.ts';
import { exitOnStopRequest } from '../process/stop.ts';
import { planSummary } from '@distillation/ledger/summaries';

/** Adds to each block its cost, from the source that the job names. */
async function withCosts(
  { spec, teacher, backend, dataset, signature, volume }: JobContext,
  blocks: readonly UncostedBlock[],
  { ledger: { files }, monitor }: { readonly ledger: Ledger; readonly monitor: Monitor },
): Promise<Pick<Plan, 'blocks' | 'costUnit'>> {
  const { costSource } = spec.scheduling;
  const teacherSha256 = teacher.sha256;
  const earlier = costSource === 'Recorded' ? await readCosts({ files, volume, teacherSha256, log }) : undefined;
  const estimated = new Map(blocks.map((block) => [block.name, estimateCost(block.layer, block)]));
  const { unit, costs } = combineCosts(
    costSource,
    {
      estimated,
      recorded: costsFromRecords(earlier, { blocks, teacher, backend: signature }),
      measured:
        costSource === 'Measured'
          ? await measureCosts(backend.tf, { teacher, spec, blocks, onStep: monitor.alive })
          : new Map(),
    },
    dataset.splits.train.count,
  );
  if (costSource === 'Recorded' && unit === 'MAC') {
    log('no earlier job with this teacher and backend has left its times on the volume: costs are estimated');
  }
  return {
    costUnit: unit,
    blocks: blocks.flatMap((block) => {
      const cost = costs.get(block.name);
      return cost === undefined ? [] : [{ ...block, cost: unit === 'Second' ? measured(cost) : cost }];
    }),
  };
}

/** Keeps only the digits that a measurement supports; more would only fill the planner's termination message. */
const measured = ({ prefix, own }: BlockCost): BlockCost => ({
  prefix: Number(prefix.toPrecision(4)),
  own: Number(own.toPrecision(4)),
});

/** `plan`: checks teacher and data, lists the layers with their costs, writes `plan.json`. */
export async function plan(call: Invocation): Promise<void> {
  exitOnStopRequest('planner');
  const job = await readJob(call.job);
  const { spec } = job;
  const folder = join(call.volume, spec.outputs.path);
  const monitor = await startMonitor({ role: 'planner', folder, listen: call.listen, log });
  await refuseIncoming(call, spec);
  const context = await openContext(call, job, { cpuThreads: spec.training.cpuThreads, monitor });
  const ledger = await openLedger({
    folder: context.folder,
    writer: 'planner',
    log,
    patience: { log: remark, alive: monitor.alive },
  });
  for (const line of dataLines(context.dataset.summary)) log(line);
  const dataset = await datasetIdentity(context, ledger);
  requireSamples(spec.selection, context.dataset.splits[splitOf(job)].count);
  const { blocks, ...others } = chooseLayers(context);
  await checkBudget(context, blocks);
  const validationAccuracy = await checkTeacher(context, monitor);
  const made = makePlan(context, {
    ...(await withCosts(context, blocks, { ledger, monitor })),
    dataset,
    ...others,
    ...(validationAccuracy !== undefined && { validationAccuracy }),
  });
  await ledger.writePlan(made, { dataHashes: dataset.hashOf && context.dataset.record });
  log(`${plural(made.blocks.length, 'block')} to train; layers that stay: ${made.kept.length}`);
  for (const line of [...(made.unmatched ?? []), ...unmatchedInFreeze(context, made)]) log(line);
  await reportPlan(made);
  await monitor.close();
}

/** Sends the plan to the operator, which cannot see the volume. @throws DISTILL_E_PLAN_TOO_LARGE */
async function reportPlan(plan: Plan): Promise<void> {
  if (await writeTermination({ type: 'Planned', plan: planSummary(plan) })) return;
  throw new DistillError(
    'DISTILL_E_PLAN_TOO_LARGE',
    `The plan of ${plural(plan.blocks.length, 'block')} does not fit into a termination message of ${TERMINATION_LIMIT} bytes, by which a cluster learns of it.`,
    { subject: 'spec.blocks' },
  );
}
