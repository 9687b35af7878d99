import { type Random, systemRandom } from './random.ts';

interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
  readonly random?: Random;
}

/** Exponential backoff with jitter: each delay is drawn from the upper half of its range, so that many clients do not retry at once. */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #random: Random;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
    this.#random = options.random ?? systemRandom;
  }

  nextMs(): number {
    const { firstMs, maxMs } = this.#options;
    const full = Math.min(maxMs, firstMs * 2 ** this.#failures);
    this.#failures += 1;
    return full * (0.5 + this.#random() / 2);
  }

  reset(): void {
    this.#failures = 0;
  }
}
