import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { DistillError } from '@distillation/api/errors';
import type { ListenAddress } from '../commands/invocation.ts';
import type { News, Reply, Role, Setup } from './protocol.ts';
import { PULSE_LIMITS, type PulseLimits } from './pulse.ts';

/** What a subcommand tells of itself while it works. */
export interface Monitor {
  /** The process got on: to be called by whoever waits or computes, whenever a turn of it is over; cheap. */
  readonly alive: () => void;
  /** A batch of so many images was begun, and the one before is through. */
  readonly batch: (images: number) => void;
  /** Milliseconds since one of these was called. */
  readonly silentMs: () => number;
  readonly tell: (news: Exclude<News, { readonly type: 'Signs' | 'Close' }>) => void;
  /** Joules that the pod's GPUs took since the start; undefined where that is not measured. */
  readonly gpuJoules: () => number | undefined;
  /** Stops serving. */
  readonly close: () => Promise<void>;
}

export interface MonitorOptions {
  readonly role: Role;
  /** Of a worker. */
  readonly bin?: number;
  /** The job's folder on the volume. */
  readonly folder: string;
  /** Absent: nothing is served and nothing sampled, as in local mode. */
  readonly listen: ListenAddress | undefined;
  readonly log: (line: string) => void;
  /** When silence is a hang; for tests. */
  readonly limits?: PulseLimits;
}

/** How often signs of life are passed on. */
const SIGN_MS = 250;

/**
 * Begins to serve `/progress`, `/metrics` and `/healthz`, where the call says so, on a thread of its own: native steps hold the main
 * thread for seconds, loading a teacher for longer.
 * @throws DISTILL_E_USAGE when the address cannot be listened on.
 */
export async function startMonitor(options: MonitorOptions): Promise<Monitor> {
  const { role, bin, folder, listen, log, limits = PULSE_LIMITS } = options;
  if (listen === undefined) return monitorOf(undefined);
  const gpuJoules = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  new Float64Array(gpuJoules)[0] = Number.NaN;
  const setup: Setup = {
    role,
    folder,
    ...listen,
    version: ownVersion(),
    limits,
    gpuJoules,
    ...(bin !== undefined && { bin }),
  };
  const thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData: setup, name: 'serve' });
  const port = await listening(thread);
  // A monitor that dies takes no work with it: the probe of the pod will say so.
  thread.on('error', (error) => {
    log(`the serving thread ended: ${error.message}`);
  });
  thread.unref();
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  log(`serves progress, metrics and health on http://${host}:${port}`);
  return monitorOf({ thread, gpuJoules: new Float64Array(gpuJoules) });
}

/** The port that the thread listens on. */
function listening(thread: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      void thread.terminate();
      reject(new DistillError('DISTILL_E_USAGE', why, { subject: '--listen' }));
    };
    thread.once('message', (reply: Reply) => {
      thread.removeAllListeners('error');
      if (reply.type === 'Listening') resolve(reply.port);
      else fail(reply.message);
    });
    thread.once('error', (error) => {
      fail(`The serving thread did not start: ${error.message}`);
    });
  });
}

interface Serving {
  readonly thread: Worker;
  readonly gpuJoules: Float64Array;
}

function monitorOf(serving: Serving | undefined): Monitor {
  const post = (news: News): void => {
    serving?.thread.postMessage(news);
  };
  let [batches, images] = [0, 0];
  let last = performance.now();
  let sent = -Infinity;
  let waiting: NodeJS.Timeout | undefined;
  const sign = (): void => {
    clearTimeout(waiting);
    waiting = undefined;
    sent = performance.now();
    post({ type: 'Signs', batches, images });
  };
  const alive = (): void => {
    last = performance.now();
    if (serving === undefined) return;
    if (last - sent >= SIGN_MS) sign();
    // So that the last of many is passed on too.
    else waiting ??= setTimeout(sign, SIGN_MS).unref();
  };
  return {
    alive,
    batch(count) {
      batches += 1;
      images += count;
      alive();
    },
    silentMs: () => performance.now() - last,
    tell: post,
    gpuJoules() {
      const joules = serving?.gpuJoules[0];
      return joules === undefined || Number.isNaN(joules) ? undefined : joules;
    },
    async close() {
      if (serving === undefined) return;
      sign();
      const { thread } = serving;
      const closed = new Promise<void>((resolve) => {
        thread.once('exit', () => {
          resolve();
        });
      });
      post({ type: 'Close' });
      thread.ref();
      await closed;
    },
  };
}

/** Of the worker package. */
export function ownVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
