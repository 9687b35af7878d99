import { addressText } from '@distillation/runtime/address';
import type { LiveProgress, PodProgress } from '@distillation/api/progress';
import { request } from 'undici';
import { WORKER_PORT } from '@distillation/api/labels';
import type { PlannerAnswer, Reconciliation } from '../objects/snapshot.ts';
import type { PollResult } from '../metrics/metrics.ts';
import { differs, parseProgress } from './live-progress.ts';

/**
 * Polls one running pod of each job for its progress every few seconds, independently of the work queue. Pods that did not answer last
 * time are polled after all others and take up at most half of the concurrent requests, so they delay nobody. Only the newest answer is
 * kept, so a missed one costs nothing.
 */

type PollTarget = NonNullable<Reconciliation['poll']>;

export interface PollerOptions {
  readonly intervalMs: number;
  /** Called when a job's answer contains something new. */
  readonly onNews: (jobKey: string) => void;
  readonly onPoll?: (result: PollResult) => void;
  /** Timeout of one request. */
  readonly timeoutMs?: number;
  /** Maximum number of concurrent requests. */
  readonly atOnce?: number;
  /** How often an answer that differs only in losses and speeds is reported. */
  readonly refreshMs?: number;
  readonly port?: number;
}

/** An answer about a thousand blocks takes some 200 kB. */
const MAX_BYTES = 1 << 20;

interface Watched {
  readonly key: string;
  readonly target: PollTarget | undefined;
  /** The last request to its pod timed out. */
  readonly isSilent: boolean;
  readonly answer?: LiveProgress;
  /** The newest answer of a planner. */
  readonly planner?: PlannerAnswer;
  /** When an answer was last reported through `onNews`, in milliseconds of the monotonic clock. */
  readonly toldAt?: number;
}

export class Poller {
  readonly #options: Required<PollerOptions>;
  /** By UID of the job. */
  readonly #jobs = new Map<string, Watched>();
  /** Requests in flight, by UID of the job: whether the pod was silent before. */
  readonly #asking = new Map<string, boolean>();
  /** UIDs of the jobs that are still to be polled. */
  readonly #waiting = { others: new Set<string>(), silent: new Set<string>() };
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PollerOptions) {
    this.#options = {
      timeoutMs: 2000,
      atOnce: 16,
      refreshMs: 30_000,
      port: WORKER_PORT,
      onPoll: () => undefined,
      ...options,
    };
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      this.askAll();
    }, this.#options.intervalMs);
  }

  /** Stops polling and aborts the requests in flight. */
  stop(): void {
    clearInterval(this.#timer);
    this.#stop.abort();
    for (const waiting of Object.values(this.#waiting)) waiting.clear();
  }

  /** Sets the pod to poll for a job, or none; the last answer is kept. */
  watch(uid: string, key: string, target: PollTarget | undefined): void {
    const before = this.#jobs.get(uid);
    const isSilent = before?.isSilent === true && before.target?.podUid === target?.podUid;
    this.#jobs.set(uid, { ...before, key, target, isSilent });
  }

  /** The job is gone. */
  forget(uid: string): void {
    this.#jobs.delete(uid);
  }

  /** The newest answer of a job's pods. */
  answerOf(uid: string): LiveProgress | undefined {
    return this.#jobs.get(uid)?.answer;
  }

  /** The newest answer of a job's planner. */
  plannerOf(uid: string): PlannerAnswer | undefined {
    return this.#jobs.get(uid)?.planner;
  }

  /** Polls every job now, except those with a request queued or in flight. */
  askAll(): void {
    for (const [uid, { target, isSilent }] of this.#jobs) {
      const { others, silent } = this.#waiting;
      if (target === undefined || this.#asking.has(uid) || others.has(uid) || silent.has(uid)) continue;
      (isSilent ? silent : others).add(uid);
    }
    this.#next();
  }

  #next(): void {
    const { atOnce } = this.#options;
    const { others, silent } = this.#waiting;
    while (this.#asking.size < atOnce) {
      const isSilent = others.size === 0;
      if (isSilent && [...this.#asking.values()].filter(Boolean).length >= atOnce / 2) return;
      const uid = takeFirst(isSilent ? silent : others);
      if (uid === undefined) return;
      const target = this.#jobs.get(uid)?.target;
      if (target === undefined) continue;
      this.#asking.set(uid, isSilent);
      void this.#ask(uid, target).finally(() => {
        this.#asking.delete(uid);
        this.#next();
      });
    }
  }

  async #ask(uid: string, target: PollTarget): Promise<void> {
    const { result, answer } = await askPod(target.podIP, { ...this.#options, signal: this.#stop.signal });
    if (this.#stop.signal.aborted) return;
    this.#options.onPoll(result);
    const job = this.#jobs.get(uid);
    // In the meantime the job may have been deleted or assigned another pod, whose answer counts.
    if (job?.target?.podUid !== target.podUid) return;
    const isSilent = result === 'timeout';
    if (answer === undefined) {
      this.#jobs.set(uid, { ...job, isSilent });
      return;
    }
    if (!('planKey' in answer)) {
      const { awaits } = answer;
      const { podUid } = target;
      this.#jobs.set(uid, { ...job, isSilent, planner: { podUid, ...(awaits !== undefined && { awaits }) } });
      if (job.planner?.podUid !== podUid || job.planner.awaits !== awaits) this.#options.onNews(job.key);
      return;
    }
    const now = performance.now();
    const isNews =
      differs(job.answer, answer) || job.toldAt === undefined || now - job.toldAt >= this.#options.refreshMs;
    this.#jobs.set(uid, { ...job, isSilent, answer, ...(isNews ? { toldAt: now } : {}) });
    if (isNews) this.#options.onNews(job.key);
  }
}

function takeFirst(set: Set<string>): string | undefined {
  const [first] = set;
  if (first !== undefined) set.delete(first);
  return first;
}

interface Question {
  readonly port: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Never rejects. */
async function askPod(
  podIP: string,
  { port, timeoutMs, signal }: Question,
): Promise<{ readonly result: PollResult; readonly answer?: PodProgress }> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    // One connection per request: pods come and go, and so few requests need no pool. Redirects are not followed.
    const response = await request(`http://${addressText({ host: podIP, port })}/progress`, {
      signal: AbortSignal.any([limit, signal]),
      reset: true,
      headers: { Accept: 'application/json' },
    });
    let body = '';
    for await (const chunk of response.body.setEncoding('utf8') as AsyncIterable<string>) {
      body += chunk;
      // Leaving the loop closes the connection.
      if (body.length > MAX_BYTES) return { result: 'invalid' };
    }
    const answer = response.statusCode === 200 ? parseProgress(body) : undefined;
    return answer === undefined ? { result: 'invalid' } : { result: 'success', answer };
  } catch {
    return { result: limit.aborted ? 'timeout' : 'unreachable' };
  }
}
