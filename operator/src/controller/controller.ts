import type { Logger } from 'pino';
import { WorkQueue } from '@distillation/kube/workqueue';
import type { Metrics, ReconcileResult } from '../metrics/metrics.ts';
import { classify } from './classify.ts';
import type { Reconciler } from './reconciler.ts';

interface ControllerOptions {
  readonly reconciler: Pick<Reconciler, 'reconcile' | 'patchStatus'>;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Number of keys that are reconciled at the same time. */
  readonly concurrency: number;
  /** Resync period: every job is reconciled again after this time (plus up to a quarter), even if nothing changed. */
  readonly resyncMs: number;
}

/** The work queue and its workers. A key is the `namespace/name` of a DistillationJob; no two workers ever hold the same key. */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #queue: WorkQueue;
  /** Start of each running reconcile, by key, in milliseconds of the monotonic clock. */
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

  /** Enqueues a job that has changed, or may have. */
  add(key: string): void {
    this.#options.metrics.queueAdds.inc();
    this.#queue.add(key);
  }

  get depth(): number {
    return this.#queue.depth;
  }

  /** Start of each running reconcile, in milliseconds of the monotonic clock. */
  get runningSince(): readonly number[] {
    return [...this.#running.values()];
  }

  get isWorking(): boolean {
    return this.#workers !== undefined && !this.#queue.isShutDown;
  }

  /** Starts the workers; keys that were added earlier wait in the queue until then. */
  start(): void {
    this.#workers ??= Promise.all(Array.from({ length: this.#options.concurrency }, () => this.#work()));
  }

  /** Shuts the queue down; resolves when the running reconciles have finished. */
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
    log[harmless ? 'debug' : 'warn']({ job: key, cause, failures, err: error }, 'reconcile failed, retrying');
    if (!harmless && failures >= reportAfter) {
      await reconciler.patchStatus(key, problem).catch((thrown: unknown) => {
        log.warn({ job: key, err: thrown }, 'could not record the failure in the status');
      });
    }
  }
}

/** Between 1 and 1.25 times the period, always the same for one key, so that jobs are not all resynced at the same moment. */
function spread(key: string, periodMs: number): number {
  let hash = 0;
  for (const character of key) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1024;
  return periodMs * (1 + hash / 4096);
}
