import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import { attemptOn, DENIED, ensureFolder, errnoOf, type FileLayer } from './file-layer.ts';

/**
 * Files that are there as a whole or not at all: written under a temporary name in the same folder, fsynced and renamed, after
 * which the folder is fsynced.
 */

/** `.name.writer.pid.random.tmp`; by the writer (such as `bin-3`) a later life of the same writer recognises its own file. */
const TEMPORARY = /^\..+\.([^.]+)\.\d+\.[0-9a-f]+\.tmp$/;

/** Milliseconds without a write after which a temporary file has no living writer: writing one takes seconds. */
const DEAD_AFTER_MS = 15 * 60_000;

/** Errors of the file system for a path that cannot be a folder, or that is something else. */
const NOT_A_FOLDER = ['ENOTDIR', 'EEXIST', 'ENOENT', 'ENAMETOOLONG', 'ELOOP'];

export interface WriteOptions {
  /** Name of the writer, without dots; see `sweep`. */
  readonly writer?: string;
  /** False for files that may be lost in a power failure: they are not fsynced. */
  readonly durable?: boolean;
}

function temporaryPath(path: string, writer = 'any'): string {
  return join(dirname(path), `.${basename(path)}.${writer}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`);
}

/**
 * Writes and closes a new file. When that fails, it removes what was written, so that a full disk does not stay full of partial
 * files.
 */
export async function writeNew(
  layer: FileLayer,
  path: string,
  { bytes, durable }: { bytes: Uint8Array; durable: boolean },
): Promise<boolean> {
  const file = await layer.create(path);
  if (file === undefined) return false;
  try {
    try {
      await file.write(bytes);
      if (durable) await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await layer.unlink(path).catch(() => false);
    throw error;
  }
  return true;
}

/** Creates or replaces the file; after a crash at any moment it holds the old bytes or the new ones. */
export function writeAtomic(
  layer: FileLayer,
  path: string,
  options: WriteOptions & { readonly bytes: Uint8Array },
): Promise<void> {
  return attemptOn(layer, () => writeOnce(layer, path, options));
}

async function writeOnce(
  layer: FileLayer,
  path: string,
  { bytes, writer, durable = true }: WriteOptions & { readonly bytes: Uint8Array },
): Promise<void> {
  await ensureFolder(layer, dirname(path));
  // A sweep by another life of this writer may delete the temporary file; it is written again, a limited number of times.
  for (let attempt = 0; attempt < 3; attempt++) {
    const temporary = temporaryPath(path, writer);
    await writeNew(layer, temporary, { bytes, durable });
    if (await layer.rename(temporary, path)) {
      if (durable) await layer.syncFolder(dirname(path));
      return;
    }
  }
  throw new DistillError('DISTILL_E_VOLUME_IO', `Temporary files of ${path} vanish while they are written.`, {
    subject: path,
  });
}

/**
 * Creates the file unless it exists; of several callers, each with its own bytes, exactly one gets true. On a volume with hard
 * links the file appears as a whole; otherwise it is created by O_EXCL and may stay incomplete after a crash, so that its writer is
 * then unknown.
 */
export function createExclusive(
  layer: FileLayer,
  path: string,
  options: WriteOptions & { readonly bytes: Uint8Array },
): Promise<boolean> {
  return attemptOn(layer, () => createOnce(layer, path, options));
}

async function createOnce(
  layer: FileLayer,
  path: string,
  { bytes, writer }: WriteOptions & { readonly bytes: Uint8Array },
): Promise<boolean> {
  await ensureFolder(layer, dirname(path));
  const temporary = temporaryPath(path, writer);
  await writeNew(layer, temporary, { bytes, durable: true });
  let made: boolean;
  switch (await layer.link(temporary, path)) {
    case 'Linked':
      made = true;
      break;
    case 'Exists':
      // When NFS repeats a link(2) whose first answer was lost, EEXIST reports the link that the first one made.
      made = Buffer.from(bytes).equals((await layer.readFile(path)) ?? new Uint8Array());
      break;
    case 'Unsupported':
      made = await writeNew(layer, path, { bytes, durable: true });
      break;
  }
  await layer.unlink(temporary);
  if (made) await layer.syncFolder(dirname(path));
  return made;
}

/**
 * Deletes temporary files of dead writers anywhere under the folder; returns how many. Those of `writer` itself are deleted at
 * once, since they are from an earlier life. Those of others are deleted by age: the difference of two times set by the machine
 * that serves the volume (`nowMs` is the time of a file just written), so that clocks of two machines are never compared.
 */
export async function sweep(
  layer: FileLayer,
  folder: string,
  { writer, nowMs }: { readonly writer: string; readonly nowMs: number },
): Promise<number> {
  let swept = 0;
  for (const entry of await layer.readdir(folder)) {
    const path = join(folder, entry.name);
    if (entry.folder) {
      swept += await sweep(layer, path, { writer, nowMs });
      continue;
    }
    const owner = TEMPORARY.exec(entry.name)?.[1];
    if (owner === undefined) continue;
    const status = owner === writer ? undefined : await layer.stat(path);
    const dead = owner === writer || (status !== undefined && nowMs - status.modifiedMs > DEAD_AFTER_MS);
    if (dead && (await layer.unlink(path))) swept++;
  }
  return swept;
}

/**
 * Makes sure that the folder can be written, and returns the volume's own time in milliseconds.
 * @param written whether this job has written there before: then what prevents writing may be temporary
 * @throws DISTILL_E_VOLUME_NOT_WRITABLE naming the folder; DISTILL_E_VOLUME_IO, DISTILL_E_DISK_FULL for what may be temporary.
 */
export async function checkWritable(
  layer: FileLayer,
  folder: string,
  written: () => Promise<boolean> = () => Promise.resolve(false),
): Promise<number> {
  try {
    await ensureFolder(layer, folder);
    const probe = temporaryPath(join(folder, 'write-check'));
    await writeNew(layer, probe, { bytes: new Uint8Array(4096), durable: true });
    const status = await layer.stat(probe);
    await layer.unlink(probe);
    return status?.modifiedMs ?? 0;
  } catch (error) {
    const errno = errnoOf(error) ?? '';
    const isDenied = DENIED.includes(errno);
    if (!(error instanceof DistillError) || !(isDenied || NOT_A_FOLDER.includes(errno))) throw error;
    const details = { subject: folder, cause: error };
    if (isDenied && (await written())) {
      const message = `Cannot write to ${folder} just now, where this job wrote before: ${error.message}.`;
      throw new DistillError('DISTILL_E_VOLUME_IO', message, details);
    }
    // A file where a folder has to be is not a matter of permissions.
    const way = isDenied ? {} : { fix: 'Give a path on the volume where a folder is or can be made.' };
    throw new DistillError('DISTILL_E_VOLUME_NOT_WRITABLE', `Cannot write to ${folder}: ${error.message}.`, {
      ...details,
      ...way,
    });
  }
}
