import { execFileSync } from 'node:child_process';
import { bootId, startOf } from '@distillation/ledger/proc';

/** Identifies a process even if its ID is reused, by its start time. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Its start time in ticks of the machine, with the ID of the boot. */
  readonly started: string;
}

/** The identity of a running process; undefined if there is no process of that ID, or it is a zombie. */
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

/** Whether this same process is still running. */
export function isRunning({ pid, started }: ProcessIdentity): boolean {
  return identify(pid)?.started === started;
}
