import { readFileSync } from 'node:fs';

/** What Linux tells of processes. It lies in memory and is read at once. */

/** Which start of the machine this is. @throws where there is no /proc */
export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** When a process began, in clock ticks since boot; undefined when it is gone or waits to be collected, or where there is no /proc. */
export function startOf(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may hold anything; what follows is separated by spaces.
    const [state, ...fields] = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? undefined : fields[18];
  } catch {
    return undefined;
  }
}
