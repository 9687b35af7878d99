import { DistillError, describeError, internalError } from '@distillation/api/errors';
import type { PlannerProgress } from '@distillation/api/progress';
import { serve } from '@distillation/runtime/http';
import { errorTermination, writeTerminationMessage } from '../process/termination.ts';
import { startGpuSampler } from '../profile/gpu.ts';
import { openPackageMeters } from '../profile/rapl.ts';
import type { Ledger } from '@distillation/ledger/ledger';
import { createMetrics } from './metrics.ts';
import { progressReader } from './progress-reader.ts';
import type { MonitorMessage, Setup } from './protocol.ts';
import type { Watchdog } from './watchdog.ts';
import { routes } from './routes.ts';

/** How often to check whether the main thread hangs, in milliseconds. */
const CHECK_MS = 5000;

/** Answers HTTP, samples GPUs, and reports when the main thread hangs. */
interface Serving {
  readonly port: number;
  onMessage(message: MonitorMessage): void;
  close(): Promise<void>;
}

interface ServingOptions {
  readonly setup: Setup;
  readonly watchdog: Watchdog;
  readonly ledger: Ledger;
  readonly log: (line: string) => void;
}

/** @throws DISTILL_E_USAGE when the address cannot be listened on. */
export async function startServing({ setup, watchdog, ledger, log }: ServingOptions): Promise<Serving> {
  if (setup.listen === undefined) throw internalError('There is no address to serve on.');
  const metrics = createMetrics({ ...setup, packages: await openPackageMeters() });
  const verdict = (): ReturnType<Watchdog['verdict']> => watchdog.verdict(performance.now());
  let awaits: string | undefined;
  const plannerProgress = (): Promise<PlannerProgress> =>
    Promise.resolve({ version: 1, role: 'planner', ...(awaits !== undefined && { awaits }), at: Date.now() });
  const progress = setup.role === 'planner' ? plannerProgress : progressReader(ledger, setup.role);
  const server = await serve(setup.listen, routes({ progress, metrics: () => metrics.text(), health: verdict }));
  const gpuJoules = new Float64Array(setup.gpuJoules);
  const gpus = startGpuSampler({
    onSample: (sample) => {
      metrics.sample(sample);
      gpuJoules[0] = sample.joules ?? Number.NaN;
    },
  });
  let reported = false;
  const check = (): void => {
    void metrics.readPackages();
    const { alive, silentMs } = verdict();
    if (!alive && !reported) {
      const message = `Nothing was done for ${Math.round(silentMs / 1000)} s: the ${setup.role} hangs.`;
      const error = new DistillError('DISTILL_E_HUNG', message);
      for (const line of describeError(error).split('\n')) log(line);
      // A hanging main thread cannot report it, and whoever ends the pod does not know the reason.
      writeTerminationMessage(JSON.stringify(errorTermination(error)));
    }
    reported = !alive;
  };
  const watch = setInterval(check, Math.min(CHECK_MS, setup.limits.runningMs / 4));
  return {
    port: server.port,
    onMessage: (message) => {
      if (message.type === 'Awaits') awaits = message.what;
      metrics.onMessage(message);
    },
    async close() {
      clearInterval(watch);
      gpus.stop();
      await server.close();
    },
  };
}
