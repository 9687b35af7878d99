import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { logLine } from '../process/log.ts';
import { livesOn } from '@distillation/ledger/claims';
import { Ledger } from '@distillation/ledger/ledger';
import type { MonitorMessage, Reply, Setup } from './protocol.ts';
import { Watchdog } from './watchdog.ts';
import { startProgressWriter } from './progress-writer.ts';

/** The monitoring thread: writes progress and heartbeats and, if an address is given, answers HTTP. */

const setup = workerData as Setup;

/** Written directly to the file descriptor: a thread's own streams pass through the main thread, which may hang. */
function log(line: string): void {
  writeSync(2, logLine(line));
}

function reply(message: Reply): void {
  parentPort?.postMessage(message);
}

const watchdog = new Watchdog(performance.now(), setup.limits);
const writer = setup.bin === undefined ? setup.role : `bin-${setup.bin}`;
const ledger = new Ledger({ folder: setup.folder, writer, log });
const progressWriter = startProgressWriter({
  ledger,
  silentMs: () => watchdog.verdict(performance.now()).silentMs,
  log,
});
// Loaded only when needed: in local mode nothing is served.
const { startServing } = setup.listen === undefined ? { startServing: undefined } : await import('./serving.ts');
const serving = await startServing?.({ setup, watchdog, ledger, log }).catch((error: unknown) => {
  reply({ type: 'Failed', message: error instanceof Error ? error.message : String(error) });
  return undefined;
});
if (serving !== undefined) reply({ type: 'Ready', port: serving.port });
else if (startServing === undefined) reply({ type: 'Ready' });

/** Writes the last reported progress before ending. */
async function close(): Promise<void> {
  await progressWriter.close();
  await serving?.close();
  parentPort?.close();
}

parentPort?.on('message', (message: MonitorMessage) => {
  switch (message.type) {
    case 'Close':
      void close();
      return;
    case 'Heartbeat':
      watchdog.heartbeat(performance.now(), message.batches);
      break;
    case 'Holder':
      progressWriter.renew(livesOn(message.holder, setup.folder));
      break;
    case 'Training':
      progressWriter.update({ role: 'Worker', progress: message.progress });
      break;
    case 'Finalizing':
      progressWriter.update({ role: 'Finalizer', progress: message.progress });
      break;
    case 'Backend':
    case 'Awaits':
    case 'Epoch':
    case 'Block':
  }
  serving?.onMessage(message);
});
