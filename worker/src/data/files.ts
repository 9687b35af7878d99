import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DistillError, toDistillError } from '@distillation/api/errors';
import { sharedBytes } from './shared.ts';

/** Reading of data set files, with the errors a user understands. */

function errno(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined;
}

/** What a failed file operation means for a data set. */
export function datasetError(thrown: unknown, path: string): DistillError {
  if (thrown instanceof DistillError) return thrown;
  const code = errno(thrown);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
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

/** Opens a file for reading, closes it after. @throws DistillError DISTILL_E_DATASET_MISSING */
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

export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (errno(thrown) === 'ENOENT') return undefined;
    throw datasetError(thrown, path);
  }
}

/** The first of these names that is a file of the folder. */
export async function firstFile(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found?.isFile()) return name;
  }
  return undefined;
}
