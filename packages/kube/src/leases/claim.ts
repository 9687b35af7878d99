import { ApiError } from '../client/api-error.ts';
import type { KubeClient } from '../client/client.ts';
import { type Clock, sleep, systemClock } from '../clock.ts';
import { LeaseView, heldBy } from './lease.ts';
import { type Random, systemRandom } from '../client/random.ts';
import { LEASES, type WireLease } from '../client/resources.ts';

export interface ClaimOptions {
  readonly client: KubeClient;
  readonly lease: { readonly namespace: string; readonly name: string };
  /** Of all replicas of one operator, so that whichever of them comes to lead goes on with the claim at once. */
  readonly holder: string;
  /** Whether this replica acts for its operator; the others only look. */
  readonly mayHold: () => boolean;
  /** How long others wait for a holder that is silent. */
  readonly durationMs: number;
  /** How long the holder acts without a successful renewal; less than `durationMs`. */
  readonly deadlineMs: number;
  /** Time between two looks. */
  readonly lookMs: number;
  readonly onChange: () => void;
  readonly onError?: (error: unknown) => void;
  readonly clock?: Clock;
  readonly random?: Random;
}

export type ClaimState =
  /** Nobody has looked yet. */
  | { readonly type: 'Unknown' }
  /** This operator's, or free for it. */
  | { readonly type: 'Ours' }
  | { readonly type: 'Foreign'; readonly holder: string }
  /** It cannot be read or written: no right to it, no such namespace. */
  | { readonly type: 'Refused'; readonly why: string };

/**
 * A claim of one operator, of however many replicas, by a Lease: which of several operators acts there. It is not given back at the
 * end: an operator that is started again finds its claim, and only one that stays away loses it.
 */
export class Claim {
  readonly #options: ClaimOptions;
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #view: LeaseView;
  readonly #stop = new AbortController();
  #state: ClaimState = { type: 'Unknown' };
  /** Time of sending of the last renewal that succeeded. */
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

  /** Whether this process may act for its operator now, by the clock and not by whether a timer has fired. */
  get isHeld(): boolean {
    const { mayHold, deadlineMs } = this.#options;
    return this.#renewedAt !== undefined && this.#clock.now() - this.#renewedAt < deadlineMs && mayHold();
  }

  /** Looks now and then from now on. */
  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#looking;
  }

  /** Looks at once, such as when this replica has come to lead. Never rejects. */
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
    // A function, for the compiler would take what it once saw for what stays.
    const stopped = (): boolean => this.#stop.signal.aborted;
    if (stopped()) return;
    const sentAt = this.#clock.now();
    try {
      this.#become(await this.#acquire());
    } catch (error) {
      if (stopped()) return;
      // Somebody was quicker, and the next look shows who.
      if (error instanceof ApiError && error.isConflict) return;
      // Nobody can make a Lease any more where a namespace is going: it stays with who had it, who has to see to the end of the jobs.
      if (isTerminating(error) && this.isHeld) this.#renewedAt = sentAt;
      else if (error instanceof ApiError && (error.status === 403 || error.isNotFound)) {
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
        // Somebody has written or deleted it, or an answer to this process was lost: look.
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

  /** Writes this operator as holder; a conflict with another's write rejects. */
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

  /** Also when nothing is new but the time that it holds for. */
  #become(state: ClaimState): void {
    this.#state = state;
    this.#options.onChange();
  }
}

const isTerminating = (error: unknown): boolean =>
  error instanceof ApiError && error.causes.some(({ reason }) => reason === 'NamespaceTerminating');
