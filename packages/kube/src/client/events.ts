import { randomBytes } from 'node:crypto';
import { ApiError } from './api-error.ts';
import { Backoff } from './backoff.ts';
import type { KubeClient } from './client.ts';
import { type Clock, sleep, systemClock } from '../clock.ts';
import { microTime } from '../time.ts';
import { EVENTS, type WireEvent } from './resources.ts';

/** The content of an event. */
export interface EventDraft {
  readonly type: 'Normal' | 'Warning';
  /** In CamelCase. */
  readonly reason: string;
  /** What was done or observed, in CamelCase. */
  readonly action: string;
  readonly note: string;
}

/** The object that an event is about. */
export interface EventTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

interface EventRecorderOptions {
  readonly client: KubeClient;
  /** Such as `distillation.dev/operator`. */
  readonly controller: string;
  /** Identifies this process, for example by its pod's name. */
  readonly instance: string;
  /** An event that recurs within this time is counted in a series instead of being created again. */
  readonly windowMs?: number;
  /** Minimum interval between two writes of the count of one event. */
  readonly countEveryMs?: number;
  /** Called when an event is dropped; the reconcile that recorded it is not affected. */
  readonly onDropped?: (why: unknown) => void;
  readonly clock?: Clock;
}

/** An event and how often it occurred. */
interface Series {
  readonly key: string;
  event: WireEvent;
  count: number;
  lastAt: number;
  lastTime: string;
  /** The count that the API server has; 0 before the event is created. */
  written: number;
  scheduled: boolean;
}

/** Maximum numbers of queued events, beyond which the newest are dropped, and of remembered series, beyond which the oldest are. */
const MAX_QUEUE = 1_000;
const MAX_SERIES = 2_000;
const ATTEMPTS = 4;
const MAX_NOTE = 1_024;
const MAX_NAME = 253;

/**
 * Sends events one after another in the background: `record` never waits and never throws. When the same event about the same object recurs
 * within the window, it is counted in the `series` of the first one (events.k8s.io/v1), which is written from time to time.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #countEveryMs: number;
  readonly #series = new Map<string, Series>();
  readonly #queue: Series[] = [];
  readonly #timers = new Set<() => void>();
  readonly #stop = new AbortController();
  #sending: Promise<void> | undefined;
  #closed = false;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#windowMs = options.windowMs ?? 10 * 60_000;
    this.#countEveryMs = options.countEveryMs ?? 30_000;
  }

  record(target: EventTarget, draft: EventDraft): void {
    if (this.#closed) return;
    const key = JSON.stringify([target.uid, draft.type, draft.reason, draft.action, draft.note]);
    const now = this.#clock.now();
    const known = this.#series.get(key);
    if (known !== undefined && now - known.lastAt < this.#windowMs) {
      known.count += 1;
      known.lastAt = now;
      known.lastTime = microTime();
      this.#scheduleCount(known);
      return;
    }
    const event = this.#eventOf(target, draft);
    const series = { key, event, count: 1, lastAt: now, lastTime: microTime(), written: 0, scheduled: false };
    this.#series.delete(key);
    this.#series.set(key, series);
    this.#forgetOldest();
    this.#enqueue(series);
  }

  /** Stops accepting events and sends the remaining ones and counts, for at most `limitMs`. Never rejects. */
  async close(limitMs = 5_000): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    // One that is being written now, for the first time too, may have been counted on meanwhile.
    for (const series of this.#series.values())
      if (series.count > series.written && !this.#queue.includes(series)) this.#enqueue(series);
    const limit = sleep(limitMs, this.#stop.signal, this.#clock);
    await Promise.race([this.#sending, limit]);
    this.#stop.abort();
  }

  #eventOf(target: EventTarget, draft: EventDraft): WireEvent {
    const suffix = `.${randomBytes(8).toString('hex')}`;
    const { apiVersion, kind, namespace, name, uid } = target;
    return {
      metadata: { namespace, name: name.slice(0, MAX_NAME - suffix.length) + suffix },
      eventTime: microTime(),
      type: draft.type,
      reason: draft.reason,
      action: draft.action,
      note: cut(draft.note),
      regarding: { apiVersion, kind, namespace, name, uid },
      reportingController: this.#options.controller,
      reportingInstance: this.#options.instance.slice(0, 128),
    };
  }

  #scheduleCount(series: Series): void {
    if (series.scheduled) return;
    series.scheduled = true;
    const cancel = this.#clock.after(this.#countEveryMs, () => {
      this.#timers.delete(cancel);
      series.scheduled = false;
      this.#enqueue(series);
    });
    this.#timers.add(cancel);
  }

  #forgetOldest(): void {
    if (this.#series.size <= MAX_SERIES) return;
    const [oldest] = this.#series.keys();
    if (oldest !== undefined) this.#series.delete(oldest);
  }

  #enqueue(series: Series): void {
    if (this.#queue.length >= MAX_QUEUE) {
      this.#series.delete(series.key);
      this.#options.onDropped?.(new Error(`${MAX_QUEUE} events wait already`));
      return;
    }
    this.#queue.push(series);
    this.#sending ??= this.#drain();
  }

  async #drain(): Promise<void> {
    // Events that are recorded in the same tick are counted before the first of them is sent.
    await Promise.resolve();
    for (let series = this.#queue.shift(); series !== undefined; series = this.#queue.shift()) {
      await this.#send(series);
    }
    // In the same tick as the check that found the queue empty, so that an event added later starts sending again.
    this.#sending = undefined;
  }

  async #send(series: Series): Promise<void> {
    const backoff = new Backoff({ firstMs: 500, maxMs: 10_000 });
    for (let attempt = 1; ; attempt++) {
      if (this.#stop.signal.aborted) return;
      try {
        await this.#write(series);
        return;
      } catch (error) {
        const lasting = !(error instanceof ApiError) || !error.isRetryable;
        if (lasting || attempt === ATTEMPTS) {
          this.#series.delete(series.key);
          this.#options.onDropped?.(error);
          return;
        }
        const asked = (error.retryAfterSeconds ?? 0) * 1000;
        await sleep(Math.max(asked, backoff.nextMs()), this.#stop.signal, this.#clock);
      }
    }
  }

  async #write(series: Series): Promise<void> {
    const { client } = this.#options;
    const count = series.count;
    const counted = count > 1 ? { series: { count, lastObservedTime: series.lastTime } } : {};
    if (count === series.written) return;
    const { namespace, name = '' } = series.event.metadata ?? {};
    if (series.written > 0) {
      try {
        await client.mergePatch(EVENTS, { namespace, name }, counted);
        series.written = count;
        return;
      } catch (error) {
        // Events expire in the API server, after an hour by default: create it again.
        if (!(error instanceof ApiError) || !error.isNotFound) throw error;
      }
    }
    try {
      await client.create(EVENTS, { ...series.event, ...counted });
    } catch (error) {
      // An earlier attempt succeeded and its response was lost.
      if (!(error instanceof ApiError) || !error.isAlreadyExists) throw error;
    }
    series.written = count;
  }
}

/** Truncates a text to the API's limit. */
function cut(note: string): string {
  const bytes = Buffer.from(note);
  return bytes.length <= MAX_NOTE
    ? note
    : `${bytes
        .subarray(0, MAX_NOTE - 4)
        .toString()
        .replace(/\uFFFD+$/, '')}…`;
}
