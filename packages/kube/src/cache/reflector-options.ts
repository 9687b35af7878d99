import type { Selection } from '../client/calls.ts';
import type { KubeClient } from '../client/client.ts';
import type { Clock } from '../clock.ts';
import type { Random } from '../client/random.ts';
import type { KubeObject, Resource } from '../client/resources.ts';
import type { Change } from './store.ts';

/**
 * Why a watch was restarted: `Ended` by the server after its timeout, `Resync` the same followed by a new list, `Gone` resourceVersion
 * expired, `Silent` no data for too long, `Failed` refused or broken off.
 */
export const RESTART_REASONS = ['Ended', 'Resync', 'Gone', 'Silent', 'Failed'] as const;
export type RestartReason = (typeof RESTART_REASONS)[number];

export interface ReflectorTiming {
  readonly pageSize: number;
  /** Timeout of a watch: a random time between this and 1.25 times this. */
  readonly watchSeconds: number;
  /**
   * Maximum silence of a watch. The API server sends a bookmark every minute, but on a quiet resource the first one only after two
   * (observed on 1.34), so 150 s leave a margin. A dead peer is noticed sooner, by TCP keep-alive.
   */
  readonly silenceMs: number;
  /** Time after which the end of a watch leads to a new list, which repairs the cache should an event have been lost unnoticed. */
  readonly resyncMs: number;
  /** A watch that lasted this long counts as a success; after a shorter one the backoff doubles. */
  readonly healthyMs: number;
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
}

export const TIMING: ReflectorTiming = {
  pageSize: 500,
  watchSeconds: 240,
  silenceMs: 150_000,
  resyncMs: 30 * 60_000,
  healthyMs: 5_000,
  firstRetryMs: 250,
  maxRetryMs: 10_000,
};

export interface ReflectorOptions<T extends KubeObject> {
  readonly client: KubeClient;
  readonly resource: Resource<T>;
  readonly selection?: Selection;
  /** Reduces an object to what is to be cached; by default everything but `managedFields`. */
  readonly transform?: (object: T) => T;
  /** Called once per change, in order, after the store was updated. */
  readonly onChange: (change: Change<T>) => void;
  readonly onRestart?: (reason: RestartReason) => void;
  /** The first complete list has arrived, or the API server began or ceased to refuse access. */
  readonly onStanding?: () => void;
  /** Errors, for the log; the reflector retries by itself. */
  readonly onError?: (error: unknown) => void;
  readonly timing?: Partial<ReflectorTiming>;
  readonly clock?: Clock;
  readonly random?: Random;
}
