import type { Verb } from './transport.ts';

/** Name of one object; without a namespace it is cluster-scoped. */
export interface ObjectName {
  readonly namespace?: string | undefined;
  readonly name: string;
}

export interface Selection {
  /** Absent for all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

export interface ListOptions extends Selection {
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
  /** Absent for the most recent version; `0` for any version from the API server's cache. */
  readonly resourceVersion?: string | undefined;
  /** Cancels the call. */
  readonly signal?: AbortSignal | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  /** Token of the next page; undefined on the last one. */
  readonly continue: string | undefined;
}

export interface WatchOptions extends Selection {
  readonly resourceVersion: string;
  /** Time after which the server ends the watch. */
  readonly timeoutSeconds: number;
  /** Maximum time without any data, including bookmarks, after which the iteration fails with status 0. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  /** All changes up to this resourceVersion have been sent. */
  | { readonly type: 'BOOKMARK'; readonly object: { readonly metadata: { readonly resourceVersion: string } } };

export interface ApplyOptions {
  readonly fieldManager: string;
  /** Takes fields over from other managers instead of failing with a conflict. */
  readonly force?: boolean;
  readonly subresource?: string;
}

export interface DeleteOptions {
  /** Precondition: the call fails with a conflict if the object has another UID. */
  readonly uid?: string | undefined;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly gracePeriodSeconds?: number | undefined;
}

/** A completed call, for the metrics. A watch counts when its response has started. */
export interface Observation {
  readonly verb: Verb;
  readonly resource: string;
  /** HTTP status; 0 without a response. */
  readonly status: number;
  readonly seconds: number;
}

/** What to read of a container's log, in the words of the API. */
export interface LogOptions {
  /** The only one when absent. */
  readonly container?: string | undefined;
  /** Goes on until the container has ended. */
  readonly follow?: boolean | undefined;
  /** Only so many of the last lines. */
  readonly tailLines?: number | undefined;
  readonly signal: AbortSignal;
}
