/**
 * Whether the main thread gets on. A timer beside the training loop would tick on in a process whose loop hangs, so only what the
 * loop does counts: batches, steps, waits that come round.
 */

/**
 * Silence that is too long once batches go through. A step takes seconds, and so do a checkpoint and the exports between two
 * steps, a minute on the slowest storage: ten times that is a hang, of a driver or of a volume.
 */
export const HUNG_AFTER_MS = 10 * 60_000;

/**
 * The same before. Loading a teacher and listing millions of files take minutes; and where the library has no code for the GPU, the
 * driver compiles it on first use, which by TensorFlow's own warning takes half an hour or longer.
 */
export const HUNG_AT_START_AFTER_MS = 60 * 60_000;

/** How long the main thread may be silent, milliseconds. */
export interface WatchdogLimits {
  readonly runningMs: number;
  readonly startingMs: number;
}

export const WATCHDOG_LIMITS: WatchdogLimits = { runningMs: HUNG_AFTER_MS, startingMs: HUNG_AT_START_AFTER_MS };

/** The first batch is read, the second asked for when the first has gone through the network: then all is compiled. */
const WARM_BATCHES = 3;

export interface Verdict {
  readonly alive: boolean;
  readonly silentMs: number;
  readonly limitMs: number;
}

/** Times are milliseconds of one monotonic clock. */
export class Watchdog {
  readonly #limits: WatchdogLimits;
  #last: number;
  #batches = 0;

  constructor(now: number, limits = WATCHDOG_LIMITS) {
    this.#limits = limits;
    this.#last = now;
  }

  /** @param batches that have gone through since the start */
  sign(now: number, batches: number): void {
    this.#last = now;
    this.#batches = batches;
  }

  verdict(now: number): Verdict {
    const limitMs = this.#batches >= WARM_BATCHES ? this.#limits.runningMs : this.#limits.startingMs;
    const silentMs = now - this.#last;
    return { alive: silentMs < limitMs, silentMs, limitMs };
  }
}
