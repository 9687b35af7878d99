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
  /** Name of the Lease. */
  readonly name: string;
  /**
   * Unique to this process, such as pod name and a random part: a restarted process must not mistake its predecessor's lease for its own.
   */
  readonly identity: string;
  /** How long others wait for a holder that does not renew. */
  readonly leaseDurationMs?: number;
  /**
   * How long the holder leads without a successful renewal; less than `leaseDurationMs`, so that it has stopped when another one begins.
   */
  readonly renewDeadlineMs?: number;
  readonly retryPeriodMs?: number;
  /** Called once when leadership is lost, upon which all work must stop at once. Not called after `stop`. */
  readonly onLost: (why: string) => void;
  readonly onError?: (error: unknown) => void;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** Leader election by a Lease, with client-go's rules (`LeaseView`). Each renewal is a PUT that fails if anyone else has written. */
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
  /** When the last successful renewal was sent; undefined when this process does not lead. */
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
    // Two attempts fit into the deadline even if the first one hangs.
    this.#client = options.client.withTimeout(this.#renewDeadlineMs / 2);
  }

  /** Whether this process leads now, by the clock rather than by a timer, which may fire late. */
  get isLeader(): boolean {
    return this.#renewedAt !== undefined && this.#clock.now() - this.#renewedAt < this.#renewDeadlineMs;
  }

  /** Last known holder of the Lease; undefined if nobody held it. */
  get holder(): string | undefined {
    return this.#view.holder;
  }

  /** Resolves to true once this process leads, which renews from then on, and to false when stopped before. To be called once. */
  lead(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#running = this.#campaign(resolve);
    });
  }

  /**
   * Leaves the election and releases the Lease, so that another replica can lead at its next check. To be called when all work of the
   * leader has ended. Never rejects; without a response it takes as long as the renew deadline.
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
        // A conflict means that another candidate acquired or renewed the Lease first, the normal outcome for all but one.
        if (wasLeader || !(error instanceof ApiError && error.isConflict)) this.#options.onError?.(error);
      }
      if (!over()) await sleep(this.#retryPeriodMs * (1 + this.#random() / 5), this.#stop.signal, this.#clock);
    }
    elected(false);
  }

  /** Whether this process holds the Lease afterwards. Rejects if that could not be determined. */
  async #acquireOrRenew(leading: boolean): Promise<boolean> {
    const { namespace, name, identity } = this.#options;
    if (leading && this.#view.lease !== undefined) {
      try {
        return await this.#write(this.#view.lease);
      } catch (error) {
        // Another process wrote or deleted it, or a response to this process was lost: read it again.
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

  /** Writes this process as the holder; rejects on a conflict with another write. */
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
    // If the deadline passed while waiting for the response, leadership is lost whatever it says.
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
