import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import { attemptOn, DENIED, ensureFolder, errnoOf, type FileLayer } from './file-layer.ts';

/**
 * Files that appear whole or not at all: written under a temporary name in the same folder, fsynced, renamed, and the folder
 * fsynced.
 */

/** `.name.writer.pid.random.tmp`; the writer (such as `bin-3`) tells a later life of the same writer that the file is its own. */
const TEMPORARY = /^\..+\.([^.]+)\.\d+\.[0-9a-f]+\.tmp$/;

/** A temporary that nobody has written to for this long has no living writer: writing one takes seconds. */
const DEAD_AFTER_MS = 15 * 60_000;

/** What the file system says of a path that no folder can have, or that is another thing. */
const NOT_A_FOLDER = ['ENOTDIR', 'EEXIST', 'ENOENT', 'ENAMETOOLONG', 'ELOOP'];

export interface WriteOptions {
  /** Who writes, without dots; see `sweep`. */
  readonly writer?: string;
  /** False for files whose loss at a power cut does not matter: no fsync. */
  readonly durable?: boolean;
}

function temporaryPath(path: string, writer = 'any'): string {
  return join(dirname(path), `.${basename(path)}.${writer}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`);
}

/** Writes and closes a new file; takes away what there is of it when that fails (a full disk must not stay full of rests). */
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

/** Makes or replaces the file; after a crash at any moment it holds the old bytes or the new. */
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
  // A sweep by another life of this writer may take the temporary away: write it again, but not for ever.
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
 * Makes the file unless there is one; of several callers, each with bytes of its own, exactly one gets true. Where the volume has hard links the file appears
 * whole; where not, it is made by O_EXCL and may stay cut after a crash, so readers must take such a file for that of an unknown.
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
      // A link(2) that NFS repeats because the first answer was lost reports what it has made itself.
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
 * Deletes temporaries of dead writers anywhere under the folder; returns how many. Those of `writer` itself go at once: they are
 * from an earlier life. Those of others go by age, the age being the difference of two times stamped by the machine that serves
 * the volume (`nowMs` is the time of a file just written), so no two machines' clocks are compared.
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
 * @param written whether this job has written there before: what keeps it out now may pass
 * @throws DISTILL_E_VOLUME_NOT_WRITABLE naming the folder; DISTILL_E_VOLUME_IO, DISTILL_E_DISK_FULL for what may pass.
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
    // A file stands where a folder has to be, which no right to write helps.
    const way = isDenied ? {} : { fix: 'Give a path on the volume where a folder is or can be made.' };
    throw new DistillError('DISTILL_E_VOLUME_NOT_WRITABLE', `Cannot write to ${folder}: ${error.message}.`, {
      ...details,
      ...way,
    });
  }
}
