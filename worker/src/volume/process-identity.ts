import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Who a process is, so that another one can tell for certain that it is no more. */
export interface ProcessIdentity {
  readonly pid: number;
  /**
   * The process table in which the number counts. Host names will not do: two lives of an Indexed Job's pod have one name and
   * each is process 1, perhaps on two nodes of which one is only cut off.
   */
  readonly table: string;
  /** When it began, in clock ticks since boot: with it a number that was given anew misleads nobody. Absent where there is no /proc. */
  readonly started?: string;
}

/** The table of this process; undefined when the system does not say, and nothing may then be judged by a process number. */
async function ownTable(): Promise<string | undefined> {
  // No containers without /proc: there the host's name does.
  if (process.platform !== 'linux') return `host ${hostname()}`;
  try {
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    return `${boot} ${await readlink('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

/** Start time of a process of this table in clock ticks since boot; undefined when it is gone or the system has no /proc. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may hold anything; what follows is separated by spaces.
    const [state, ...fields] = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? undefined : fields[18];
  } catch {
    return undefined;
  }
}

/** This process; undefined where no process table can be named. */
export async function ownProcess(): Promise<ProcessIdentity | undefined> {
  const table = await ownTable();
  if (table === undefined) return undefined;
  const started = await startOf(process.pid);
  return { pid: process.pid, table, ...(started !== undefined && { started }) };
}

/**
 * What is known of a process.
 * @returns `Unknown` of one in another process table: on another machine, or in another container.
 */
export async function judgeProcess(other: ProcessIdentity): Promise<'Alive' | 'Dead' | 'Unknown'> {
  const table = await ownTable();
  if (table === undefined || other.table !== table) return 'Unknown';
  if (other.started !== undefined) return (await startOf(other.pid)) === other.started ? 'Alive' : 'Dead';
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
