import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What the system reports about processes. /proc of Linux is in memory, so it is read synchronously. */

/** Identifies the current boot of the machine. @throws where there is no /proc */
export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/**
 * When a process started: on Linux in clock ticks since boot, elsewhere as `ps` writes it, to the second. Undefined when it has ended (a
 * zombie included), or where neither can be asked.
 */
export function startOf(pid: number): string | undefined {
  return process.platform === 'linux' ? startTicks(pid) : startSecond(pid);
}

function startSecond(pid: number): string | undefined {
  try {
    // In one language and zone, since two processes compare what they were told.
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env, stdio: 'pipe' });
    return text.trim() === '' ? undefined : text.trim();
  } catch {
    return undefined;
  }
}

function startTicks(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may contain any character; the fields after it are separated by spaces.
    const [state, ...fields] = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? undefined : fields[18];
  } catch {
    return undefined;
  }
}
