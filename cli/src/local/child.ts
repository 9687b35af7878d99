import { type ChildProcess, fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LAYOUT } from '@distillation/api/layout';
import { decodeTermination, type Termination } from '@distillation/api/termination';

/** With what error a worker ended, as a pod's termination message would say it. */
export type ErrorTermination = Extract<Termination, { readonly type: 'Error' }>;

/** What `remark` of the worker sends. */
interface Remark {
  readonly type: 'Remark';
  readonly line: string;
}

/** A worker process: in local mode what a pod is on a cluster. */
export interface LocalWorker {
  readonly role: string;
  readonly logFile: string;
  /** Undefined while it runs. */
  exit(): { readonly code: number; readonly termination: ErrorTermination | undefined } | undefined;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  /** Asks it to end; it keeps what is on the volume. */
  stop(): void;
}

interface SpawnOptions {
  /** `planner`, `bin-0`, `finalizer`: names the log. */
  readonly role: string;
  readonly args: readonly string[];
  /** The job's folder. */
  readonly folder: string;
  /** Called with what the worker wants a person at the terminal to see, besides its log. */
  readonly onRemark: (line: string) => void;
}

const WORKER = fileURLToPath(import.meta.resolve('@distillation/worker/main'));
/** As the kernel reports a process ended by a signal to a shell. */
const KILLED = 137;

/** The error that a worker's last words tell of, if they do. */
export async function readError(path: string): Promise<ErrorTermination | undefined> {
  try {
    return errorOf(decodeTermination(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

const errorOf = (said: Termination | undefined): ErrorTermination | undefined =>
  said?.type === 'Error' ? said : undefined;

/** Starts a worker with its output in a log file. It ends by itself when this process dies: its channel to us closes. */
export async function startWorker({ role, args, folder, onRemark }: SpawnOptions): Promise<LocalWorker> {
  const logFile = join(folder, LAYOUT.log(role));
  const lastWords = join(folder, LAYOUT.lastWords(role));
  await mkdir(dirname(logFile), { recursive: true });
  // What an earlier life said of itself must not be taken for news of this one.
  await rm(lastWords, { force: true });
  await rm(join(folder, LAYOUT.progressFolder, `${role}.json`), { force: true });
  const log = createWriteStream(logFile, { flags: 'a' });
  const child: ChildProcess = fork(WORKER, [...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, DISTILL_TERMINATION_LOG: lastWords },
  });
  for (const output of [child.stdout, child.stderr]) {
    output?.pipe(log, { end: false });
    // A log that cannot be written, as on a full disk, must neither end the run nor stop a worker that talks.
    log.on('error', () => output?.resume());
  }
  let said: ErrorTermination | undefined;
  child.on('message', (message) => {
    const words = message as Termination | Remark;
    if (words.type === 'Remark') onRemark(words.line);
    else said = errorOf(words);
  });
  let exit: ReturnType<LocalWorker['exit']>;
  const ended = new Promise<void>((resolve) => {
    child.once('close', (code) => {
      log.end();
      exit = { code: code ?? KILLED, termination: said };
      resolve();
    });
  });
  return { role, logFile, exit: () => exit, ended, stop: () => child.kill('SIGTERM') };
}
