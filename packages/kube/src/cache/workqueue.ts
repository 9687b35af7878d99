import { type Clock, MAX_DELAY_MS, systemClock } from '../clock.ts';
import { type Rate, TokenBucket } from '../client/rate-limit.ts';

export interface WorkQueueOptions {
  /** Waiting time of `retry` after the first failure of an item; doubles with each. client-go's 5 ms. */
  readonly firstRetryMs?: number;
  /** Above which it no longer doubles. */
  readonly maxRetryMs?: number;
  /** Of all rate-limited items together. */
  readonly rate?: Rate;
  /** Number of items that wait to be got, after each change. */
  readonly onDepth?: (depth: number) => void;
  /** How long an item waited from when it was due until it was got. */
  readonly onLatency?: (seconds: number) => void;
  readonly clock?: Clock;
}

/**
 * Keys to be worked on, with client-go's promises: a key waits at most once, is never worked on twice at the same time, and when it is
 * added while it is worked on it comes again after `done`. Order is that of becoming due.
 */
export class WorkQueue {
  readonly #firstRetryMs: number;
  readonly #maxRetryMs: number;
  readonly #onDepth: (depth: number) => void;
  readonly #onLatency: (seconds: number) => void;
  readonly #clock: Clock;
  readonly #bucket: TokenBucket;
  /** Keys to be got, in order, with the moment they became due. */
  readonly #ready = new Map<string, number>();
  readonly #processing = new Set<string>();
  /** Added while being processed, with the moment. */
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

  /** Number of keys that wait to be got; neither delayed ones nor those being processed. */
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

  /** Adds the key after so many milliseconds; of two delays of one key the shorter holds. */
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
   * Counts a failure of the key, and adds it after `waitMs`, or without one after the waiting time of its failures in a row or that of
   * the whole queue's rate, whichever is longer.
   * @returns the failures in a row, this one included
   */
  retry(key: string, waitMs = 0): number {
    const before = this.#failures.get(key) ?? 0;
    this.#failures.set(key, before + 1);
    const itemMs = Math.min(this.#maxRetryMs, this.#firstRetryMs * 2 ** before);
    this.addAfter(key, waitMs > 0 ? waitMs : Math.max(itemMs, this.#bucket.reserve()));
    return before + 1;
  }

  /** The key has succeeded: its next failure waits shortly again. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** The next key, as soon as there is one; undefined when the queue is shut down and empty. To be followed by `done`. */
  get(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#getters.push(resolve);
      this.#serve();
    });
  }

  /** The key got is no longer worked on. */
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
   * Takes nothing more in and gives nothing more out; what waits is dropped, for the next leader finds it by itself. Resolves when
   * nothing is worked on any more.
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
