import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The control groups of a node: `NAME/system` holds its daemons and `NAME/kubepods` its containers, so that every process that a node has
 * started is found there and ends with it.
 */

const ROOT = '/sys/fs/cgroup';
/** Controllers of cgroup v2 that the kubelet needs. */
const CONTROLLERS = '+cpu +cpuset +memory +pids +io';

/** Whether the machine has only cgroup v2. */
export function isUnified(): boolean {
  return existsSync(join(ROOT, 'cgroup.controllers'));
}

/** Folders of the groups of that name: one per hierarchy (v1), or a single one (v2). */
function hierarchies(): string[] {
  if (isUnified()) return [ROOT];
  return readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(ROOT, entry.name, 'cgroup.procs')))
    .map((entry) => join(ROOT, entry.name));
}

/** Creates a node's groups. @returns the file to which a process writes its ID to become a daemon of the node */
export function makeGroups(name: string): string {
  for (const hierarchy of hierarchies()) {
    const group = join(hierarchy, name);
    if (isUnified()) tryWrite(join(hierarchy, 'cgroup.subtree_control'), CONTROLLERS);
    mkdirSync(group, { recursive: true });
    if (isUnified()) tryWrite(join(group, 'cgroup.subtree_control'), CONTROLLERS);
    // In v1 a group has no processors and no memory nodes until they are assigned.
    for (const setting of ['cpuset.cpus', 'cpuset.mems']) {
      if (isUnified() || !existsSync(join(hierarchy, setting))) continue;
      writeFileSync(join(group, setting), readFileSync(join(hierarchy, setting)));
    }
  }
  const [first] = isUnified() ? [ROOT] : [...hierarchies().filter((path) => path.endsWith('/pids')), ...hierarchies()];
  if (first === undefined) throw new Error(`${ROOT} holds no control groups`);
  mkdirSync(join(first, name, 'system'), { recursive: true });
  return join(first, name, 'system', 'cgroup.procs');
}

/** Sends SIGKILL to everything in a node's groups, once. @returns how many processes there were */
export function killGroups(name: string): number {
  const processes = new Set(hierarchies().flatMap((hierarchy) => processesIn(join(hierarchy, name))));
  for (const id of processes) {
    try {
      process.kill(id, 'SIGKILL');
    } catch {
      // It has ended by itself in the meantime.
    }
  }
  return processes.size;
}

/** Removes a node's groups, which must be empty. @returns whether none is left */
export function removeGroups(name: string): boolean {
  const groups = hierarchies().flatMap((hierarchy) => subgroups(join(hierarchy, name)));
  for (const group of groups) {
    try {
      rmdirSync(group);
    } catch {
      // A process in it has not ended completely.
    }
  }
  return !groups.some((group) => existsSync(group));
}

function processesIn(group: string): number[] {
  return subgroups(group).flatMap((path) => {
    try {
      return readFileSync(join(path, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
    } catch {
      return [];
    }
  });
}

/** A group with all its subgroups, the deepest first. */
function subgroups(group: string): string[] {
  if (!existsSync(group)) return [];
  try {
    const inner = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [...inner.flatMap((entry) => subgroups(join(group, entry.name))), group];
  } catch {
    return [group];
  }
}

function tryWrite(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch {
    // A machine may not delegate all of them; the kubelet reports those that are missing.
  }
}
