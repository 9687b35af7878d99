import { setTimeout as sleep } from 'node:timers/promises';
import { killGroups, removeGroups } from './cgroups.ts';

/**
 * Kills everything that a node has started, and waits until it is gone.
 * @throws Error when a process is still there after 20 s of SIGKILL, for example while it waits for a disk
 */
export async function endGroups(name: string, remove: boolean): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (killGroups(name) === 0 && (!remove || removeGroups(name))) return;
    await sleep(100);
  }
  throw new Error(`processes in the control group ${name} do not end`);
}

// As a command, run by `owned` to remove a node. A network namespace that is in use would outlive its name.
if (process.argv[1] === import.meta.filename) await endGroups(process.argv[2] ?? '', true);
