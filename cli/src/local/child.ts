import { type ChildProcess, fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LAYOUT } from '@distillation/api/layout';

/** What a worker said when it ended, as a pod's termination message would. */
export interface Termination {
  readonly code?: string;
  readonly message?: string;
  readonly fix?: string;
}

/** A worker process: in local mode what a pod is on a cluster. */
export interface LocalWorker {
  readonly role: string;
  readonly logFile: string;
  /** Undefined while it runs. */
  exit(): { readonly code: number; readonly termination: Termination | undefined } | undefined;
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
}

const WORKER = fileURLToPath(new URL('../../../worker/src/main.ts', import.meta.url));
/** As the kernel reports a process ended by a signal to a shell. */
const KILLED = 137;

async function readTermination(path: string): Promise<Termination | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Termination;
  } catch {
    return undefined;
  }
}

/** Starts a worker with its output in a log file. It ends by itself when this process dies: its channel to us closes. */
export async function startWorker({ role, args, folder }: SpawnOptions): Promise<LocalWorker> {
  const logFile = join(folder, LAYOUT.log(role));
  const terminationFile = join(dirname(logFile), `${role}.termination`);
  await mkdir(dirname(logFile), { recursive: true });
  await rm(terminationFile, { force: true });
  const log = createWriteStream(logFile, { flags: 'a' });
  const child: ChildProcess = fork(WORKER, [...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, DISTILL_TERMINATION_LOG: terminationFile },
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  let exit: ReturnType<LocalWorker['exit']>;
  const ended = new Promise<void>((resolve) => {
    child.once('close', (code) => {
      log.end();
      void readTermination(terminationFile).then((termination) => {
        exit = { code: code ?? KILLED, termination };
        resolve();
      });
    });
  });
  return { role, logFile, exit: () => exit, ended, stop: () => child.kill('SIGTERM') };
}
