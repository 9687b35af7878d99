import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { toDistillError } from '@distillation/api/errors';
import type { EpochRecord } from '@distillation/api/ledger';
import type { Plan } from '@distillation/api/plan';
import { openLoader } from '../data/loading/loader.ts';
import { finalize as finalizeJob } from '../finalize/finalize.ts';
import { renderReport } from '../report/page.ts';
import { startMonitor } from '../serve/monitor.ts';
import { addCosts } from '@distillation/ledger/cost-file';
import { type Ledger, openLedger } from '@distillation/ledger/ledger';
import { openContext, plannedData, readJob } from './context.ts';
import type { Invocation } from '../process/options.ts';
import { log, remark } from '../process/log.ts';
import { writeTermination } from '../process/termination.ts';
import { adoptSchedule } from './schedule-file.ts';
import { standingPlan } from './standing-plan.ts';
import { endWhenTold } from '../process/stop.ts';
import { resultSummary } from '@distillation/ledger/summaries';

/** `finalize`: from trained blocks to student and report. */
export async function finalize(call: Invocation): Promise<void> {
  endWhenTold('finalizer');
  const job = await readJob(call.job);
  const { spec } = job;
  const folder = join(call.volume, spec.outputs.path);
  const monitor = await startMonitor({ role: 'finalizer', folder, listen: call.listen, log });
  const ledger = await openLedger({
    folder,
    writer: 'finalizer',
    log,
    patience: { log: remark, alive: monitor.alive },
  });
  await adoptSchedule(ledger, call.schedule);
  const { cpuThreads } = spec.fineTuning;
  const context = await openContext(call, job, { cpuThreads, monitor, ...(await plannedData(ledger, spec)) });
  const { backend, signature, teacher, dataset } = context;
  await standingPlan(ledger, context, call.plan);
  const loader = openLoader({
    dataset,
    preprocessing: spec.teacher.preprocessing,
    threads: spec.dataset.loaderThreads,
    onBatch: monitor.batch,
  });
  const { epochs } = spec.fineTuning;
  monitor.tell({ type: 'Finalizing', progress: { stage: 'Measure', epochs } });
  try {
    const history = await readHistory(ledger);
    const outcome = await finalizeJob({
      job,
      backend,
      signature,
      teacher,
      dataset,
      loader,
      ledger,
      log,
      render: renderReport,
      gpuJoules: monitor.gpuJoules,
      onProgress: (now) => {
        monitor.alive();
        monitor.tell({ type: 'Finalizing', progress: { ...now, epochs } });
      },
    });
    if (history !== undefined) await rememberCosts(ledger, call.volume, { job: spec.outputs.path, ...history });
    await writeTermination({ type: 'Finalized', result: resultSummary(outcome.report) });
  } finally {
    await turn();
    await loader.close();
    await monitor.close();
  }
}

/** The plan and all epochs on record, read while they are there: a job may delete its working files when it succeeds. */
async function readHistory(ledger: Ledger): Promise<{ plan: Plan; records: EpochRecord[] } | undefined> {
  const plan = await ledger.readPlan();
  if (plan === undefined) return undefined;
  const histories = await Promise.all(plan.blocks.map(({ name }) => ledger.knownHistory(name)));
  return { plan, records: histories.flat() };
}

/** Leaves the block times for the next job with this teacher. The student is written: nothing here may fail the job. */
async function rememberCosts(
  { files }: Ledger,
  volume: string,
  history: { job: string; plan: Plan; records: EpochRecord[] },
): Promise<void> {
  try {
    await addCosts({ files, volume, teacherSha256: history.plan.teacher.sha256, log }, history);
  } catch (error) {
    log(`the times of this job could not be kept for the next: ${toDistillError(error).message}`);
  }
}
