import { Worker } from 'node:worker_threads';
import { type Address, addressText } from '@distillation/runtime/address';
import { DistillError, internalError } from '@distillation/api/errors';
import { endWith } from '../process/termination.ts';
import manifest from '../../package.json' with { type: 'json' };
import type { Role } from '@distillation/api/words';
import type { MonitorMessage, Reply, Setup } from './protocol.ts';
import { WATCHDOG_LIMITS, type WatchdogLimits } from './watchdog.ts';

/** What a subcommand reports about itself while it works. */
export interface Monitor {
  /** Tells the watchdog that the process is not hanging; call it after each turn of a wait or computation. Cheap. */
  readonly alive: () => void;
  /** A batch with this many images was begun, and the previous one is finished. */
  readonly batch: (images: number) => void;
  /** Milliseconds since the last of these calls. */
  readonly silentMs: () => number;
  readonly send: (message: Exclude<MonitorMessage, { readonly type: 'Heartbeat' | 'Close' }>) => void;
  /** Joules used by the pod's GPUs since the start; undefined where that is not measured. */
  readonly gpuJoules: () => number | undefined;
  /** Writes the last reported progress and stops. */
  readonly close: () => Promise<void>;
}

interface MonitorOptions {
  readonly role: Role;
  /** Only of a worker. */
  readonly bin?: number;
  /** The job's folder on the volume. */
  readonly folder: string;
  /** When absent, as in local mode, nothing is served and no GPU is sampled. */
  readonly listen: Address | undefined;
  readonly log: (line: string) => void;
  /** How long silence may last before it counts as a hang; set by tests. */
  readonly limits?: WatchdogLimits;
}

/** How often heartbeats are sent to the monitoring thread, in milliseconds. */
const HEARTBEAT_MS = 250;

/**
 * Starts to write progress and heartbeats and, if the call says so, to serve `/progress`, `/metrics` and `/healthz`, on a thread of
 * its own: native steps block the main thread for seconds, and loading a teacher blocks it for longer. A planner that serves
 * nothing needs no thread.
 * @throws DISTILL_E_USAGE when the address cannot be listened on.
 */
export async function startMonitor(options: MonitorOptions): Promise<Monitor> {
  const { role, bin, folder, listen, log, limits = WATCHDOG_LIMITS } = options;
  if (listen === undefined && role === 'planner') return monitorOf(undefined);
  const gpuJoules = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  new Float64Array(gpuJoules)[0] = Number.NaN;
  const setup: Setup = {
    role,
    folder,
    version: manifest.version,
    limits,
    gpuJoules,
    ...(bin !== undefined && { bin }),
    ...(listen !== undefined && { listen }),
  };
  const thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData: setup, name: 'monitor' });
  const ended = new Promise<void>((resolve) => {
    thread.once('exit', () => {
      resolve();
    });
  });
  const port = await ready(thread);
  // Without this thread nobody would renew the claims, and other workers would take the blocks that are being trained here.
  thread.on('error', (error) => {
    const why = `The monitoring thread ended: ${error.message}`;
    void endWith(internalError(why, { cause: error }));
  });
  thread.unref();
  if (listen !== undefined && port !== undefined) {
    log(`serves progress, metrics and health on http://${addressText({ host: listen.host, port })}`);
  }
  return monitorOf({ thread, ended, gpuJoules: new Float64Array(gpuJoules) });
}

/** The port that the thread listens on, if any. */
function ready(thread: Worker): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    thread.once('message', (reply: Reply) => {
      thread.removeAllListeners('error');
      if (reply.type === 'Ready') {
        resolve(reply.port);
        return;
      }
      void thread.terminate();
      reject(new DistillError('DISTILL_E_USAGE', reply.message, { subject: '--listen' }));
    });
    thread.once('error', (cause) => {
      reject(internalError(`The monitoring thread did not start: ${cause.message}`, { cause }));
    });
  });
}

interface Monitoring {
  readonly thread: Worker;
  readonly ended: Promise<void>;
  readonly gpuJoules: Float64Array;
}

function monitorOf(monitoring: Monitoring | undefined): Monitor {
  const post = (news: MonitorMessage): void => {
    monitoring?.thread.postMessage(news);
  };
  let [batches, images] = [0, 0];
  let last = performance.now();
  let sent = -Infinity;
  let waiting: NodeJS.Timeout | undefined;
  const sendHeartbeat = (): void => {
    clearTimeout(waiting);
    waiting = undefined;
    sent = performance.now();
    post({ type: 'Heartbeat', batches, images });
  };
  const alive = (): void => {
    last = performance.now();
    if (monitoring === undefined) return;
    if (last - sent >= HEARTBEAT_MS) sendHeartbeat();
    // The last of many messages must be sent too.
    else waiting ??= setTimeout(sendHeartbeat, HEARTBEAT_MS).unref();
  };
  return {
    alive,
    batch(count) {
      batches += 1;
      images += count;
      alive();
    },
    silentMs: () => performance.now() - last,
    send: post,
    gpuJoules() {
      const joules = monitoring?.gpuJoules[0];
      return joules === undefined || Number.isNaN(joules) ? undefined : joules;
    },
    async close() {
      if (monitoring === undefined) return;
      sendHeartbeat();
      const { thread, ended } = monitoring;
      post({ type: 'Close' });
      thread.ref();
      await ended;
    },
  };
}
