import { cp, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type FileLayer, type NewFile, nodeFileLayer } from '../src/files/file-layer.ts';

/**
 * A file layer for tests that fails, or dies, at its k-th operation. It uses real files, but only simulates fsync: what was not
 * fsynced is lost in a simulated power failure, and tests need not wait for a disk.
 */

/** The process is dead: thrown by the operation at which it dies and by every later one. */
export class CrashError extends Error {
  override readonly name = 'CrashError';
}

/**
 * `ENOSPC`, `EIO`: that one operation fails. `Kill`: the process dies before the operation. `Tear`: it dies in the middle of it, if
 * it is a write. `PowerCut`: the machine dies, and content and names that were not fsynced are lost. `ReorderedPowerCut`: only
 * content is lost, as on file systems that write names first.
 */
export const FAULTS = ['ENOSPC', 'EIO', 'Kill', 'Tear', 'PowerCut', 'ReorderedPowerCut'] as const;

export interface Fault {
  readonly kind: (typeof FAULTS)[number];
  /** Which operation, 1-based. */
  readonly at: number;
}

export type Operation = Exclude<keyof FileLayer, 'attempt'> | keyof NewFile;

/**
 * Operations at which a fault differs from the same fault one operation later: dying before a read has the same effect as dying
 * after it.
 */
export const MATTERS: Readonly<Record<Fault['kind'], readonly Operation[] | 'All'>> = {
  EIO: 'All',
  ENOSPC: ['create', 'write', 'sync', 'close', 'overwrite', 'rename', 'link', 'mkdir', 'syncFolder'],
  Kill: ['create', 'write', 'overwrite', 'rename', 'link', 'unlink', 'mkdir', 'removeFolder'],
  Tear: ['write', 'overwrite'],
  PowerCut: ['create', 'write', 'sync', 'overwrite', 'rename', 'link', 'unlink', 'mkdir', 'syncFolder'],
  ReorderedPowerCut: ['create', 'write', 'sync', 'overwrite', 'rename', 'link', 'unlink', 'mkdir', 'syncFolder'],
};

interface FaultyFileLayer extends FileLayer {
  /** The operations so far, in order. */
  readonly trace: readonly Operation[];
}

export function faultyFileLayer(fault?: Fault): FaultyFileLayer {
  const trace: Operation[] = [];
  let dead = false;
  /** Files whose content has not been fsynced. */
  const unsynced = new Set<string>();
  /** How to undo changes of names in folders that have not been fsynced, oldest first. */
  let changes: { readonly folder: string; readonly undo: () => Promise<unknown> }[] = [];
  const changed = (path: string, undo: () => Promise<unknown>): number => changes.push({ folder: dirname(path), undo });

  async function cutPower(): Promise<void> {
    if (fault?.kind === 'PowerCut') for (const { undo } of changes.reverse()) await undo();
    for (const path of unsynced) await truncate(path, 0).catch(() => undefined);
  }

  /** Counts an operation, and fails or dies if it is the chosen one. `torn` performs what a write leaves behind when it is cut off. */
  async function step(operation: Operation, path: string, torn?: () => Promise<unknown>): Promise<void> {
    if (dead) throw new CrashError();
    if (trace.push(operation) !== fault?.at) return;
    if (fault.kind === 'ENOSPC' || fault.kind === 'EIO') {
      throw Object.assign(new Error(`${fault.kind}: injected, '${path}'`), { code: fault.kind, path });
    }
    dead = true;
    if (fault.kind === 'Tear') await torn?.();
    else if (fault.kind !== 'Kill') await cutPower();
    throw new CrashError();
  }

  const restore = async (path: string, bytes: Uint8Array | undefined): Promise<unknown> =>
    bytes === undefined ? nodeFileLayer.unlink(path) : writeFile(path, bytes);
  const half = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length >> 1);

  return {
    trace,
    create: async (path) => {
      await step('create', path);
      const file = await nodeFileLayer.create(path);
      if (file === undefined) return undefined;
      changed(path, () => nodeFileLayer.unlink(path));
      return {
        write: async (bytes) => {
          await step('write', path, () => file.write(half(bytes)));
          unsynced.add(path);
          await file.write(bytes);
        },
        sync: async () => {
          await step('sync', path);
          unsynced.delete(path);
        },
        // Closes in any case, since the files of a dead process are closed as well.
        close: async () => {
          await file.close();
          await step('close', path);
        },
      };
    },
    overwrite: async (path, bytes) => {
      await step('overwrite', path, () => nodeFileLayer.overwrite(path, half(bytes)));
      unsynced.add(path);
      await nodeFileLayer.overwrite(path, bytes);
    },
    readFile: async (path) => {
      await step('readFile', path);
      return nodeFileLayer.readFile(path);
    },
    rename: async (from, to) => {
      await step('rename', from);
      const replaced = await nodeFileLayer.readFile(to);
      if (!(await nodeFileLayer.rename(from, to))) return false;
      if (unsynced.delete(from)) unsynced.add(to);
      changed(to, async () => {
        await nodeFileLayer.rename(to, from);
        if (unsynced.delete(to)) unsynced.add(from);
        if (replaced !== undefined) await writeFile(to, replaced);
      });
      return true;
    },
    link: async (existing, path) => {
      await step('link', path);
      const result = await nodeFileLayer.link(existing, path);
      if (result === 'Linked') {
        if (unsynced.has(existing)) unsynced.add(path);
        changed(path, () => nodeFileLayer.unlink(path));
      }
      return result;
    },
    unlink: async (path) => {
      await step('unlink', path);
      const bytes = await nodeFileLayer.readFile(path);
      if (bytes !== undefined) changed(path, () => restore(path, bytes));
      return nodeFileLayer.unlink(path);
    },
    readdir: async (path) => {
      await step('readdir', path);
      return nodeFileLayer.readdir(path);
    },
    mkdir: async (path) => {
      await step('mkdir', path);
      const first = await nodeFileLayer.mkdir(path);
      if (first === undefined) return undefined;
      const made: string[] = [];
      for (let at = path; at.length >= first.length; at = dirname(at)) made.push(at);
      for (const folder of made.reverse()) changed(folder, () => rm(folder, { recursive: true, force: true }));
      return first;
    },
    stat: async (path) => {
      await step('stat', path);
      return nodeFileLayer.stat(path);
    },
    removeFolder: async (path) => {
      await step('removeFolder', path);
      if ((await nodeFileLayer.stat(path)) === undefined) return;
      const kept = `${path}.before-${trace.length}`;
      await cp(path, kept, { recursive: true });
      changed(path, () => nodeFileLayer.rename(kept, path));
      await nodeFileLayer.removeFolder(path);
    },
    syncFolder: async (path) => {
      await step('syncFolder', path);
      changes = changes.filter(({ folder }) => folder !== path);
    },
  };
}
