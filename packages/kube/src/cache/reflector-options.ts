import type { Selection } from '../client/calls.ts';
import type { KubeClient } from '../client/client.ts';
import type { Clock } from '../clock.ts';
import type { Random } from '../client/random.ts';
import type { KubeObject, Resource } from '../client/resources.ts';
import type { Change } from './store.ts';

/**
 * Why a watch was followed by another: `Ended` by the server after its time, `Resync` the same with a new list, `Gone` history
 * forgotten, `Silent` no byte for too long, `Failed` refused or broken.
 */
export const RESTART_REASONS = ['Ended', 'Resync', 'Gone', 'Silent', 'Failed'] as const;
export type RestartReason = (typeof RESTART_REASONS)[number];

export interface ReflectorTiming {
  readonly pageSize: number;
  /** The server ends each watch after a time drawn from this to 1.25 times this. */
  readonly watchSeconds: number;
  /**
   * Longest silence of a watch. The API server sends a bookmark a minute, but the first on a quiet resource only after two (measured on
   * 1.34): 150 s are two and a half. A peer that is gone altogether is noticed sooner, by TCP keep-alive.
   */
  readonly silenceMs: number;
  /** After which the end of a watch is taken as the occasion to list anew: heals what was lost on the way unnoticed. */
  readonly resyncMs: number;
  /** A watch that lived so long was a success; after a shorter one the waiting time doubles. */
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
  /** What to keep of an object; without it all but `managedFields`. */
  readonly transform?: (object: T) => T;
  /** Called once a change, in order, after the store has it. */
  readonly onChange: (change: Change<T>) => void;
  readonly onRestart?: (reason: RestartReason) => void;
  /** The first whole list is there, or the API server began or ended to refuse. */
  readonly onStanding?: () => void;
  /** What failed, for the log: the reflector goes on by itself. */
  readonly onError?: (error: unknown) => void;
  readonly timing?: Partial<ReflectorTiming>;
  readonly clock?: Clock;
  readonly random?: Random;
}
