import { link, mkdir, open, readFile, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DistillError, toDistillError } from '@distillation/api/errors';

/**
 * The few file operations that the ledger is built on; tests use a layer that fails or dies at the k-th. What is part of normal
 * operation (a file does not exist, or exists already) is a return value, so whatever is thrown is a real failure. Nothing here
 * needs flock, inotify or synchronised clocks: a local folder, a hostPath and NFS all work.
 */
export interface FileLayer {
  /** Creates a file that must not exist yet (O_EXCL); undefined when it does. */
  create(path: string): Promise<NewFile | undefined>;
  /**
   * Writes in place, without fsync; a reader may see a partial write. The inode stays the same, so NFS readers see the change when
   * they open the file.
   */
  overwrite(path: string, bytes: Uint8Array): Promise<void>;
  /** Undefined when there is no such file. */
  readFile(path: string): Promise<Uint8Array | undefined>;
  /** Renames, replacing `to`; false when `from` does not exist. */
  rename(from: string, to: string): Promise<boolean>;
  /** Atomically creates a second name (hard link) for a file. */
  link(existing: string, path: string): Promise<'Linked' | 'Exists' | 'Unsupported'>;
  /** False when the file did not exist. */
  unlink(path: string): Promise<boolean>;
  /** Empty when there is no such folder; sorted by name. */
  readdir(path: string): Promise<readonly FolderEntry[]>;
  /** Creates a folder and its parents; returns the topmost one created, undefined when all existed. */
  mkdir(path: string): Promise<string | undefined>;
  stat(path: string): Promise<FileStatus | undefined>;
  /** Fsyncs a folder, so that the names in it survive a power failure. */
  syncFolder(path: string): Promise<void>;
  /** Deletes a folder and everything in it, if it exists. */
  removeFolder(path: string): Promise<void>;
  /** Runs several operations as one, and again when they fail for a reason that may be temporary; when absent, they run once. */
  readonly attempt?: <T>(operation: () => Promise<T>) => Promise<T>;
}

/** A file being written by the process that created it. */
export interface NewFile {
  write(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

interface FolderEntry {
  readonly name: string;
  readonly folder: boolean;
}

interface FileStatus {
  readonly bytes: number;
  /** Milliseconds, by the clock of the machine that serves the volume. */
  readonly modifiedMs: number;
}

/** The errno name of an error from `node:fs`, or of an error made from one. */
export function errnoOf(error: unknown): string | undefined {
  if (error instanceof DistillError) return errnoOf(error.cause);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * `mkdir -p`. Node's own reports ENOENT for a folder that cannot be created on a read-only volume; a plain mkdir gives the real
 * cause.
 */
async function makeFolders(path: string): Promise<string | undefined> {
  try {
    return await mkdir(path, { recursive: true });
  } catch (thrown) {
    if (errnoOf(thrown) !== 'ENOENT') throw thrown;
    const missing = await topmostMissing(path);
    await mkdir(missing);
    await mkdir(path, { recursive: true });
    return missing;
  }
}

async function topmostMissing(path: string): Promise<string> {
  const parent = dirname(path);
  const there = parent === path || (await stat(parent).catch(() => undefined)) !== undefined;
  return there ? path : topmostMissing(parent);
}

/** Runs an operation; the given errno values become return values. Errors of a file handle do not name the file, so the name is added. */
async function on<T, U = never>(
  path: string,
  operation: () => Promise<T>,
  expected: Readonly<Record<string, U>> = {},
): Promise<T | U> {
  try {
    return await operation();
  } catch (error) {
    const errno = errnoOf(error) ?? '';
    if (Object.hasOwn(expected, errno)) return expected[errno] as U;
    throw error instanceof Error && !('path' in error) ? Object.assign(error, { path }) : error;
  }
}

// Errors of file systems without hard links, or without fsync of a folder.
const NO_LINKS = {
  EPERM: 'Unsupported',
  ENOTSUP: 'Unsupported',
  EOPNOTSUPP: 'Unsupported',
  ENOSYS: 'Unsupported',
  EMLINK: 'Unsupported',
} as const;
const NO_FOLDER_SYNC = {
  EINVAL: undefined,
  ENOTSUP: undefined,
  EISDIR: undefined,
  EPERM: undefined,
  ENOENT: undefined,
};

const readWhole = (path: string): Promise<Uint8Array | undefined> =>
  on(path, () => readFile(path), { ENOENT: undefined, ENOTDIR: undefined });

/** The layer on the real file system. */
export const nodeFileLayer: FileLayer = {
  create: (path) =>
    on(
      path,
      async () => {
        const handle = await open(path, 'wx');
        return {
          write: (bytes) => on(path, () => handle.writeFile(bytes)),
          sync: () => on(path, () => handle.sync()),
          close: () => on(path, () => handle.close()),
        };
      },
      { EEXIST: undefined },
    ),
  overwrite: (path, bytes) =>
    on(path, async () => {
      const handle = await open(path, 'w');
      try {
        await handle.writeFile(bytes);
      } finally {
        await handle.close();
      }
    }),
  // NFS answers ESTALE when the file was replaced between being opened and being read.
  readFile: (path) =>
    readWhole(path).catch((error: unknown) => {
      if (errnoOf(error) === 'ESTALE') return readWhole(path);
      throw error;
    }),
  rename: (from, to) => on(from, () => rename(from, to).then(() => true), { ENOENT: false }),
  link: (existing, path) =>
    on(path, () => link(existing, path).then(() => 'Linked' as const), { EEXIST: 'Exists', ...NO_LINKS } as const),
  unlink: (path) => on(path, () => unlink(path).then(() => true), { ENOENT: false }),
  readdir: (path) =>
    on(
      path,
      async () => {
        const entries = await readdir(path, { withFileTypes: true });
        return entries
          .map((entry) => ({ name: entry.name, folder: entry.isDirectory() }))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
      },
      { ENOENT: [], ENOTDIR: [] },
    ),
  mkdir: (path) => on(path, () => makeFolders(path)),
  stat: (path) =>
    on(path, () => stat(path).then(({ size, mtimeMs }) => ({ bytes: size, modifiedMs: mtimeMs })), {
      ENOENT: undefined,
      ENOTDIR: undefined,
    }),
  syncFolder: (path) =>
    on(
      path,
      async () => {
        const handle = await open(path, 'r');
        try {
          await handle.sync();
        } finally {
          await handle.close();
        }
      },
      NO_FOLDER_SYNC,
    ),
  removeFolder: (path) => on(path, () => rm(path, { recursive: true, force: true })),
};

/** Runs several operations in the layer's own way of attempting them. */
export const attemptOn = <T>(layer: FileLayer, operation: () => Promise<T>): Promise<T> =>
  layer.attempt === undefined ? operation() : layer.attempt(operation);

/** Errors that mean access was lost, or never granted; only the caller knows which. */
export const DENIED = ['EROFS', 'EACCES', 'EPERM'];

/**
 * An error of the layer as one of the catalogue; an errno that the catalogue does not list counts as a fault of the storage. Other
 * errors stay as they are.
 */
function asVolumeError(error: unknown): unknown {
  if (error instanceof DistillError || errnoOf(error) === undefined) return error;
  const known = toDistillError(error);
  // Not "cannot be written": as far as is known here, the volume was usable before and the failure is temporary.
  const isOurs = known.code !== 'DISTILL_E_INTERNAL' && known.code !== 'DISTILL_E_VOLUME_NOT_WRITABLE';
  if (isOurs) return known;
  const details = known.subject === undefined ? { cause: error } : { cause: error, subject: known.subject };
  return new DistillError('DISTILL_E_VOLUME_IO', known.message, details);
}

/** The same layer, with errors of the catalogue that name the file. */
export function withVolumeErrors(layer: FileLayer): FileLayer {
  const told = async <T>(operation: Promise<T>): Promise<T> => {
    try {
      return await operation;
    } catch (error) {
      throw asVolumeError(error);
    }
  };
  return {
    create: async (path) => {
      const file = await told(layer.create(path));
      return (
        file && {
          write: (bytes) => told(file.write(bytes)),
          sync: () => told(file.sync()),
          close: () => told(file.close()),
        }
      );
    },
    overwrite: (path, bytes) => told(layer.overwrite(path, bytes)),
    readFile: (path) => told(layer.readFile(path)),
    rename: (from, to) => told(layer.rename(from, to)),
    link: (existing, path) => told(layer.link(existing, path)),
    unlink: (path) => told(layer.unlink(path)),
    readdir: (path) => told(layer.readdir(path)),
    mkdir: (path) => told(layer.mkdir(path)),
    stat: (path) => told(layer.stat(path)),
    syncFolder: (path) => told(layer.syncFolder(path)),
    removeFolder: (path) => told(layer.removeFolder(path)),
    ...(layer.attempt !== undefined && { attempt: layer.attempt }),
  };
}

/** Creates a folder durably: its name and those of its parents survive a power failure. */
export async function ensureFolder(layer: FileLayer, folder: string): Promise<void> {
  const first = await layer.mkdir(folder);
  if (first === undefined) return;
  for (let at = folder; at.length >= first.length; at = dirname(at)) await layer.syncFolder(dirname(at));
}
