import { join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import type { BinSchedule, Plan } from '@distillation/api/plan';
import { openLoader } from '../data/loading/loader.ts';
import { startMonitor } from '../serve/monitor.ts';
import { kernelAndBias } from '../teacher/build.ts';
import { teacherCut, type TeacherCut } from '../teacher/graph/cut.ts';
import { runBin } from '../training/bin-worker.ts';
import { reportProgress } from '../training/progress.ts';
import { openClaims } from '@distillation/ledger/claims';
import { digestOf } from '@distillation/ledger/digest';
import { type Ledger, openLedger } from '@distillation/ledger/ledger';
import { readEverything } from '@distillation/ledger/view';
import { type JobContext, openContext, plannedData } from './context.ts';
import { readJob } from './read-job.ts';
import type { Invocation } from '../process/options.ts';
import { writeTermination } from '../process/termination.ts';
import { log, remark } from '../process/log.ts';
import { probeImages } from './probe-images.ts';
import { adoptSchedule } from './schedule-file.ts';
import { standingPlan } from './standing-plan.ts';
import { exitOnStopRequest, type StopSignal, stopSignal } from '../process/stop.ts';

/** The plan and the schedule of this job. @throws DISTILL_E_VOLUME_OTHER_JOB, DISTILL_E_USAGE when there is none yet. */
async function readPlans(
  ledger: Ledger,
  context: JobContext,
  { plan: summaryFile }: Invocation,
): Promise<{ plan: Plan; schedule: BinSchedule }> {
  const plan = await standingPlan(ledger, context, summaryFile);
  const schedule = await ledger.readSchedule();
  if (schedule === undefined) {
    throw new DistillError(
      'DISTILL_E_USAGE',
      `${ledger.folder} holds no schedule: give it by --schedule, or run the job by \`kubectl-distill run --local\`.`,
    );
  }
  return { plan, schedule };
}

/** `train`: trains the blocks of one bin. */
export async function train(call: Invocation): Promise<void> {
  if (call.bin === undefined) throw new DistillError('DISTILL_E_USAGE', '`train` needs --bin.');
  const { bin } = call;
  const who = `worker of bin ${bin}`;
  const keepRunning = exitOnStopRequest(who);
  const job = await readJob(call.job);
  const { spec } = job;
  const folder = join(call.volume, spec.outputs.path);
  const monitor = await startMonitor({ role: 'worker', bin, folder, listen: call.listen, log });
  const stop: { signal?: StopSignal } = {};
  const patience = { log: remark, alive: monitor.alive, stopped: () => stop.signal?.requested() === true };
  const ledger = await openLedger({ folder, writer: `bin-${bin}`, log, patience });
  await adoptSchedule(ledger, call.schedule);
  const { cpuThreads } = spec.training;
  const context = await openContext(call, job, { cpuThreads, monitor, ...(await plannedData(ledger, spec)) });
  const { backend, signature, teacher, dataset } = context;
  const { plan, schedule } = await readPlans(ledger, context, call);
  const claims = await openClaims({ folder, bin, layer: ledger.files });
  const { preprocessing } = spec.teacher;
  const loader = openLoader({
    dataset,
    preprocessing,
    threads: spec.dataset.loaderThreads,
    onBatch: monitor.batch,
  });
  monitor.send({ type: 'Holder', holder: claims.holder });
  const progress = reportProgress(
    {
      bin,
      pid: process.pid,
      state: 'Starting',
      blocks: [],
      epoch: 0,
      step: 0,
      steps: plan.stepsPerEpoch,
      losses: {},
      imagesPerSecond: 0,
      updatedAt: Date.now(),
    },
    monitor,
  );
  const { tf } = backend;
  const cuts = new Map<string, TeacherCut>();
  // From here on, a signal to stop lets the current step finish.
  keepRunning();
  const stopRequest = stopSignal(who);
  stop.signal = stopRequest;
  try {
    await runBin({
      tf,
      bin,
      spec,
      plan,
      schedule,
      signature,
      cut: (layers) => {
        const key = layers.join('\n');
        const cut = cuts.get(key) ?? teacherCut(tf, teacher, layers);
        cuts.set(key, cut);
        return cut;
      },
      layerWeights: (layer) => kernelAndBias(teacher, layer),
      loader,
      imageShape: loader.imageShape,
      probeImages: await probeImages(tf, loader, dataset),
      ledger,
      claims,
      progress,
      monitor,
      log,
      stopped: stopRequest.requested,
    });
    progress.update({ state: stopRequest.requested() ? 'Failed' : 'Done', blocks: [], losses: {}, imagesPerSecond: 0 });
  } catch (error) {
    progress.update({ state: 'Failed', error: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    await loader.close();
    await monitor.close();
  }
  stopRequest.throwIfRequested();
  log(`nothing is left for bin ${bin}`);
  const digest = digestOf(await readEverything(ledger));
  if (digest !== undefined) await writeTermination({ type: 'NothingLeft', ...digest });
}
