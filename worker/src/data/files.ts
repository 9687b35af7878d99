import { type FileHandle, lstat, open, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DistillError, toDistillError } from '@distillation/api/errors';
import { listed, nearWords } from './near.ts';
import { sharedBytes } from './shared.ts';

/** Reading of data set files, with errors that a user understands. */

/** The errno name of an error of `node:fs`. */
export function errno(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined;
}

const notAFolder = (path: string, cause: unknown): DistillError =>
  new DistillError('DISTILL_E_DATASET_MISSING', `${path} is not a folder.`, { subject: path, cause });

/** Translates a failed file operation on a data set. */
export function datasetError(thrown: unknown, path: string): DistillError {
  if (thrown instanceof DistillError) return thrown;
  const code = errno(thrown);
  if (code === 'ENOTDIR') return notAFolder(dirname(path), thrown);
  if (code === 'ENOENT') {
    return new DistillError('DISTILL_E_DATASET_MISSING', `There is no ${path}.`, { subject: path, cause: thrown });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new DistillError('DISTILL_E_DATASET_MISSING', `${path} may not be read (${code}).`, {
      subject: path,
      cause: thrown,
    });
  }
  return toDistillError(thrown);
}

/** Translates the failure to open the data folder itself; of one that is not there it says what may have been meant. */
export async function folderError(thrown: unknown, folder: string): Promise<DistillError> {
  if (errno(thrown) !== 'ENOENT') return datasetError(thrown, folder);
  const message = `There is no ${folder}.${await nearWords(folder)}`;
  return new DistillError('DISTILL_E_DATASET_MISSING', message, { subject: folder, cause: thrown });
}

/**
 * Why a file from a listing cannot be opened, as a phrase after its name; undefined for failures of the storage, which may be
 * temporary.
 */
export async function whyNotOpened(thrown: unknown, path: Buffer): Promise<string | undefined> {
  const code = errno(thrown);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR': {
      const link = await lstat(path).catch(() => undefined);
      return link?.isSymbolicLink() === true ? 'is a link to a file that is not there' : 'is not there';
    }
    case 'ELOOP':
      return 'is a link that leads back to itself';
    case 'EISDIR':
      return 'is a folder';
    case 'EACCES':
    case 'EPERM':
      return `may not be read (${code})`;
    default:
      return undefined;
  }
}

/** Opens a file for reading and closes it afterwards. @throws DistillError DISTILL_E_DATASET_MISSING */
export async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    const file = await open(path);
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw datasetError(thrown, path);
  }
}

/** A whole file in shared memory. @throws DistillError DISTILL_E_DATASET_MISSING */
export async function readShared(path: string): Promise<Uint8Array<SharedArrayBuffer>> {
  return withFile(path, async (file) => {
    const { size } = await file.stat();
    const bytes = sharedBytes(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  });
}

/**
 * Throws the error again. For a missing file it adds what is in the folder (as much as a message should hold), or that the folder
 * does not exist.
 */
export async function namedInstead(error: unknown, folder: string): Promise<never> {
  if (!(error instanceof DistillError) || error.code !== 'DISTILL_E_DATASET_MISSING') throw error;
  let found: string[];
  try {
    found = await readdir(folder);
  } catch (thrown) {
    throw errno(thrown) === 'ENOTDIR' ? notAFolder(folder, thrown) : await folderError(thrown, folder);
  }
  throw new DistillError(error.code, `${error.message} ${listed(folder, found)}`, {
    cause: error.cause,
    ...(error.subject !== undefined && { subject: error.subject }),
  });
}

export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (errno(thrown) === 'ENOENT') return undefined;
    throw datasetError(thrown, path);
  }
}

/** The first of these names that exists as a file in the folder. */
export async function firstFile(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found?.isFile()) return name;
  }
  return undefined;
}
