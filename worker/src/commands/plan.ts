import { join } from 'node:path';
import { combineCosts, type Costs } from '@distillation/core/costs';
import { costsFromRecords } from '@distillation/core/recorded-costs';
import { DistillError } from '@distillation/api/errors';
import { plural } from '@distillation/api/format';
import type { DistillationJob } from '@distillation/api/job';
import type { BlockCost, DatasetSummary, Plan } from '@distillation/api/plan';
import { TERMINATION_LIMIT } from '@distillation/api/termination';
import { splitOf } from '../finalize/run.ts';
import { requireSamples } from '../finalize/select.ts';
import { type Monitor, startMonitor } from '../serve/monitor.ts';
import { readCosts } from '@distillation/ledger/cost-file';
import { Ledger, openLedger } from '@distillation/ledger/ledger';
import { type JobContext, openContext } from './context.ts';
import { dataLines } from './data-lines.ts';
import { datasetIdentity } from './dataset-identity.ts';
import type { Invocation } from '../process/options.ts';
import { awaitInputs } from './await-inputs.ts';
import { checkBudget } from './planning/check-budget.ts';
import { checkTeacher } from './check-teacher.ts';
import { log, remark } from '../process/log.ts';
import { measureCosts } from './planning/measure-costs.ts';
import { chooseLayers, makePlan, unmatchedInFreeze } from './planning/make-plan.ts';
import type { UncostedBlock } from './planning/plan-blocks.ts';
import { readJob } from './read-job.ts';
import { encodeShort, writeTermination } from '../process/termination.ts';
import { exitOnStopRequest, unlessEnding } from '../process/stop.ts';
import { ALIVE_MS, signOfLife } from '../files/hold.ts';
import { requireRecipe } from '@distillation/ledger/recipe';
import { planSummary } from '@distillation/ledger/summaries';

/** Adds to each block its cost, from the source that the job names. */
async function withCosts(
  { spec, teacher, backend, dataset, signature, volume }: JobContext,
  { blocks, estimates: estimated }: { readonly blocks: readonly UncostedBlock[]; readonly estimates: Costs },
  { ledger: { files }, monitor }: Means,
): Promise<Pick<Plan, 'blocks' | 'costUnit'>> {
  const { costSource } = spec.scheduling;
  const teacherSha256 = teacher.sha256;
  const earlier = costSource === 'Recorded' ? await readCosts({ files, volume, teacherSha256, log }) : undefined;
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

/** `plan`: checks teacher and data, lists the layers with their costs, writes `plan.json`; in a dry run it prints that instead. */
export async function plan(call: Invocation): Promise<void> {
  exitOnStopRequest('planner');
  const job = await readJob(call.job);
  if (call.dryRun === true) await audibly(() => dryRun(call, job));
  else await planForGood(call, job);
}

async function planForGood(call: Invocation, job: DistillationJob): Promise<void> {
  const { spec } = job;
  const folder = join(call.volume, spec.outputs.path);
  const monitor = await startMonitor({ role: 'planner', folder, listen: call.listen, log });
  await awaitInputs(call, spec, {
    // Of a planner that serves nothing, as in local mode, nobody would learn that it waits.
    deadlineSeconds: call.listen === undefined ? 0 : (spec.cluster.inputsDeadlineSeconds ?? 0),
    monitor,
    log,
  });
  const context = await openContext(call, job, { cpuThreads: spec.training.cpuThreads, monitor });
  const ledger = await openLedger({
    folder: context.folder,
    writer: 'planner',
    log,
    patience: { log: remark, alive: monitor.alive },
    beforeWrite: unlessEnding,
  });
  const { made, dataset } = await planOf(job, context, { ledger, monitor });
  await ledger.writePlan(made, { dataHashes: dataset.hashOf && context.dataset.record });
  await reportPlan(made);
  await monitor.close();
}

/** Lets the pod of `kubectl distill plan`, and what lies between, know that it is at work. */
async function audibly(work: () => Promise<void>): Promise<void> {
  const stop = await signOfLife();
  const alive = setInterval(() => {
    log('still planning');
  }, ALIVE_MS);
  try {
    await work();
  } finally {
    clearInterval(alive);
    stop();
  }
}

/** Prints the plan that would be made, after the checks of one for good; writes nothing to the volume. */
async function dryRun(call: Invocation, job: DistillationJob): Promise<void> {
  const { spec } = job;
  const folder = join(call.volume, spec.outputs.path);
  const monitor = await startMonitor({ role: 'planner', folder, listen: undefined, log });
  await awaitInputs(call, spec, { deadlineSeconds: 0, monitor, log });
  const context = await openContext(call, job, { cpuThreads: spec.training.cpuThreads, monitor });
  const ledger = new Ledger({ folder, writer: 'planner', log });
  const { made } = await planOf(job, context, { ledger, monitor });
  const standing = await ledger.recipe();
  if (standing !== undefined) requireRecipe(folder, standing, made.recipe);
  if (encodeShort({ type: 'Planned', plan: planSummary(made) }) === undefined) throw tooLarge(made);
  // Over many lines: who reads it by lines reads short ones.
  await new Promise((resolve) => process.stdout.write(`${JSON.stringify(made, null, 1)}\n`, resolve));
}

interface Means {
  readonly ledger: Ledger;
  readonly monitor: Monitor;
}

async function planOf(
  job: DistillationJob,
  context: JobContext,
  { ledger, monitor }: Means,
): Promise<{ readonly made: Plan; readonly dataset: DatasetSummary }> {
  for (const line of dataLines(context.dataset.summary)) log(line);
  const dataset = await datasetIdentity(context, ledger);
  requireSamples(job.spec.selection, context.dataset.splits[splitOf(job)].count);
  const { blocks, estimates, ...others } = chooseLayers(context);
  await checkBudget(context, blocks);
  const validationAccuracy = await checkTeacher(context, monitor);
  const made = makePlan(context, {
    ...(await withCosts(context, { blocks, estimates }, { ledger, monitor })),
    dataset,
    ...others,
    ...(validationAccuracy !== undefined && { validationAccuracy }),
  });
  log(`${plural(made.blocks.length, 'block')} to train; layers that stay: ${made.kept.length}`);
  for (const line of [...(made.unmatched ?? []), ...unmatchedInFreeze(context, made)]) log(line);
  return { made, dataset };
}

/** Sends the plan to the operator, which cannot see the volume. @throws DISTILL_E_PLAN_TOO_LARGE */
async function reportPlan(plan: Plan): Promise<void> {
  if (await writeTermination({ type: 'Planned', plan: planSummary(plan) })) return;
  throw tooLarge(plan);
}

const tooLarge = (plan: Plan): DistillError =>
  new DistillError(
    'DISTILL_E_PLAN_TOO_LARGE',
    `The plan of ${plural(plan.blocks.length, 'block')} does not fit into a termination message of ${TERMINATION_LIMIT} bytes, by which a cluster learns of it.`,
    { subject: 'spec.blocks' },
  );
