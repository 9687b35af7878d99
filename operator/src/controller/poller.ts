import type { LiveProgress } from '@distillation/api/progress';
import { request } from 'undici';
import { WORKER_PORT } from '../children/labels.ts';
import type { Reconciliation } from '../lifecycle/snapshot.ts';
import type { PollResult } from '../metrics/metrics.ts';
import { differs, parseLiveProgress } from './live-progress.ts';

/**
 * Asks one running pod of each job for its progress, every few seconds, apart from the work queue: a pod that does not answer delays
 * nobody. Only the newest answer is kept; one that is missed costs nothing.
 */

export type PollTarget = NonNullable<Reconciliation['poll']>;

export interface PollerOptions {
  readonly intervalMs: number;
  /** Called when a job's answer tells something new. */
  readonly onNews: (jobKey: string) => void;
  readonly onPoll?: (result: PollResult) => void;
  /** Of one question. */
  readonly timeoutMs?: number;
  /** Questions at the same time. */
  readonly atOnce?: number;
  /** Answers that differ only in losses and speeds are news this often. */
  readonly refreshMs?: number;
  readonly port?: number;
}

/** An answer of a thousand blocks is some 200 kB. */
const MAX_BYTES = 1 << 20;

interface Watched {
  readonly key: string;
  readonly target: PollTarget | undefined;
  readonly answer?: LiveProgress;
  /** When it was last told as news; milliseconds of the monotonic clock. */
  readonly toldAt?: number;
}

export class Poller {
  readonly #options: Required<PollerOptions>;
  /** By UID of the job. */
  readonly #jobs = new Map<string, Watched>();
  readonly #asking = new Set<string>();
  #waiting: string[] = [];
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

  /** Ends it; questions under way are given up. */
  stop(): void {
    clearInterval(this.#timer);
    this.#stop.abort();
    this.#waiting = [];
  }

  /** Names the pod to ask for a job, or none; what was answered before stays. */
  watch(uid: string, key: string, target: PollTarget | undefined): void {
    this.#jobs.set(uid, { ...this.#jobs.get(uid), key, target });
  }

  /** The job is gone. */
  forget(uid: string): void {
    this.#jobs.delete(uid);
  }

  /** Forgets every job but these. */
  keepOnly(uids: ReadonlySet<string>): void {
    for (const uid of this.#jobs.keys()) if (!uids.has(uid)) this.#jobs.delete(uid);
  }

  /** The newest answer of a job's pods. */
  answerOf(uid: string): LiveProgress | undefined {
    return this.#jobs.get(uid)?.answer;
  }

  /** Asks for every job now, as far as that is not under way already. */
  askAll(): void {
    const waiting = new Set(this.#waiting);
    for (const [uid, { target }] of this.#jobs) {
      if (target !== undefined && !this.#asking.has(uid) && !waiting.has(uid)) this.#waiting.push(uid);
    }
    this.#next();
  }

  #next(): void {
    while (this.#asking.size < this.#options.atOnce) {
      const uid = this.#waiting.shift();
      if (uid === undefined) return;
      const target = this.#jobs.get(uid)?.target;
      if (target === undefined) continue;
      this.#asking.add(uid);
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
    // While it was asked the job may have gone, or turned to another pod: that one's answer counts.
    if (answer === undefined || job?.target?.podUid !== target.podUid) return;
    const now = performance.now();
    const isNews =
      differs(job.answer, answer) || job.toldAt === undefined || now - job.toldAt >= this.#options.refreshMs;
    this.#jobs.set(uid, { ...job, answer, ...(isNews ? { toldAt: now } : {}) });
    if (isNews) this.#options.onNews(job.key);
  }
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
): Promise<{ readonly result: PollResult; readonly answer?: LiveProgress }> {
  const limit = AbortSignal.timeout(timeoutMs);
  const host = podIP.includes(':') ? `[${podIP}]` : podIP;
  try {
    // A connection each: pods come and go, and so few questions need no pool. Redirects are not followed.
    const response = await request(`http://${host}:${port}/progress`, {
      signal: AbortSignal.any([limit, signal]),
      reset: true,
      headers: { Accept: 'application/json' },
    });
    let body = '';
    for await (const chunk of response.body.setEncoding('utf8') as AsyncIterable<string>) {
      body += chunk;
      // Leaving the loop ends the connection.
      if (body.length > MAX_BYTES) return { result: 'invalid' };
    }
    const answer = response.statusCode === 200 ? parseLiveProgress(body) : undefined;
    return answer === undefined ? { result: 'invalid' } : { result: 'success', answer };
  } catch {
    return { result: limit.aborted ? 'timeout' : 'unreachable' };
  }
}
