/**
 * Whether the main thread makes progress. A timer beside the training loop would go on ticking while the loop hangs, so only what
 * the loop itself does counts: batches, steps, turns of a wait.
 */

/**
 * How long silence may last once batches go through, in milliseconds. A step, a checkpoint or an export between two
 * steps takes seconds, on the slowest storage a minute; ten times that is a hang, of a driver or of a volume.
 */
export const HUNG_AFTER_MS = 10 * 60_000;

/**
 * The same before that. Loading a teacher and listing millions of files take minutes. Where the library has no code for the GPU,
 * the driver compiles it on first use, which by TensorFlow's own warning takes half an hour or longer.
 */
export const HUNG_AT_START_AFTER_MS = 60 * 60_000;

/** How long the main thread may be silent, in milliseconds. */
export interface WatchdogLimits {
  readonly runningMs: number;
  readonly startingMs: number;
}

export const WATCHDOG_LIMITS: WatchdogLimits = { runningMs: HUNG_AFTER_MS, startingMs: HUNG_AT_START_AFTER_MS };

/**
 * Number of batches after which everything is compiled: the first is read, and the second is requested once the first has passed
 * through the network.
 */
const WARM_BATCHES = 3;

export interface Verdict {
  readonly alive: boolean;
  readonly silentMs: number;
  readonly limitMs: number;
}

/** Times are in milliseconds of one monotonic clock. */
export class Watchdog {
  readonly #limits: WatchdogLimits;
  #last: number;
  #batches = 0;

  constructor(now: number, limits = WATCHDOG_LIMITS) {
    this.#limits = limits;
    this.#last = now;
  }

  /** @param batches number of batches finished since the start */
  heartbeat(now: number, batches: number): void {
    this.#last = now;
    this.#batches = batches;
  }

  verdict(now: number): Verdict {
    const limitMs = this.#batches >= WARM_BATCHES ? this.#limits.runningMs : this.#limits.startingMs;
    const silentMs = now - this.#last;
    return { alive: silentMs < limitMs, silentMs, limitMs };
  }
}
