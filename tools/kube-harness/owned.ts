import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { identify, judgeProcess, type ProcessIdentity } from '@distillation/ledger/process-identity';

/**
 * Processes that a test run has started on this machine, and what else it must undo (network namespaces, mounts). All is recorded in a
 * file from the start, so that it is cleaned up however the run ends: by `close`, by a watchdog if the run's process is killed, or by the
 * next run if the watchdog is killed too.
 */
export interface Owned {
  /**
   * Starts a process in a session of its own (Ctrl-C of the terminal does not reach it); its output is added to `log`.
   * @throws Error when the command cannot be started
   */
  start(command: OwnedCommand): OwnedProcess;
  /** Records a command that undoes something; they run in reverse order. To be recorded before the action that it undoes; it may fail. */
  undo(command: readonly [string, ...string[]]): void;
  /** Kills all processes (SIGKILL) and undoes everything. Calling it again has no effect. */
  close(): Promise<void>;
}

interface OwnedCommand {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Log file for standard output and error. */
  readonly log: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface OwnedProcess {
  readonly pid: number;
  /** How it ended ("exit code 1", "SIGKILL"); undefined while it runs. */
  ended(): string | undefined;
  /** Sends a signal and, except for SIGSTOP and SIGCONT, waits until the process is gone. No effect if it is gone already. */
  signal(signal: NodeJS.Signals): Promise<void>;
}

interface OwnedRecord {
  readonly owner: ProcessIdentity;
  processes: (ProcessIdentity & { readonly name: string })[];
  undo: (readonly [string, ...string[]])[];
}

/** Folder of the records of all runs of this user. */
const RECORDS = join(tmpdir(), `distillation-test-processes-${userInfo().uid}`);

/** Starts a record, after cleaning up what killed runs left behind. */
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
      // A failure to start shows in the missing process ID; an unhandled event would end this process.
      child.once('error', () => undefined);
      if (child.pid === undefined) throw new Error(`${name}: ${command} cannot be started`);
      // A finished test process may exit; the watchdog then kills this process.
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

/** Waits for an unreferenced child, which alone would not keep this process alive. */
function exited(child: ChildProcess): Promise<void> {
  child.ref();
  return new Promise((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    if (child.exitCode !== null || child.signalCode !== null) resolve();
  });
}

/** A process that waits for the end of its standard input, which comes however its parent dies, and then reaps. */
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

/** Cleans up everything on a record, and only that, and removes the record. No effect without a record. */
export function reap(file: string): void {
  let record: OwnedRecord;
  try {
    record = JSON.parse(readFileSync(file, 'utf8')) as OwnedRecord;
  } catch {
    return;
  }
  for (const owned of record.processes.toReversed()) {
    if (judgeProcess(owned) !== 'Alive') continue;
    try {
      process.kill(owned.pid, 'SIGKILL');
    } catch {
      // It has ended by itself in the meantime.
    }
  }
  for (const [command, ...args] of record.undo.toReversed())
    spawnSync(command, args, { stdio: 'ignore', timeout: 30_000 });
  rmSync(file, { force: true });
}

/** Reaps the records of dead owners. A watchdog may do the same at the same time, so each step may find its work done. */
function sweep(records: string): void {
  for (const entry of readdirSync(records)) {
    if (!entry.endsWith('.json')) continue;
    const file = join(records, entry);
    try {
      if (judgeProcess((JSON.parse(readFileSync(file, 'utf8')) as OwnedRecord).owner) === 'Alive') continue;
    } catch {
      continue;
    }
    reap(file);
  }
}
