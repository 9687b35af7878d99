import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { DistillError, type ErrorCode, toDistillError } from '@distillation/api/errors';
import { bytes, plural, someOf } from '@distillation/api/format';
import { sentences } from '@distillation/api/sentences';
import { finished, nextAnswer } from './answers.ts';
import { type LocalFile, localHash } from './local-files.ts';
import type { OpenSession, Session } from './session.ts';

/** How far a copy is, in bytes of all files. */
export interface CopyProgress {
  readonly stage: 'compare' | 'copy' | 'check';
  readonly done: number;
  readonly total: number;
  /** The file at hand. */
  readonly path: string;
}

export interface Pushed {
  readonly files: number;
  readonly bytes: number;
  /** Of these, how many were there already. */
  readonly there: number;
}

const CHUNK = 256 * 1024;

/**
 * Copies files to the volumes: those that are not there already, with the right size and hash. In the end all are hashed once more where
 * they lie and compared with what lies here.
 *
 * @param coming files and folders that are incomplete until this is done, as `receive` is told
 * @throws DistillError with what was copied and what was not
 */
export async function pushFiles(
  open: OpenSession,
  { files, coming }: { readonly files: readonly LocalFile[]; readonly coming: readonly string[] },
  onProgress: (progress: CopyProgress) => void = () => undefined,
): Promise<Pushed> {
  const total = sum(files);
  const { same, hashes } = await compare(open, files, onProgress);
  const missing = files.filter(({ path }) => !same.has(path));
  const session = await open(['files', 'receive']);
  const copied: LocalFile[] = [];
  try {
    await session.write(line({ coming }));
    for (const file of missing) {
      const before = sum(copied);
      const onBytes = (done: number): void => {
        onProgress({ stage: 'copy', done: before + done, total: sum(missing), path: file.path });
      };
      hashes.set(file.path, await copyOne(session, file, onBytes));
      copied.push(file);
    }
    await session.write('\n');
    await finished(session);
  } catch (thrown) {
    throw partly(toDistillError(thrown), { copied, missing, there: same.size });
  } finally {
    session.close();
  }
  if (copied.length > 0) await check(open, copied, { hashes, onProgress });
  return { files: files.length, bytes: total, there: same.size };
}

const line = (message: object): string => `${JSON.stringify(message)}\n`;
const sum = (files: readonly { readonly size: number }[]): number => files.reduce((all, { size }) => all + size, 0);

/** Which files are there already. Those of the right size are hashed at both ends, at the same time. */
async function compare(
  open: OpenSession,
  files: readonly LocalFile[],
  onProgress: (progress: CopyProgress) => void,
): Promise<{ same: Set<string>; hashes: Map<string, string> }> {
  const [same, hashes] = [new Set<string>(), new Map<string, string>()];
  let done = 0;
  await lookAt(open, files, async (file, there) => {
    if (there !== undefined) {
      const here = (await localHash(file.from)) ?? '';
      hashes.set(file.path, here);
      if (here === there) same.add(file.path);
    }
    done += file.size;
    onProgress({ stage: 'compare', done, total: sum(files), path: file.path });
  });
  return { same, hashes };
}

/** Asks for the hash of each file as it lies on the volume; undefined where none of that size is there. */
async function lookAt(
  open: OpenSession,
  files: readonly LocalFile[],
  onAnswer: (file: LocalFile, sha256: string | undefined) => Promise<void>,
): Promise<void> {
  const session = await open(['files', 'look']);
  try {
    // Asked while answers come: of a million files neither the questions nor the answers fit into what is on its way.
    const asking = (async () => {
      for (const { path, size } of files) await session.write(line({ path, size }));
      await session.write('\n');
    })();
    for (const file of files) {
      const answer = await nextAnswer(session);
      await onAnswer(file, answer.type === 'File' ? answer.sha256 : undefined);
    }
    await asking;
    await finished(session);
  } finally {
    session.close();
  }
}

/** @returns the hash of what was sent */
async function copyOne(
  session: Session,
  { from, path, size }: LocalFile,
  onBytes: (done: number) => void,
): Promise<string> {
  // A failure is answered while bytes are still being sent.
  const answer = nextAnswer(session);
  const state = { failed: false };
  answer.catch(() => {
    state.failed = true;
  });
  const hash = createHash('sha256');
  let done = 0;
  await session.write(line({ path, size }));
  for await (const chunk of createReadStream(from, { highWaterMark: CHUNK })) {
    if (state.failed || done >= size) break;
    const piece = (chunk as Buffer).subarray(0, size - done);
    hash.update(piece);
    await session.write(piece);
    done += piece.length;
    onBytes(done);
  }
  if (!state.failed && done < size) {
    throw new DistillError('DISTILL_E_TRANSFER', `${from} became shorter while it was copied.`, { subject: from });
  }
  const sha256 = hash.digest('hex');
  await session.write(line({ sha256 }));
  await answer;
  return sha256;
}

async function check(
  open: OpenSession,
  files: readonly LocalFile[],
  {
    hashes,
    onProgress,
  }: { readonly hashes: ReadonlyMap<string, string>; readonly onProgress: (at: CopyProgress) => void },
): Promise<void> {
  let done = 0;
  const wrong: string[] = [];
  await lookAt(open, files, (file, there) => {
    if (there !== hashes.get(file.path)) wrong.push(file.path);
    done += file.size;
    onProgress({ stage: 'check', done, total: sum(files), path: file.path });
    return Promise.resolve();
  });
  if (wrong.length === 0) return;
  const message = `${plural(wrong.length, 'file')} on the volume differ from what was sent, the first ${wrong[0] ?? ''}.`;
  throw new DistillError('DISTILL_E_TRANSFER_INTEGRITY', message, { subject: wrong[0] ?? '' });
}

/** Most names that a message holds. */
const NAMED = 5;

/** What to do where the catalogue speaks of a job. */
const FIXES: Partial<Record<ErrorCode, string>> = {
  DISTILL_E_DISK_FULL:
    'Free space on the volume or enlarge it, then run the same command: what has arrived whole is not copied a second time.',
};

/** What failed, with what was and was not copied. */
export function partly(
  error: DistillError,
  {
    copied,
    missing,
    there,
  }: { readonly copied: readonly LocalFile[]; readonly missing: readonly LocalFile[]; readonly there: number },
): DistillError {
  const left = missing.slice(copied.length);
  const names = left.map(({ path }) => path);
  return new DistillError(
    error.code,
    sentences(
      error.message,
      `Copied: ${plural(copied.length, 'file')} (${bytes(sum(copied))})${there === 0 ? '' : `, ${there} were there`}`,
      left.length === 0
        ? ''
        : `Not copied: ${plural(left.length, 'file')} (${bytes(sum(left))}): ${someOf(names, NAMED)}`,
    ),
    {
      cause: error,
      fix: FIXES[error.code] ?? error.fix,
      ...(error.subject !== undefined && { subject: error.subject }),
    },
  );
}
