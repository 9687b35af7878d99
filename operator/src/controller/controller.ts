import type { Logger } from 'pino';
import { WorkQueue } from '@distillation/kube/workqueue';
import type { Metrics, ReconcileResult } from '../metrics/metrics.ts';
import { classify } from './classify.ts';
import type { Reconciler } from './reconciler.ts';

export interface ControllerOptions {
  readonly reconciler: Pick<Reconciler, 'reconcile' | 'patchStatus'>;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Keys worked on at the same time. */
  readonly concurrency: number;
  /** Every job is looked at again after so long (up to a quarter more), though nothing changed. */
  readonly resyncMs: number;
}

/** The work queue and those who work on it. A key is `namespace/name` of a DistillationJob; a job is never worked on twice at once. */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #queue: WorkQueue;
  /** Start of each reconcile under way, by key; milliseconds of the monotonic clock. */
  readonly #running = new Map<string, number>();
  #workers: Promise<unknown> | undefined;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#queue = new WorkQueue({
      onLatency: (seconds) => {
        options.metrics.queueWaitSeconds.observe(seconds);
      },
    });
  }

  /** Something about the job changed, or may have. */
  add(key: string): void {
    this.#options.metrics.queueAdds.inc();
    this.#queue.add(key);
  }

  get depth(): number {
    return this.#queue.depth;
  }

  /** Start of each reconcile that runs. */
  get runningSince(): readonly number[] {
    return [...this.#running.values()];
  }

  get isWorking(): boolean {
    return this.#workers !== undefined && !this.#queue.isShutDown;
  }

  /** Begins to work; what was added before waits until then. */
  start(): void {
    this.#workers ??= Promise.all(Array.from({ length: this.#options.concurrency }, () => this.#work()));
  }

  /** Takes nothing more in; resolves when the reconciles under way are over. */
  async stop(): Promise<void> {
    await this.#queue.shutDown();
    await this.#workers;
  }

  async #work(): Promise<void> {
    for (;;) {
      const key = await this.#queue.get();
      if (key === undefined) return;
      this.#running.set(key, performance.now());
      try {
        await this.#handle(key);
      } finally {
        this.#running.delete(key);
        this.#queue.done(key);
      }
    }
  }

  async #handle(key: string): Promise<void> {
    const { reconciler, metrics, log, resyncMs } = this.#options;
    const end = metrics.reconcileSeconds.startTimer();
    let result: ReconcileResult = 'error';
    try {
      const outcome = await reconciler.reconcile(key);
      result = outcome.result;
      this.#queue.forget(key);
      if (result !== 'gone' && result !== 'not_served')
        this.#queue.addAfter(key, Math.min(outcome.requeueAfterMs ?? Infinity, spread(key, resyncMs)));
    } catch (error) {
      await this.#failed(key, error);
    } finally {
      const seconds = end();
      metrics.reconciles.inc({ result });
      log.debug({ job: key, result, seconds }, 'reconciled');
    }
  }

  async #failed(key: string, error: unknown): Promise<void> {
    const { reconciler, metrics, log } = this.#options;
    const { cause, harmless, problem, reportAfter, waitMs } = classify(error);
    const failures = this.#queue.retry(key, waitMs);
    metrics.reconcileErrors.inc({ cause });
    metrics.queueRetries.inc();
    log[harmless ? 'debug' : 'warn']({ job: key, cause, failures, err: error }, 'reconcile failed, tried again');
    if (!harmless && failures >= reportAfter) {
      await reconciler.patchStatus(key, problem).catch((thrown: unknown) => {
        log.warn({ job: key, err: thrown }, 'the failure could not be put into the status either');
      });
    }
  }
}

/** Between once and 1.25 times the period, ever the same for a key: jobs do not all come up at once. */
function spread(key: string, periodMs: number): number {
  let hash = 0;
  for (const character of key) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1024;
  return periodMs * (1 + hash / 4096);
}
