import { type ChildProcess, fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LAYOUT } from '@distillation/api/layout';
import { decodeTermination, type Termination } from '@distillation/api/termination';

/** The error that a worker exited with, as in a pod's termination message. */
type ErrorTermination = Extract<Termination, { readonly type: 'Error' }>;

/** Message that the worker's `remark` sends. */
interface Remark {
  readonly type: 'Remark';
  readonly line: string;
}

/** A worker process, the counterpart in local mode of a pod on a cluster. */
export interface LocalWorker {
  readonly role: string;
  readonly logFile: string;
  /** Exit code and termination message; undefined while it runs. */
  exit(): { readonly code: number; readonly termination: ErrorTermination | undefined } | undefined;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  /** Asks it to stop; what is on the volume is kept. */
  stop(): void;
}

interface SpawnOptions {
  /** `planner`, `bin-0`, `finalizer`; also the name of its log. */
  readonly role: string;
  readonly args: readonly string[];
  /** The job's folder. */
  readonly folder: string;
  /** Called with messages of the worker for the terminal, besides its log. */
  readonly onRemark: (line: string) => void;
}

const WORKER = fileURLToPath(import.meta.resolve('@distillation/worker/main'));
/** Exit code by which shells report a process that a signal ended. */
const exitCodeOf = (signal: NodeJS.Signals | null): number => 128 + (signal === null ? 0 : constants.signals[signal]);

/** The error in a worker's termination message, if there is one. */
export async function readError(path: string): Promise<ErrorTermination | undefined> {
  try {
    return errorIn(decodeTermination(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

const errorIn = (message: Termination | undefined): ErrorTermination | undefined =>
  message?.type === 'Error' ? message : undefined;

/** Starts a worker with its output in a log file. It stops by itself when this process dies, since its IPC channel closes. */
export async function startWorker({ role, args, folder, onRemark }: SpawnOptions): Promise<LocalWorker> {
  const logFile = join(folder, LAYOUT.log(role));
  const terminationFile = join(folder, LAYOUT.terminationMessage(role));
  await mkdir(dirname(logFile), { recursive: true });
  // The termination message of an earlier run must not be mistaken for this one's.
  await rm(terminationFile, { force: true });
  await rm(join(folder, LAYOUT.progressFolder, `${role}.json`), { force: true });
  const log = createWriteStream(logFile, { flags: 'a' });
  const child: ChildProcess = fork(WORKER, [...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, DISTILL_TERMINATION_LOG: terminationFile },
  });
  for (const output of [child.stdout, child.stderr]) {
    output?.pipe(log, { end: false });
    // A log that cannot be written, for example on a full disk, must neither end the run nor block the worker's output.
    log.on('error', () => output?.resume());
  }
  let error: ErrorTermination | undefined;
  child.on('message', (message) => {
    const words = message as Termination | Remark;
    if (words.type === 'Remark') onRemark(words.line);
    else error = errorIn(words);
  });
  let exit: ReturnType<LocalWorker['exit']>;
  const ended = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      log.end();
      exit = { code: code ?? exitCodeOf(signal), termination: error };
      resolve();
    });
  });
  return { role, logFile, exit: () => exit, ended, stop: () => child.kill('SIGTERM') };
}
