import { count, object, type Of, optional, word } from '@distillation/api/shape';
import { readerOf } from '@distillation/api/reading';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { bootId, startOf } from './proc.ts';

/** Who a process is, so that another one can tell for certain that it is no more. */
export type ProcessIdentity = Of<typeof processIdentity>;
export const processIdentity = object({
  pid: count,
  /**
   * The process table in which the number counts. Host names will not do: two lives of an Indexed Job's pod have one name and
   * each is process 1, perhaps on two nodes of which one is only cut off.
   */
  table: word,
  /** When it began, in clock ticks since boot: with it a number that was given anew misleads nobody. Absent where there is no /proc. */
  started: optional(word),
});

export const readProcessIdentity = readerOf(processIdentity);

/** The table of this process; undefined when the system does not say, and nothing may then be judged by a process number. */
function ownTable(): string | undefined {
  // No containers without /proc: there the host's name does.
  if (process.platform !== 'linux') return `host ${hostname()}`;
  try {
    return `${bootId()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

/** This process; undefined where no process table can be named. */
export function ownProcess(): ProcessIdentity | undefined {
  const table = ownTable();
  if (table === undefined) return undefined;
  const started = startOf(process.pid);
  return { pid: process.pid, table, ...(started !== undefined && { started }) };
}

/**
 * What is known of a process.
 * @returns `Unknown` of one in another process table: on another machine, or in another container.
 */
export function judgeProcess(other: ProcessIdentity): 'Alive' | 'Dead' | 'Unknown' {
  const table = ownTable();
  if (table === undefined || other.table !== table) return 'Unknown';
  if (other.started !== undefined) return startOf(other.pid) === other.started ? 'Alive' : 'Dead';
  return processExists(other.pid) ? 'Alive' : 'Dead';
}

/** Signal 0 asks without sending anything; EPERM is the answer of a process that lives and is not ours. */
function processExists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
