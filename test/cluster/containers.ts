import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { WirePod } from '@distillation/kube/wire';
import { isUnified } from '../../tools/kube-harness/node/cgroups.ts';

/**
 * The processes of a pod on this machine, on which the nodes run. With them a test can do what no API offers: kill or hang a container, or
 * let it run out of memory, at a chosen moment.
 */

/** The hierarchy that has the memory of each. */
const GROUPS = isUnified() ? '/sys/fs/cgroup' : '/sys/fs/cgroup/memory';
/** NODE/kubepods/QUALITY/podUID */
const DEPTH = 4;

/** Control groups of a pod's containers, the sandbox's included. */
function groupsOf({ metadata }: WirePod): string[] {
  const name = `pod${metadata?.uid ?? ''}`;
  const search = (folder: string, depth: number): string | undefined => {
    if (basename(folder) === name) return folder;
    if (depth === 0) return undefined;
    for (const inner of foldersIn(folder)) {
      const found = search(inner, depth - 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const pod = search(GROUPS, DEPTH);
  return pod === undefined ? [] : foldersIn(pod);
}

/** Groups come and go at any moment. */
function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
  } catch {
    return [];
  }
}

const NODE_PROGRAM = 'node';

function processesOf(group: string): number[] {
  try {
    return readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function isProgram(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0]?.endsWith(NODE_PROGRAM) === true;
  } catch {
    return false;
  }
}

/** Sends a signal to a pod's program itself: SIGKILL as a crash, SIGSTOP as a hang. @throws Error when it does not run */
export function signalPod(pod: WirePod, signal: NodeJS.Signals): void {
  if (!signalRunning(pod, signal)) throw new Error(`${pod.metadata?.name ?? ''} has no process`);
}

/** The same where the program may have ended. @returns whether it runs */
export function signalRunning(pod: WirePod, signal: NodeJS.Signals): boolean {
  const pids = new Set(groupsOf(pod).flatMap(processesOf).filter(isProgram));
  for (const pid of pids) process.kill(pid, signal);
  return pids.size > 0;
}

/**
 * Takes from a pod's container the memory that it does not hold at this moment, again and again until the kernel ends its program for
 * want of more. Call it until it is true.
 * @returns whether the program is gone
 */
export function starve(pod: WirePod): boolean {
  const groups = groupsOf(pod).filter((group) => processesOf(group).some(isProgram));
  for (const group of groups) {
    const [limit, usage] = isUnified()
      ? ['memory.max', 'memory.current']
      : ['memory.limit_in_bytes', 'memory.usage_in_bytes'];
    try {
      writeFileSync(join(group, limit), readFileSync(join(group, usage), 'utf8').trim());
    } catch {
      // It took more in this very moment.
    }
  }
  return groups.length === 0;
}
