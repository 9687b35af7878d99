import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { DistillError, describeError } from '@distillation/api/errors';
import type { WorkerProgress } from '@distillation/api/ledger';
import { serve } from '@distillation/operator/serve/http';
import { errorWords, writeLast } from '../commands/last-words.ts';
import { startGpuSampler } from '../profile/gpu.ts';
import { openPackageMeters } from '../profile/rapl.ts';
import { Ledger } from '../volume/ledger.ts';
import { createMetrics } from './metrics.ts';
import { progressReader } from './progress-reader.ts';
import type { News, Reply, Setup } from './protocol.ts';
import { Pulse } from './pulse.ts';
import { routes } from './routes.ts';

/** The serving thread: answers HTTP, samples GPUs, and says when the main thread hangs. */

/** How often it is looked whether the main thread hangs. */
const LOOK_MS = 5000;

const setup = workerData as Setup;

/** Straight to the file: a thread's own streams pass through the main thread, which may hang. */
function log(line: string): void {
  writeSync(2, `${new Date().toISOString()} ${line}\n`);
}

function reply(message: Reply): void {
  parentPort?.postMessage(message);
}

const pulse = new Pulse(performance.now(), setup.limits);
const ledger = new Ledger({ folder: setup.folder, writer: 'serve', log });
const metrics = createMetrics({ ...setup, packages: await openPackageMeters() });
const gpuJoules = new Float64Array(setup.gpuJoules);
const gpus = startGpuSampler({
  onSample: (sample) => {
    metrics.sample(sample);
    gpuJoules[0] = sample.joules ?? Number.NaN;
  },
});

let told = false;
/** Of this pod's worker. */
let training: WorkerProgress | undefined;
const watch = setInterval(
  () => {
    void metrics.readPackages();
    const { alive, silentMs } = pulse.verdict(performance.now());
    if (!alive && !told) {
      const message = `Nothing was done for ${Math.round(silentMs / 1000)} s: the ${setup.role} hangs.`;
      const error = new DistillError('DISTILL_E_HUNG', message);
      log(describeError(error));
      // The main thread cannot say it, and whoever ends the pod does not know.
      writeLast(JSON.stringify(errorWords(error)));
    }
    told = !alive;
  },
  Math.min(LOOK_MS, setup.limits.runningMs / 4),
);

const server = await serve(
  setup,
  routes({
    progress: progressReader(ledger, setup.role, () => training),
    metrics: () => metrics.text(),
    health: () => pulse.verdict(performance.now()),
  }),
).catch((error: unknown) => {
  reply({ type: 'Failed', message: error instanceof Error ? error.message : String(error) });
  return undefined;
});
if (server !== undefined) reply({ type: 'Listening', port: server.port });

parentPort?.on('message', (news: News) => {
  if (news.type === 'Close' || server === undefined) {
    clearInterval(watch);
    gpus.stop();
    void server?.close();
    parentPort?.close();
    return;
  }
  const now = performance.now();
  if (news.type === 'Signs') pulse.sign(now, news.batches);
  if (news.type === 'Training') training = news.progress;
  metrics.take(news);
});
