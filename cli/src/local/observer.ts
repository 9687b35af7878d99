import { join } from 'node:path';
import { LAYOUT } from '@distillation/api/layout';
import { NEVER_STARTED, type ProcessState } from '@distillation/core/state';
import type { Ledger } from '@distillation/ledger/ledger';
import type { JobSummary } from '../present/job-summary.ts';
import { readError } from './child.ts';
import type { ProcessStates } from './observe.ts';

/** A worker whose progress has not changed for this long is considered dead; longer than any step takes. */
const LIVING_SECONDS = 60;

/** A file that a process keeps changing while it is alive. */
interface Sign {
  readonly modifiedMs: number;
  /** When it was last seen to change, by our own monotonic clock; may be before its start. */
  readonly seenAt: number;
}

/**
 * Finds out from changing files on the volume which of a job's processes are alive, for commands that only watch. The result is only shown;
 * no decision depends on it. The first observation has to trust the clock of the machine that serves the volume.
 */
export class Observer implements ProcessStates {
  readonly #ledger: Ledger;
  readonly #signs = new Map<string, Sign>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Checks all files that running processes change. */
  async look(): Promise<void> {
    const now = performance.now();
    const present = new Set<string>();
    for (const folder of [LAYOUT.progressFolder, LAYOUT.logs]) {
      for (const { name } of await this.#ledger.files.readdir(this.#ledger.path(folder))) {
        if (!/\.(json|log|termination)$/.test(name)) continue;
        const status = await this.#ledger.files.stat(this.#ledger.path(join(folder, name)));
        if (status === undefined) continue;
        present.add(name);
        const { modifiedMs } = status;
        const known = this.#signs.get(name);
        if (known?.modifiedMs === modifiedMs) continue;
        const age = known === undefined ? Math.max(0, Date.now() - modifiedMs) : 0;
        this.#signs.set(name, { modifiedMs, seenAt: now - age });
      }
    }
    for (const name of this.#signs.keys()) if (!present.has(name)) this.#signs.delete(name);
  }

  /** Seconds since the last sign of life of any process of the job; undefined if there was none. */
  quietSeconds(): number | undefined {
    const latest = Math.max(...[...this.#signs.values()].map(({ seenAt }) => seenAt));
    return Number.isFinite(latest) ? (performance.now() - latest) / 1000 : undefined;
  }

  /** Whether any other process showed a sign of life later than this one. */
  sawLifeAfter(role: string): boolean {
    const signs = [...this.#signs].map(([name, { seenAt }]) => ({ own: name.startsWith(`${role}.`), seenAt }));
    const last = Math.max(...signs.filter(({ own }) => own).map(({ seenAt }) => seenAt));
    return signs.some(({ own, seenAt }) => !own && seenAt > last);
  }

  state(role: string): ProcessState {
    // The next run deletes the termination message. The log of the same run may be written a moment after it, since it passes through the
    // parent.
    const ended = this.#signs.has(`${role}.termination`);
    const seenAt = Math.max(...['json', 'log'].map((kind) => this.#signs.get(`${role}.${kind}`)?.seenAt ?? -Infinity));
    const lives = !ended && performance.now() - seenAt < LIVING_SECONDS * 1000;
    return lives ? { state: 'Running', ended: 0 } : NEVER_STARTED;
  }
}

/** A process that ended with an error, and when. */
export interface EndedInError {
  readonly modifiedMs: number;
  readonly failure: NonNullable<JobSummary['failure']>;
}

/**
 * Which of the errors stopped the job. When one process fails for good, the others are told to stop and report that later: the cause is the
 * error that is not a mere stop, unless a process was started after it, so that the job continued in spite of it.
 *
 * @param startedMs when a process of the job was last started
 */
export function decisive(ended: readonly EndedInError[], startedMs = -Infinity): JobSummary['failure'] {
  const latestFirst = [...ended].sort((a, b) => b.modifiedMs - a.modifiedMs);
  const cause = latestFirst.find(
    ({ modifiedMs, failure }) => modifiedMs >= startedMs && failure.code !== 'DISTILL_E_STOPPED',
  );
  return (cause ?? latestFirst[0])?.failure;
}

/** The error that stopped the job, unless the failed process has been restarted since. */
export async function lastFailure(ledger: Ledger): Promise<JobSummary['failure']> {
  const ended: EndedInError[] = [];
  for (const { name } of await ledger.files.readdir(ledger.path(LAYOUT.logs))) {
    const role = /^(.+)\.termination$/.exec(name)?.[1];
    if (role === undefined) continue;
    const path = ledger.path(LAYOUT.terminationMessage(role));
    const error = await readError(path);
    const status = await ledger.files.stat(path);
    if (error === undefined || status === undefined) continue;
    const { code, message, fix } = error;
    ended.push({
      modifiedMs: status.modifiedMs,
      failure: { role, code, message, fix, logFile: ledger.path(LAYOUT.log(role)) },
    });
  }
  // Rewritten whenever a process is started.
  const manifest = await ledger.files.stat(ledger.path(LAYOUT.manifest));
  return decisive(ended, manifest?.modifiedMs);
}
