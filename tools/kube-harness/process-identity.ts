import { execFileSync } from 'node:child_process';
import { bootId, startOf } from '@distillation/ledger/proc';

/** A process that cannot be mistaken for another of the same id: ids are given out again, start times are not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the machine's own terms, with the boot it started in. */
  readonly started: string;
}

/** The identity of a running process; undefined when there is none of that id, or it has ended and waits to be collected. */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    if (process.platform !== 'linux') {
      return { pid, started: execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() };
    }
    const start = startOf(pid);
    return start === undefined ? undefined : { pid, started: `${bootId()}/${start}` };
  } catch {
    return undefined;
  }
}

/** Whether this very process still runs. */
export function isRunning({ pid, started }: ProcessIdentity): boolean {
  return identify(pid)?.started === started;
}
