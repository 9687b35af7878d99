import { type Clock, MAX_DELAY_MS, systemClock } from '../clock.ts';
import { type Rate, TokenBucket } from '../client/rate-limit.ts';

export interface WorkQueueOptions {
  /** Delay of `retry` after the first failure of an item; doubles with each further one. Default as in client-go: 5 ms. */
  readonly firstRetryMs?: number;
  /** Maximum delay. */
  readonly maxRetryMs?: number;
  /** Overall rate limit of all retried items. */
  readonly rate?: Rate;
  /** Called after each change with the number of waiting items. */
  readonly onDepth?: (depth: number) => void;
  /** Called with the time from when an item became due until it was taken. */
  readonly onLatency?: (seconds: number) => void;
  readonly clock?: Clock;
}

/**
 * A work queue with the guarantees of client-go's: a key waits at most once, is never processed twice at the same time, and when added
 * while it is being processed, it is queued again after `done`. Keys are taken in the order in which they become due.
 */
export class WorkQueue {
  readonly #firstRetryMs: number;
  readonly #maxRetryMs: number;
  readonly #onDepth: (depth: number) => void;
  readonly #onLatency: (seconds: number) => void;
  readonly #clock: Clock;
  readonly #bucket: TokenBucket;
  /** Waiting keys in order, with the time at which they became due. */
  readonly #ready = new Map<string, number>();
  readonly #processing = new Set<string>();
  /** Keys added while being processed, with the time. */
  readonly #again = new Map<string, number>();
  readonly #delayed = new Map<string, { readonly dueAt: number; readonly cancel: () => void }>();
  readonly #failures = new Map<string, number>();
  readonly #getters: ((key: string | undefined) => void)[] = [];
  readonly #drainers: (() => void)[] = [];
  #closed = false;

  constructor(options: WorkQueueOptions = {}) {
    this.#firstRetryMs = options.firstRetryMs ?? 5;
    this.#maxRetryMs = options.maxRetryMs ?? 60_000;
    this.#onDepth = options.onDepth ?? (() => undefined);
    this.#onLatency = options.onLatency ?? (() => undefined);
    this.#clock = options.clock ?? systemClock;
    this.#bucket = new TokenBucket(options.rate ?? { perSecond: 10, burst: 100 }, this.#clock);
  }

  /** Number of waiting keys, without delayed ones and those being processed. */
  get depth(): number {
    return this.#ready.size;
  }

  /** Whether `shutDown` was called. */
  get isShutDown(): boolean {
    return this.#closed;
  }

  add(key: string): void {
    if (this.#closed) return;
    const now = this.#clock.now();
    if (this.#processing.has(key)) {
      if (!this.#again.has(key)) this.#again.set(key, now);
      return;
    }
    if (this.#ready.has(key)) return;
    this.#ready.set(key, now);
    this.#onDepth(this.#ready.size);
    this.#serve();
  }

  /** Adds the key after a delay; of two delays of one key the shorter applies. */
  addAfter(key: string, delayMs: number): void {
    if (this.#closed) return;
    if (delayMs <= 0) {
      this.add(key);
      return;
    }
    const waitMs = Math.min(delayMs, MAX_DELAY_MS);
    const dueAt = this.#clock.now() + waitMs;
    const waiting = this.#delayed.get(key);
    if (waiting !== undefined) {
      if (waiting.dueAt <= dueAt) return;
      waiting.cancel();
    }
    const cancel = this.#clock.after(waitMs, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { dueAt, cancel });
  }

  /**
   * Counts a failure of the key and adds it again after `waitMs` if that is positive, else after its exponential backoff or the delay of
   * the overall rate limit, whichever is longer.
   * @returns the number of consecutive failures, including this one
   */
  retry(key: string, waitMs = 0): number {
    const before = this.#failures.get(key) ?? 0;
    this.#failures.set(key, before + 1);
    const itemMs = Math.min(this.#maxRetryMs, this.#firstRetryMs * 2 ** before);
    this.addAfter(key, waitMs > 0 ? waitMs : Math.max(itemMs, this.#bucket.reserve()));
    return before + 1;
  }

  /** Resets the backoff of a key that has succeeded. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** Resolves to the next key; undefined when the queue is shut down. To be followed by `done`. */
  get(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#getters.push(resolve);
      this.#serve();
    });
  }

  /** Marks a key as processed. */
  done(key: string): void {
    if (!this.#processing.delete(key)) return;
    const dueAt = this.#again.get(key);
    if (dueAt !== undefined) {
      this.#again.delete(key);
      this.#ready.set(key, dueAt);
      this.#onDepth(this.#ready.size);
    }
    this.#serve();
  }

  /**
   * Stops accepting and handing out keys. Waiting keys are dropped, since the next leader enqueues all jobs itself. Resolves when no key
   * is being processed any more.
   */
  shutDown(): Promise<void> {
    this.#closed = true;
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
    this.#ready.clear();
    this.#again.clear();
    this.#onDepth(0);
    const drained = new Promise<void>((resolve) => this.#drainers.push(resolve));
    this.#serve();
    return drained;
  }

  #serve(): void {
    for (const [key, dueAt] of this.#ready) {
      const getter = this.#getters.shift();
      if (getter === undefined) break;
      this.#ready.delete(key);
      this.#processing.add(key);
      this.#onDepth(this.#ready.size);
      this.#onLatency((this.#clock.now() - dueAt) / 1000);
      getter(key);
    }
    if (!this.#closed) return;
    for (const getter of this.#getters.splice(0)) getter(undefined);
    if (this.#processing.size === 0) for (const resolve of this.#drainers.splice(0)) resolve();
  }
}
