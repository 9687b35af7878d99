import { readFileSync } from 'node:fs';

/** What Linux reports about processes. /proc is in memory, so it is read synchronously. */

/** Identifies the current boot of the machine. @throws where there is no /proc */
export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** When a process started, in clock ticks since boot; undefined when it has ended (a zombie included), or where there is no /proc. */
export function startOf(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may contain any character; the fields after it are separated by spaces.
    const [state, ...fields] = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? undefined : fields[18];
  } catch {
    return undefined;
  }
}
