import { join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import type { BinSchedule, Plan } from '@distillation/api/plan';
import { trainingRecipe } from '@distillation/api/recipe';
import { openLoader } from '../data/loader.ts';
import { startMonitor } from '../serve/monitor.ts';
import { teacherCut, type TeacherCut } from '../teacher/cut.ts';
import { runBin } from '../training/bin-worker.ts';
import { reportProgress } from '../training/progress.ts';
import { openClaims } from '../volume/claims.ts';
import { digestOf } from '../volume/digest.ts';
import { type Ledger, openLedger } from '../volume/ledger.ts';
import { readEverything } from '../volume/view.ts';
import { type JobContext, openContext, plannedData, readJob } from './context.ts';
import type { Invocation } from './invocation.ts';
import { sayLast } from './last-words.ts';
import { log } from './log.ts';
import { probeImages } from './probe-images.ts';
import { adoptSchedule } from './schedule-file.ts';
import { endWhenTold, stopSignal } from './stop.ts';

/** The plan and the schedule of this very job. @throws DISTILL_E_VOLUME_OTHER_JOB, DISTILL_E_USAGE when there is no plan yet. */
async function readPlans(
  ledger: Ledger,
  { spec, teacher, dataset }: JobContext,
): Promise<{ plan: Plan; schedule: BinSchedule }> {
  const [plan, schedule] = [await ledger.readPlan(), await ledger.readSchedule()];
  if (plan === undefined || schedule === undefined) {
    throw new DistillError('DISTILL_E_USAGE', `${ledger.folder} holds no plan and schedule yet: run \`plan\` first.`);
  }
  const recipe = trainingRecipe(spec, { teacherSha256: teacher.sha256, datasetSha256: dataset.summary.sha256 });
  if (plan.recipe !== recipe) {
    throw new DistillError(
      'DISTILL_E_VOLUME_OTHER_JOB',
      `${ledger.folder} was planned for recipe ${plan.recipe}, and this job's is ${recipe}.`,
      { subject: ledger.folder },
    );
  }
  return { plan, schedule };
}

/** `train`: the blocks of one bin. */
export async function train(call: Invocation): Promise<void> {
  if (call.bin === undefined) throw new DistillError('DISTILL_E_USAGE', '`train` needs --bin.');
  const { bin } = call;
  const who = `worker of bin ${bin}`;
  const goOn = endWhenTold(who);
  const job = await readJob(call.job);
  const { spec } = job;
  const folder = join(call.volume, spec.outputs.path);
  const monitor = await startMonitor({ role: 'worker', bin, folder, listen: call.listen, log });
  const ledger = await openLedger({ folder, writer: `bin-${bin}`, log });
  await adoptSchedule(ledger, call.schedule);
  const { cpuThreads } = spec.training;
  const context = await openContext(call, job, { cpuThreads, monitor, ...(await plannedData(ledger, spec)) });
  const { backend, signature, teacher, dataset } = context;
  const { plan, schedule } = await readPlans(ledger, context);
  const claims = await openClaims({ folder, bin });
  const { preprocessing } = spec.teacher;
  const loader = openLoader({
    dataset,
    preprocessing,
    threads: spec.dataset.loaderThreads,
    onBatch: monitor.batch,
  });
  monitor.tell({ type: 'Holder', holder: claims.holder });
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
  // From here on what is under way is brought to the end of its step.
  goOn();
  const stop = stopSignal(who);
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
      loader,
      imageShape: loader.imageShape,
      probeImages: await probeImages(tf, loader, dataset),
      ledger,
      claims,
      progress,
      monitor,
      log,
      stopped: stop.asked,
    });
    progress.update({ state: stop.asked() ? 'Failed' : 'Done', blocks: [], losses: {}, imagesPerSecond: 0 });
  } catch (error) {
    progress.update({ state: 'Failed', error: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    await loader.close();
    await monitor.close();
  }
  stop.throwIfAsked();
  log(`nothing is left for bin ${bin}`);
  const digest = digestOf(await readEverything(ledger));
  if (digest !== undefined) await sayLast({ type: 'NothingLeft', ...digest });
}
