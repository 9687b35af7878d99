import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts';

/**
 * What a test run has started on this machine, and what else it must take back (network namespaces, mounts). It is on record in
 * a file from the moment it exists, so that it ends with the run however that ends: by `close`, by a watchdog when the
 * run's process is killed, or by the next run when the watchdog was killed too.
 */
export interface Owned {
  /**
   * Starts a process in a session of its own (Ctrl-C of the terminal does not reach it); its output is added to `log`.
   * @throws Error when the command cannot be started
   */
  start(command: OwnedCommand): OwnedProcess;
  /** Records a command that takes something back, last recorded first run. Record it before making what it removes; it may fail. */
  undo(command: readonly [string, ...string[]]): void;
  /** Ends all that runs (SIGKILL) and takes everything back. Again: nothing. */
  close(): Promise<void>;
}

interface OwnedCommand {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** A file that takes standard output and error. */
  readonly log: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface OwnedProcess {
  readonly pid: number;
  /** How it ended ("exit code 1", "SIGKILL"); undefined while it runs. */
  ended(): string | undefined;
  /** Sends a signal and, unless it only stops or continues, waits until the process is gone. Gone already: nothing. */
  signal(signal: NodeJS.Signals): Promise<void>;
}

interface OwnedRecord {
  readonly owner: ProcessIdentity;
  processes: (ProcessIdentity & { readonly name: string })[];
  undo: (readonly [string, ...string[]])[];
}

/** Where the records of all runs of this user are. */
const RECORDS = join(tmpdir(), `distillation-test-runs-${userInfo().uid}`);

/** Begins a record; before that, ends what runs that were killed left behind. */
export function openOwned(records = RECORDS): Owned {
  mkdirSync(records, { recursive: true, mode: 0o700 });
  sweep(records);
  const owner = identify(process.pid);
  if (owner === undefined) throw new Error('this process cannot find itself');
  const file = join(records, `${randomUUID()}.json`);
  const record: OwnedRecord = { owner, processes: [], undo: [] };
  let closed = false;
  const save = (): void => {
    if (closed) return;
    writeFileSync(`${file}.new`, JSON.stringify(record));
    renameSync(`${file}.new`, file);
  };
  save();
  const watchdog = startWatchdog(file);
  const running = new Set<ChildProcess>();

  return {
    start: ({ name, command: [command, ...args], log, env }) => {
      const output = openSync(log, 'a');
      const child = spawn(command, args, {
        detached: true,
        stdio: ['ignore', output, output],
        env: { ...process.env, ...env },
      });
      closeSync(output);
      // A failure to start is told by the missing process id; the event would only end this process.
      child.once('error', () => undefined);
      if (child.pid === undefined) throw new Error(`${name}: ${command} cannot be started`);
      // A test process whose work is done may end; the watchdog then ends this one.
      child.unref();
      running.add(child);
      const identity = identify(child.pid);
      if (identity !== undefined) record.processes.push({ ...identity, name });
      save();
      child.once('exit', () => {
        running.delete(child);
        record.processes = record.processes.filter(({ pid }) => pid !== child.pid);
        save();
      });
      return ownedProcess(child, child.pid);
    },
    undo: (command) => {
      record.undo.push(command);
      save();
    },
    close: async () => {
      if (closed) return;
      closed = true;
      const exits = [...running, watchdog].map((child) => exited(child));
      reap(file);
      watchdog.stdin?.end();
      await Promise.all(exits);
    },
  };
}

function ownedProcess(child: ChildProcess, pid: number): OwnedProcess {
  const ended = (): string | undefined =>
    child.signalCode ?? (child.exitCode === null ? undefined : `exit code ${child.exitCode}`);
  return {
    pid,
    ended,
    signal: async (signal) => {
      if (ended() !== undefined) return;
      const gone = exited(child);
      child.kill(signal);
      if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await gone;
    },
  };
}

/** Keeps this process waiting for it, unlike `unref` as such. */
function exited(child: ChildProcess): Promise<void> {
  child.ref();
  return new Promise((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    if (child.exitCode !== null || child.signalCode !== null) resolve();
  });
}

/** A process that does nothing until its standard input ends, as it does when its parent dies in whatever way; then it reaps. */
function startWatchdog(file: string): ChildProcess {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'watchdog.ts'), file],
    {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  );
  child.unref();
  (child.stdin as unknown as { unref: () => void }).unref();
  return child;
}

/** Ends all that is on a record, and only that, and removes it. Without a record: nothing. */
export function reap(file: string): void {
  let record: OwnedRecord;
  try {
    record = JSON.parse(readFileSync(file, 'utf8')) as OwnedRecord;
  } catch {
    return;
  }
  for (const owned of record.processes.toReversed()) {
    if (!isRunning(owned)) continue;
    try {
      process.kill(owned.pid, 'SIGKILL');
    } catch {
      // It ended by itself in this very moment.
    }
  }
  for (const [command, ...args] of record.undo.toReversed())
    spawnSync(command, args, { stdio: 'ignore', timeout: 30_000 });
  rmSync(file, { force: true });
}

/** Reaps the records whose owner is gone. A watchdog may be doing the same: each step may find its work done. */
function sweep(records: string): void {
  for (const entry of readdirSync(records)) {
    if (!entry.endsWith('.json')) continue;
    const file = join(records, entry);
    try {
      if (isRunning((JSON.parse(readFileSync(file, 'utf8')) as OwnedRecord).owner)) continue;
    } catch {
      continue;
    }
    reap(file);
  }
}
