import type { Clock } from '../clock.ts';

/** A long-term rate, and the burst allowed after a pause. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** A token bucket whose tokens can be reserved in advance: each caller is told how long to wait. */
export class TokenBucket {
  readonly #rate: Rate;
  readonly #clock: Clock;
  /** Negative while tokens are reserved in advance. */
  #tokens: number;
  #at: number;

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
    this.#tokens = rate.burst;
    this.#at = clock.now();
  }

  /** Reserves a token and returns the milliseconds until it is available. */
  reserve(): number {
    this.#fill();
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#rate.perSecond) * 1000;
  }

  #fill(): void {
    const now = this.#clock.now();
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + ((now - this.#at) / 1000) * this.#rate.perSecond);
    this.#at = now;
  }
}
