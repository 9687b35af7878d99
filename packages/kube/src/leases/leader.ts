import { ApiError } from '../client/api-error.ts';
import type { KubeClient } from '../client/client.ts';
import { type Clock, sleep, systemClock } from '../clock.ts';
import { LeaseView, heldBy } from './lease.ts';
import { microTime } from '../time.ts';
import { type Random, systemRandom } from '../client/random.ts';
import { LEASES, type WireLease } from '../client/resources.ts';

export interface ElectionOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  /** Of the Lease. */
  readonly name: string;
  /** Of this process and no other, such as pod name and a random part: one restarted must not take itself for its predecessor. */
  readonly identity: string;
  /** How long others wait for a holder that is silent. */
  readonly leaseDurationMs?: number;
  /** How long the holder goes on without a successful renewal; less than `leaseDurationMs`, so that it has stopped when another begins. */
  readonly renewDeadlineMs?: number;
  readonly retryPeriodMs?: number;
  /** Once, the moment leadership is lost: whoever acts as leader has to stop at once. Not after `stop`. */
  readonly onLost: (why: string) => void;
  readonly onError?: (error: unknown) => void;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** Election by a Lease, with client-go's rules (`LeaseView`). Each renewal is a PUT that fails if anyone else has written. */
export class LeaderElector {
  readonly #options: ElectionOptions;
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #leaseDurationMs: number;
  readonly #renewDeadlineMs: number;
  readonly #retryPeriodMs: number;
  readonly #stop = new AbortController();
  readonly #view: LeaseView;
  /** Time of sending of the last renewal that succeeded; undefined when this process does not lead. */
  #renewedAt: number | undefined;
  #lost = false;
  #cancelDeadline: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ElectionOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? systemRandom;
    this.#view = new LeaseView(this.#clock);
    this.#leaseDurationMs = options.leaseDurationMs ?? 15_000;
    this.#renewDeadlineMs = options.renewDeadlineMs ?? 10_000;
    this.#retryPeriodMs = options.retryPeriodMs ?? 2_000;
    // Two attempts fit into the deadline even when the first one hangs.
    this.#client = options.client.withTimeout(this.#renewDeadlineMs / 2);
  }

  /** Whether this process leads now, by the clock and not by whether a timer has fired. */
  get isLeader(): boolean {
    return this.#renewedAt !== undefined && this.#clock.now() - this.#renewedAt < this.#renewDeadlineMs;
  }

  /** Who held the Lease when it was last seen; undefined when nobody did. */
  get holder(): string | undefined {
    return this.#view.holder;
  }

  /** Resolves with true once this process leads, and renews from then on; with false when stopped before. To be called once. */
  lead(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#running = this.#campaign(resolve);
    });
  }

  /**
   * Ends the campaign and gives the Lease back, so that another may lead at its next look: to be called when all that only a leader may do
   * has ended. Never rejects; without an answer it takes as long as the renew deadline.
   */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#cancelDeadline();
    const { lease } = this.#view;
    if (!this.isLeader || lease === undefined) return;
    this.#renewedAt = undefined;
    try {
      const released = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime() };
      this.#view.take(await this.#client.update(LEASES, { ...lease, spec: released }));
    } catch (error) {
      this.#options.onError?.(error);
    }
  }

  async #campaign(elected: (won: boolean) => void): Promise<void> {
    const over = (): boolean => this.#lost || this.#stop.signal.aborted;
    while (!over()) {
      const wasLeader = this.#renewedAt !== undefined;
      try {
        const held = await this.#acquireOrRenew(wasLeader);
        if (held && !over()) elected(true);
        if (!held && wasLeader) this.#lose(`${this.holder ?? 'nobody'} holds the lease`);
      } catch (error) {
        // Who was quicker to make or to renew it leads: that is how an election ends for the others.
        if (wasLeader || !(error instanceof ApiError && error.isConflict)) this.#options.onError?.(error);
      }
      if (!over()) await sleep(this.#retryPeriodMs * (1 + this.#random() / 5), this.#stop.signal, this.#clock);
    }
    elected(false);
  }

  /** Whether this process holds the Lease after it. Rejects when that could not be settled. */
  async #acquireOrRenew(leading: boolean): Promise<boolean> {
    const { namespace, name, identity } = this.#options;
    if (leading && this.#view.lease !== undefined) {
      try {
        return await this.#write(this.#view.lease);
      } catch (error) {
        // Somebody has written or deleted it, or an answer to this process was lost: look.
        if (!(error instanceof ApiError) || !(error.isConflict || error.isNotFound)) throw error;
      }
    }
    const lease = await this.#client.find(LEASES, { namespace, name });
    if (lease !== undefined) {
      this.#view.take(lease);
      if (this.#view.holder !== identity && !this.#view.isFree(this.#leaseDurationMs)) return false;
    }
    return this.#write(lease);
  }

  /** Writes this process as holder; a conflict with another's write rejects. */
  async #write(lease: WireLease | undefined): Promise<true> {
    const { namespace, name, identity } = this.#options;
    const sentAt = this.#clock.now();
    const spec = heldBy(lease?.spec, { identity, durationMs: this.#leaseDurationMs });
    const written =
      lease === undefined
        ? await this.#client.create(LEASES, { metadata: { namespace, name }, spec })
        : await this.#client.update(LEASES, { ...lease, spec });
    this.#view.take(written);
    this.#renew(sentAt);
    return true;
  }

  #renew(sentAt: number): void {
    // The deadline may have passed while the answer was under way: then it is over, whatever it says.
    if (this.#lost) return;
    this.#cancelDeadline();
    this.#renewedAt = sentAt;
    this.#cancelDeadline = this.#clock.after(sentAt + this.#renewDeadlineMs - this.#clock.now(), () => {
      this.#lose(`not renewed for ${this.#renewDeadlineMs} ms`);
    });
  }

  #lose(why: string): void {
    this.#cancelDeadline();
    this.#renewedAt = undefined;
    if (this.#lost) return;
    this.#lost = true;
    if (!this.#stop.signal.aborted) this.#options.onLost(why);
  }
}
