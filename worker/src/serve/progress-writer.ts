import type { FinalizerProgress, WorkerProgress } from '@distillation/api/ledger';
import type { Claims } from '@distillation/ledger/claims';
import type { Ledger } from '@distillation/ledger/ledger';

/** How often a pod writes down how far it is, and how often it shows that it lives (the lease is six times as long). */
const PROGRESS_MS = 1000;
const HEARTBEAT_MS = 5000;

/**
 * A main thread that does nothing for this long is said nothing of any more: its claims fall due a lease later, and others go on with its
 * blocks. No step between two batches takes so long but the first on a new GPU, and then nothing is lost but double work.
 */
const SILENT_AFTER_MS = 120_000;

/** What the main thread last said of itself. */
type OwnProgress =
  | { readonly role: 'Worker'; readonly progress: WorkerProgress }
  | { readonly role: 'Finalizer'; readonly progress: Omit<FinalizerProgress, 'updatedAt'> };

/**
 * Writes progress and heartbeats while the main thread computes, as long as that gets on: native steps hold the main thread for
 * seconds, on a busy machine for longer than a lease. A write that fails is said once and tried again.
 */
export interface ProgressWriter {
  /** Something new; a change of what is done is written at once, mere figures with the next turn. */
  note(own: OwnProgress): void;
  /** Begins to renew these claims. */
  renew(claims: Pick<Claims, 'renew'>): void;
  /** Writes the last state and stops. */
  close(): Promise<void>;
}

interface ProgressWriterOptions {
  readonly ledger: Pick<Ledger, 'writeProgress' | 'writeFinalizerProgress'>;
  /** For how long the main thread has done nothing. */
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
  /** Whether the main thread gets on; says so when that changes. */
  const getsOn = (): boolean => {
    const silence = silentMs();
    if (silent !== silence > SILENT_AFTER_MS) {
      silent = !silent;
      const what = `nothing was done for ${Math.round(silence / 1000)} s`;
      const stake = claims === undefined ? '' : ': others may take the blocks over';
      log(silent ? `${what}${stake}` : 'the work gets on again');
    }
    return !silent;
  };
  const every = (ms: number, act: () => Promise<void>): NodeJS.Timeout =>
    setInterval(() => {
      if (getsOn()) void act();
    }, ms);
  const timers = [every(PROGRESS_MS, progress), every(HEARTBEAT_MS, heartbeat)];
  return {
    note(next) {
      const changed = own === undefined || doing(own) !== doing(next);
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

/** What it does, without how far it is. */
function doing({ role, progress }: OwnProgress): string {
  const { epoch } = progress;
  return JSON.stringify(role === 'Worker' ? [progress.state, progress.blocks, epoch] : [progress.stage, epoch]);
}

interface Repeated {
  /** Resolves when it has been done once more, from what is known then. */
  (): Promise<void>;
  /** Resolves when none is under way. */
  settled(): Promise<void>;
}

/** One at a time, and at most one waiting: a slow volume gathers no queue. */
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
