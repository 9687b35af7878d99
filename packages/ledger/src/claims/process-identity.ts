import { count, object, type Of, optional, word } from '@distillation/api/shape';
import { readerOf } from '@distillation/api/reading';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { bootId, startOf } from './proc.ts';

/** Identifies a process, so that another one can tell with certainty that it has ended. */
export type ProcessIdentity = Of<typeof processIdentity>;
export const processIdentity = object({
  pid: count,
  /**
   * Process table that the number belongs to. Host names are not enough: two lives of an Indexed Job's pod share one name, and
   * each is process 1, perhaps on two nodes one of which is merely cut off.
   */
  table: word,
  /** `startOf` the process, so that a reused number is recognised. Absent where the system does not tell. */
  started: optional(word),
});

export const readProcessIdentity = readerOf(processIdentity);

/** The table of this process; undefined when the system does not tell, in which case process numbers prove nothing. */
function ownTable(): string | undefined {
  // Without /proc there are no containers, so the host's name identifies the table.
  if (process.platform !== 'linux') return `host ${hostname()}`;
  try {
    return `${bootId()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

/** A process of this process's table; undefined when there is none of this number, or where the table cannot be identified. */
export function identify(pid: number): ProcessIdentity | undefined {
  const table = ownTable();
  const started = startOf(pid);
  const exists = started !== undefined || (process.platform !== 'linux' && processExists(pid));
  return table === undefined || !exists ? undefined : { pid, table, ...(started !== undefined && { started }) };
}

/** This process; undefined where its process table cannot be identified. */
export const ownProcess = (): ProcessIdentity | undefined => identify(process.pid);

/**
 * Whether a process is alive.
 * @returns `Unknown` for one in another process table: on another machine, or in another container.
 */
export function judgeProcess(other: ProcessIdentity): 'Alive' | 'Dead' | 'Unknown' {
  const table = ownTable();
  if (table === undefined || other.table !== table) return 'Unknown';
  if (other.started !== undefined) return startOf(other.pid) === other.started ? 'Alive' : 'Dead';
  return processExists(other.pid) ? 'Alive' : 'Dead';
}

/** Signal 0 checks without sending anything; EPERM means that the process is alive and belongs to another user. */
function processExists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
