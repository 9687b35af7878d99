import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { toDistillError } from '@distillation/api/errors';
import type { Plan } from '@distillation/api/plan';
import { openLoader } from '../data/loading/loader.ts';
import { finalize as finalizeJob } from '../finalize/finalize.ts';
import { renderReport } from '../report/page.ts';
import { startMonitor } from '../serve/monitor.ts';
import { addCosts } from '@distillation/ledger/cost-file';
import { type Ledger, openLedger } from '@distillation/ledger/ledger';
import { openContext, plannedData } from './context.ts';
import { readJob } from './read-job.ts';
import type { Invocation } from '../process/options.ts';
import { log, remark } from '../process/log.ts';
import { writeTermination } from '../process/termination.ts';
import { adoptSchedule } from './schedule-file.ts';
import { standingPlan } from './standing-plan.ts';
import { exitOnStopRequest, unlessEnding } from '../process/stop.ts';
import { resultSummary } from '@distillation/ledger/summaries';

/** `finalize`: makes student and report from the trained blocks. */
export async function finalize(call: Invocation): Promise<void> {
  exitOnStopRequest('finalizer');
  const job = await readJob(call.job);
  const { spec } = job;
  const folder = join(call.volume, spec.outputs.path);
  const monitor = await startMonitor({ role: 'finalizer', folder, listen: call.listen, log });
  const ledger = await openLedger({
    folder,
    writer: 'finalizer',
    log,
    patience: { log: remark, alive: monitor.alive },
    beforeWrite: unlessEnding,
  });
  await adoptSchedule(ledger, call.schedule);
  const { cpuThreads } = spec.fineTuning;
  const context = await openContext(call, job, { cpuThreads, monitor, ...(await plannedData(ledger, spec)) });
  const { backend, signature, teacher, dataset } = context;
  const plan = await standingPlan(ledger, context, call.plan);
  const loader = openLoader({
    dataset,
    preprocessing: spec.teacher.preprocessing,
    threads: spec.dataset.loaderThreads,
    onBatch: monitor.batch,
  });
  const { epochs } = spec.fineTuning;
  monitor.send({ type: 'Finalizing', progress: { stage: 'Measure', epochs } });
  try {
    const outcome = await finalizeJob({
      job,
      plan,
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
        monitor.send({ type: 'Finalizing', progress: { ...now, epochs } });
      },
    });
    await rememberCosts(ledger, plan, { volume: call.volume, job: spec.outputs.path });
    await writeTermination({ type: 'Finalized', result: resultSummary(outcome.report) });
  } finally {
    await turn();
    await loader.close();
    await monitor.close();
  }
}

/**
 * Keeps the measured block times for the next job with this teacher, from the epoch records that were read with the blocks. The
 * student has already been written, so nothing here may fail the job.
 */
async function rememberCosts(
  ledger: Ledger,
  plan: Plan,
  { volume, job }: { readonly volume: string; readonly job: string },
): Promise<void> {
  try {
    const histories = await Promise.all(plan.blocks.map(({ name }) => ledger.knownHistory(name)));
    const { files } = ledger;
    await addCosts(
      { files, volume, teacherSha256: plan.teacher.sha256, log },
      { job, plan, records: histories.flat() },
    );
  } catch (error) {
    log(`the times of this job could not be kept for the next: ${toDistillError(error).message}`);
  }
}
