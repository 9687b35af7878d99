import { type Clock } from '../clock.ts';
import { microTime } from '../time.ts';
import type { WireLease } from '../client/resources.ts';

/**
 * An observer's view of a Lease, with client-go's rules: a holder is considered dead when its Lease has not changed for the lease
 * duration by the observer's own monotonic clock. The clocks of two machines are never compared.
 */
export class LeaseView {
  readonly #clock: Clock;
  #lease: WireLease | undefined;
  /** When the current version of the Lease was first observed. */
  #observed = { version: '', at: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The Lease as last read or written. */
  get lease(): WireLease | undefined {
    return this.#lease;
  }

  /** Its holder; undefined if nobody holds it. */
  get holder(): string | undefined {
    const identity = this.#lease?.spec?.holderIdentity;
    return identity === '' ? undefined : identity;
  }

  take(lease: WireLease | undefined): void {
    this.#lease = lease;
    const version = lease?.metadata?.resourceVersion ?? '';
    if (version !== this.#observed.version) this.#observed = { version, at: this.#clock.now() };
  }

  /** Whether nobody holds it, or its holder has not renewed it within the Lease's duration (or `defaultMs`). */
  isFree(defaultMs: number): boolean {
    if (this.holder === undefined) return true;
    const seconds = this.#lease?.spec?.leaseDurationSeconds;
    return this.#clock.now() - this.#observed.at >= (seconds === undefined ? defaultMs : seconds * 1000);
  }
}

/** The spec of a Lease that `identity` acquires or renews. */
export function heldBy(
  old: WireLease['spec'],
  { identity, durationMs }: { readonly identity: string; readonly durationMs: number },
): NonNullable<WireLease['spec']> {
  const now = microTime();
  const mine = old?.holderIdentity === identity;
  const transitions = old?.leaseTransitions ?? 0;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: Math.ceil(durationMs / 1000),
    acquireTime: mine ? (old.acquireTime ?? now) : now,
    renewTime: now,
    leaseTransitions: old === undefined ? 0 : mine ? transitions : transitions + 1,
  };
}
