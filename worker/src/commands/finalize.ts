import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { FinalizerProgress } from '@distillation/api/ledger';
import { openLoader } from '../data/loader.ts';
import { finalize as finalizeJob } from '../finalize/finalize.ts';
import { renderReport } from '../report/page.ts';
import { openLedger } from '../volume/ledger.ts';
import { openContext, readJob } from './context.ts';
import type { Invocation } from './invocation.ts';
import { log } from './log.ts';
import { writeTermination } from './termination.ts';

const PROGRESS_MS = 1000;

/** `finalize`: from trained blocks to student and report. */
export async function finalize(call: Invocation): Promise<void> {
  const job = await readJob(call.job);
  const { spec } = job;
  const context = await openContext(call, job, spec.fineTuning.cpuThreads);
  const { backend, signature, teacher, dataset } = context;
  const ledger = await openLedger({ folder: join(call.volume, spec.outputs.path), writer: 'finalizer', log });
  const loader = openLoader({
    dataset,
    preprocessing: spec.teacher.preprocessing,
    threads: spec.dataset.loaderThreads,
  });
  let progress: Omit<FinalizerProgress, 'updatedAt'> = { stage: 'Measure', epochs: spec.fineTuning.epochs };
  // Progress that cannot be written stops nobody; the next real write will say what is wrong.
  const report = (): void => {
    void ledger.writeFinalizerProgress({ ...progress, updatedAt: Date.now() }).catch(() => undefined);
  };
  const timer = setInterval(report, PROGRESS_MS);
  try {
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
      onProgress: (now) => {
        progress = { ...now, epochs: spec.fineTuning.epochs };
      },
    });
    const { student, outcome: result } = outcome.report;
    await writeTermination({
      outcome: result,
      testAccuracy: student.testAccuracy,
      params: student.params,
      macs: student.macs,
    });
  } finally {
    clearInterval(timer);
    await turn();
    await loader.close();
  }
}
