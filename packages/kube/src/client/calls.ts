import type { Verb } from './transport.ts';

/** Name of one object; without a namespace it is one of the cluster. */
export interface ObjectName {
  readonly namespace?: string | undefined;
  readonly name: string;
}

export interface Selection {
  /** None: all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

export interface ListOptions extends Selection {
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
  /** None: the newest there is; `0`: any that a cache has. */
  readonly resourceVersion?: string | undefined;
  /** Calls the call off. */
  readonly signal?: AbortSignal | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  /** Token of the next page; none on the last. */
  readonly continue: string | undefined;
}

export interface WatchOptions extends Selection {
  readonly resourceVersion: string;
  /** After which the server ends the watch. */
  readonly timeoutSeconds: number;
  /** The longest time without a byte, not even a bookmark; then the iteration fails with status 0. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  /** Nothing happened up to this resourceVersion. */
  | { readonly type: 'BOOKMARK'; readonly object: { readonly metadata: { readonly resourceVersion: string } } };

export interface ApplyOptions {
  readonly fieldManager: string;
  /** Takes fields over from other managers instead of failing with a conflict. */
  readonly force?: boolean;
  readonly subresource?: string;
}

export interface DeleteOptions {
  /** Refused with a conflict when the object of this name is another one. */
  readonly uid?: string | undefined;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly gracePeriodSeconds?: number | undefined;
}

/** A call that has ended, for the metrics. Of a watch: its head. */
export interface Observation {
  readonly verb: Verb;
  readonly resource: string;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly seconds: number;
}
