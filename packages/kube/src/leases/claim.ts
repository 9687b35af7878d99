import { ApiError } from '../client/api-error.ts';
import type { KubeClient } from '../client/client.ts';
import { type Clock, sleep, systemClock } from '../clock.ts';
import { LeaseView, heldBy } from './lease.ts';
import { type Random, systemRandom } from '../client/random.ts';
import { LEASES, type WireLease } from '../client/resources.ts';

interface ClaimOptions {
  readonly client: KubeClient;
  readonly lease: { readonly namespace: string; readonly name: string };
  /** Shared by all replicas of one operator, so that a new leader takes the claim over at once. */
  readonly holder: string;
  /** Whether this replica may write the claim for its operator; other replicas only read it. */
  readonly mayHold: () => boolean;
  /** Lease duration: how long others wait for a holder that does not renew. */
  readonly durationMs: number;
  /** Renew deadline: how long the holder acts without a successful renewal; less than `durationMs`. */
  readonly deadlineMs: number;
  /** Interval between two checks. */
  readonly lookMs: number;
  readonly onChange: () => void;
  readonly onError?: (error: unknown) => void;
  readonly clock?: Clock;
  readonly random?: Random;
}

export type ClaimState =
  /** Not checked yet. */
  | { readonly type: 'Unknown' }
  /** Held by this operator, or free. */
  | { readonly type: 'Ours' }
  | { readonly type: 'Foreign'; readonly holder: string }
  /** It cannot be read or written: no permission, no such namespace. */
  | { readonly type: 'Refused'; readonly why: string };

/**
 * A claim of one operator, with any number of replicas, by a Lease, which decides which of several operators acts there. It is not released
 * at the end, so that a restarted operator still has its claim and loses it only if it stays away.
 */
export class Claim {
  readonly #options: ClaimOptions;
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #view: LeaseView;
  readonly #stop = new AbortController();
  #state: ClaimState = { type: 'Unknown' };
  /** When the last successful renewal was sent. */
  #renewedAt: number | undefined;
  #running: Promise<void> | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: ClaimOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#view = new LeaseView(this.#clock);
    this.#client = options.client.withTimeout(options.deadlineMs / 2);
  }

  get state(): ClaimState {
    return this.#state;
  }

  /** Whether this process may act for its operator now, by the clock rather than by a timer, which may fire late. */
  get isHeld(): boolean {
    const { mayHold, deadlineMs } = this.#options;
    return this.#renewedAt !== undefined && this.#clock.now() - this.#renewedAt < deadlineMs && mayHold();
  }

  /** Starts checking periodically. */
  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#looking;
  }

  /** Checks at once, for example when this replica has become the leader. Never rejects. */
  look(): Promise<void> {
    return (this.#looking = this.#looking.then(() => this.#look()));
  }

  async #run(): Promise<void> {
    const { lookMs, random = systemRandom } = this.#options;
    while (!this.#stop.signal.aborted) {
      await this.look();
      await sleep(lookMs * (1 + random() / 5), this.#stop.signal, this.#clock);
    }
  }

  async #look(): Promise<void> {
    // A function, since the compiler would otherwise narrow the property and assume that it stays false.
    const stopped = (): boolean => this.#stop.signal.aborted;
    if (stopped()) return;
    const sentAt = this.#clock.now();
    try {
      this.#become(await this.#acquire());
    } catch (error) {
      if (stopped()) return;
      // Another process wrote first; the next check shows which.
      if (error instanceof ApiError && error.isConflict) return;
      // No Lease can be created in a terminating namespace: its last holder keeps the claim and has to clean up the jobs.
      if (isTerminating(error) && this.isHeld) this.#renewedAt = sentAt;
      else if (error instanceof ApiError && (error.isForbidden || error.isNotFound)) {
        this.#become({ type: 'Refused', why: error.message });
      } else this.#options.onError?.(error);
    }
  }

  async #acquire(): Promise<ClaimState> {
    const { lease: where, holder, mayHold, durationMs } = this.#options;
    const known = this.#view.lease;
    if (this.isHeld && known !== undefined) {
      try {
        return await this.#write(known);
      } catch (error) {
        // Another process wrote or deleted it, or a response to this process was lost: read it again.
        if (!(error instanceof ApiError) || !(error.isConflict || error.isNotFound)) throw error;
      }
    }
    const lease = await this.#client.find(LEASES, where);
    this.#view.take(lease);
    const { holder: now } = this.#view;
    if (now !== undefined && now !== holder && !this.#view.isFree(durationMs)) {
      this.#renewedAt = undefined;
      return { type: 'Foreign', holder: now };
    }
    return mayHold() ? this.#write(lease) : { type: 'Ours' };
  }

  /** Writes this operator as the holder; rejects on a conflict with another write. */
  async #write(lease: WireLease | undefined): Promise<ClaimState> {
    const { lease: where, holder: identity, durationMs } = this.#options;
    const sentAt = this.#clock.now();
    const spec = heldBy(lease?.spec, { identity, durationMs });
    this.#view.take(
      lease === undefined
        ? await this.#client.create(LEASES, { metadata: { ...where }, spec })
        : await this.#client.update(LEASES, { ...lease, spec }),
    );
    this.#renewedAt = sentAt;
    return { type: 'Ours' };
  }

  /** Reports also a mere renewal. */
  #become(state: ClaimState): void {
    this.#state = state;
    this.#options.onChange();
  }
}

const isTerminating = (error: unknown): boolean =>
  error instanceof ApiError && error.causes.some(({ reason }) => reason === 'NamespaceTerminating');
