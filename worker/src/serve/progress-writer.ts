import type { FinalizerProgress, WorkerProgress } from '@distillation/api/ledger';
import type { Claims } from '@distillation/ledger/claims';
import type { Ledger } from '@distillation/ledger/ledger';

/** How often a pod writes its progress and its heartbeat, in milliseconds; the lease of a claim is six heartbeats long. */
const PROGRESS_MS = 1000;
const HEARTBEAT_MS = 5000;

/**
 * When the main thread has been silent for this long, nothing is written on its behalf any more: a lease later its claims expire,
 * and others take its blocks. Only the first step on a new GPU can take so long between two batches; then the sole loss is work
 * done twice.
 */
const SILENT_AFTER_MS = 120_000;

/** What the main thread last reported about itself. */
type OwnProgress =
  | { readonly role: 'Worker'; readonly progress: WorkerProgress }
  | { readonly role: 'Finalizer'; readonly progress: Omit<FinalizerProgress, 'updatedAt'> };

/**
 * Writes progress and heartbeats while the main thread computes and is not hanging: native steps block it for seconds, on a busy
 * machine for longer than a lease. A write that fails is logged once and tried again.
 */
export interface ProgressWriter {
  /** Takes new progress. A change of what is being done is written at once, a change of mere figures at the next interval. */
  update(own: OwnProgress): void;
  /** Starts renewing these claims. */
  renew(claims: Pick<Claims, 'renew'>): void;
  /** Writes the last state and stops. */
  close(): Promise<void>;
}

interface ProgressWriterOptions {
  readonly ledger: Pick<Ledger, 'writeProgress' | 'writeFinalizerProgress'>;
  /** Milliseconds for which the main thread has been silent. */
  readonly silentMs: () => number;
  readonly log: (line: string) => void;
}

export function startProgressWriter({ ledger, silentMs, log }: ProgressWriterOptions): ProgressWriter {
  let own: OwnProgress | undefined;
  let claims: Pick<Claims, 'renew'> | undefined;
  let silent = false;
  const progress = repeated('progress', log, async () => {
    if (own?.role === 'Worker') await ledger.writeProgress({ ...own.progress, updatedAt: Date.now() });
    if (own?.role === 'Finalizer') await ledger.writeFinalizerProgress({ ...own.progress, updatedAt: Date.now() });
  });
  const heartbeat = repeated('heartbeat', log, async () => claims?.renew());
  /** Whether the main thread is making progress; logs each change. */
  const isProgressing = (): boolean => {
    const silence = silentMs();
    if (silent !== silence > SILENT_AFTER_MS) {
      silent = !silent;
      const what = `nothing was done for ${Math.round(silence / 1000)} s`;
      const consequence = claims === undefined ? '' : ': others may take the blocks over';
      log(silent ? `${what}${consequence}` : 'the work gets on again');
    }
    return !silent;
  };
  const every = (ms: number, act: () => Promise<void>): NodeJS.Timeout =>
    setInterval(() => {
      if (isProgressing()) void act();
    }, ms);
  const timers = [every(PROGRESS_MS, progress), every(HEARTBEAT_MS, heartbeat)];
  return {
    update(next) {
      const changed = own === undefined || activityOf(own) !== activityOf(next);
      own = next;
      if (changed) void progress();
    },
    renew(those) {
      claims = those;
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all([progress(), heartbeat.settled()]);
    },
  };
}

/** What is being done, without how far it is. */
function activityOf({ role, progress }: OwnProgress): string {
  const { epoch } = progress;
  return JSON.stringify(role === 'Worker' ? [progress.state, progress.blocks, epoch] : [progress.stage, epoch]);
}

interface Repeated {
  /** Resolves when it has been done once more, with the values of that moment. */
  (): Promise<void>;
  /** Resolves when none is running. */
  settled(): Promise<void>;
}

/** Runs one at a time with at most one waiting, so that a slow volume does not build up a queue. */
function repeated(what: string, log: (line: string) => void, act: () => Promise<unknown>): Repeated {
  let failed = false;
  let last: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  const attempt = async (): Promise<void> => {
    waiting = undefined;
    try {
      await act();
      failed = false;
    } catch (error) {
      if (!failed) log(`${what} could not be written: ${error instanceof Error ? error.message : String(error)}`);
      failed = true;
    }
  };
  const again = (): Promise<void> => {
    waiting ??= last = last.then(attempt);
    return waiting;
  };
  return Object.assign(again, { settled: () => last });
}
