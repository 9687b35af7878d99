import { randomBytes } from 'node:crypto';
import { ApiError } from './api-error.ts';
import { Backoff } from './backoff.ts';
import type { KubeClient } from './client.ts';
import { type Clock, sleep, systemClock } from '../clock.ts';
import { microTime } from '../time.ts';
import { EVENTS, type WireEvent } from './resources.ts';

/** What an event says. */
export interface EventDraft {
  readonly type: 'Normal' | 'Warning';
  /** In CamelCase. */
  readonly reason: string;
  /** What was done or seen, in CamelCase. */
  readonly action: string;
  readonly note: string;
}

/** What an event is about. */
export interface EventTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface EventRecorderOptions {
  readonly client: KubeClient;
  /** Such as `distillation.dev/operator`. */
  readonly controller: string;
  /** This process, such as its pod's name. */
  readonly instance: string;
  /** An event that comes again within this time is counted, not made anew. */
  readonly windowMs?: number;
  /** How often the count of one event is written at most. */
  readonly countEveryMs?: number;
  /** Why an event was given up; the reconcile that recorded it never hears of it. */
  readonly onDropped?: (why: unknown) => void;
  readonly clock?: Clock;
}

/** An event and how often it came. */
interface Series {
  readonly key: string;
  event: WireEvent;
  count: number;
  lastAt: number;
  lastTime: string;
  /** Count that the API server knows; 0 before the event is made. */
  written: number;
  scheduled: boolean;
}

/** Events that wait to be sent, and series remembered: with more the newest, or the oldest, are given up. */
const MAX_QUEUE = 1_000;
const MAX_SERIES = 2_000;
const ATTEMPTS = 4;
const MAX_NOTE = 1_024;
const MAX_NAME = 253;

/**
 * Sends events one after another, apart from whoever records them: `record` never waits and never throws. The same event of the same
 * object, again within the window, becomes a count on the first (the `series` of events.k8s.io/v1), written now and then.
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

  /** Sends what is left, counts included, for at most so many milliseconds; takes nothing more. Never rejects. */
  async close(limitMs = 5_000): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    for (const series of this.#series.values())
      if (series.written > 0 && series.count > series.written) this.#enqueue(series);
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
    // What is recorded in one go is counted before the first of it is sent.
    await Promise.resolve();
    for (let series = this.#queue.shift(); series !== undefined; series = this.#queue.shift()) {
      await this.#send(series);
    }
    // In one go with the look that found the queue empty: what is added after it starts anew.
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
        // The API server forgets events, after an hour by default: then it is made anew.
        if (!(error instanceof ApiError) || !error.isNotFound) throw error;
      }
    }
    try {
      await client.create(EVENTS, { ...series.event, ...counted });
    } catch (error) {
      // An earlier attempt had succeeded, its answer was lost.
      if (!(error instanceof ApiError) || !error.isAlreadyExists) throw error;
    }
    series.written = count;
  }
}

/** Text within the API's limit. */
function cut(note: string): string {
  const bytes = Buffer.from(note);
  return bytes.length <= MAX_NOTE
    ? note
    : `${bytes
        .subarray(0, MAX_NOTE - 4)
        .toString()
        .replace(/\uFFFD+$/, '')}…`;
}
