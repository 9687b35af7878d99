import { readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/**
 * Unfinished work. Each process has a file or folder of its own, named by machine and process; a download left by a process that
 * is gone is taken over by renaming it, which only one taker can do.
 */

/** A live process writes all the time; what lies untouched for so long is left over even if its process id is in use again. */
const ABANDONED_MS = 10 * 60_000;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

async function isAbandoned(path: string, pid: number): Promise<boolean> {
  if (pid === process.pid) return false;
  if (!isAlive(pid)) return true;
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > ABANDONED_MS;
}

function prefixOf(name: string): string {
  return `${name}.${hostname()}.`;
}

/** Path of this process for work of this name and kind. */
function ownPath(folder: string, name: string, kind: string): string {
  return join(folder, `${prefixOf(name)}${process.pid}.${kind}`);
}

/** Paths of this name and kind that processes of this machine left behind. */
async function abandoned(folder: string, name: string, kind: string): Promise<string[]> {
  const prefix = prefixOf(name);
  const paths: string[] = [];
  for (const file of (await readdir(folder)).sort()) {
    if (!file.startsWith(prefix) || !file.endsWith(`.${kind}`)) continue;
    const path = join(folder, file);
    if (await isAbandoned(path, Number.parseInt(file.slice(prefix.length), 10))) paths.push(path);
  }
  return paths;
}

/** This process' file for a download of this name, an abandoned one's content in it where there is one. */
export async function claimPart(folder: string, name: string): Promise<string> {
  const own = ownPath(folder, name, 'part');
  for (const path of await abandoned(folder, name, 'part')) {
    const taken = await rename(path, own).then(
      () => true,
      () => false,
    );
    if (taken) break;
  }
  return own;
}

/** This process' temporary folder for work of this name, not yet there; abandoned ones are removed. */
export async function claimFolder(folder: string, name: string): Promise<string> {
  const own = ownPath(folder, name, 'tmp');
  for (const path of [own, ...(await abandoned(folder, name, 'tmp'))]) await rm(path, { recursive: true, force: true });
  return own;
}
