import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { ProgramName } from '../../tools/build/bundle.ts';
import { programPath, type Variant } from './programs.ts';
import { until } from '../../tools/kube-harness/access/until.ts';

/** The real programs as child processes, and the means to kill them. Only processes started here are ever touched. */

export interface Ended {
  /** Undefined when it was killed. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** What it wrote to stdout so far. */
  stdout(): string;
  stderr(): string;
  signal(signal: NodeJS.Signals): void;
  /** kill -9 of it and all that it started. */
  killAll(): void;
}

interface Surroundings {
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder in which it is run; default this process's. */
  readonly cwd?: string;
}

function start(script: string, args: readonly string[], { env = {}, cwd }: Surroundings = {}): Program {
  const child: ChildProcess = spawn(process.execPath, [script, ...args], {
    // A group of its own, so that it can be killed as a whole.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    cwd,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${script} did not start`);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      resolve({ code: code ?? undefined, ...output });
    });
  });
  return {
    pid,
    ended,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    signal: (signal) => child.kill(signal),
    killAll: () => {
      signalGroup(pid);
    },
  };
}

function signalGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}

/** Which programs of the run's an environment asks for: those of `heldSteps` have slow steps. */
const variantFor = (env: NodeJS.ProcessEnv): Variant => (env['TEST_STEP_MS'] === undefined ? 'usual' : 'held');

/** Path of one of the programs that the project's global setup has built. */
export const builtProgram = (program: ProgramName, variant = variantFor(process.env)): string =>
  programPath(inject('programs'), variant, program);

function startBuilt(
  program: ProgramName,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Program {
  return start(builtProgram(program, variantFor({ ...process.env, ...env })), args, { env });
}

/** A script with these arguments. */
export const startProgram = (script: string, ...args: readonly string[]): Program => start(script, args);

/** `kubectl-distill` with these arguments. */
export const startCommand = (...args: readonly string[]): Program => startBuilt('cli', args);

/** `kubectl-distill` with these arguments, in a folder. */
export const startCommandIn = (cwd: string, ...args: readonly string[]): Program =>
  start(builtProgram('cli'), args, { cwd });

/** `kubectl-distill run --local` on a volume. */
export const startRun = (
  volume: string,
  manifest: string,
  { args = [], env = {} }: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Program => startBuilt('cli', ['run', '--local', '--filename', manifest, '--volume', volume, ...args], env);

/** `worker plan` alone: all that is checked before anything is trained. */
export const startPlanner = (volume: string, manifest: string): Program =>
  startBuilt('worker', ['plan', '--job', manifest, '--volume', volume]);

/** The worker as a pod's container runs it: with these arguments and this environment. */
export const startPod = (args: readonly string[], env: Readonly<Record<string, string>>): Program =>
  startBuilt('worker', args, env);

/** Writes a job's manifest beside the volume's other files; returns its path. */
export async function writeManifest(volume: string, name: string, manifest: object): Promise<string> {
  const path = join(volume, `${name}.json`);
  await writeFile(path, JSON.stringify(manifest));
  return path;
}

export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** A process as /proc shows it. */
interface ProcessLine {
  readonly pid: number;
  readonly group: number;
  readonly command: readonly string[];
}

async function processLine(pid: number): Promise<ProcessLine | undefined> {
  try {
    const [status, command] = [
      await readFile(`/proc/${pid}/stat`, 'utf8'),
      await readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ];
    const [state, , group] = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : { pid, group: Number(group), command: command.split('\0') };
  } catch {
    return undefined;
  }
}

/** Living processes of a program's group whose command line holds all of these words; the program itself counts too. */
export async function processesOf({ pid }: Program, ...words: readonly string[]): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const lines = await Promise.all(ids.map(processLine));
  return lines.flatMap((line) =>
    line?.group === pid && words.every((word) => line.command.includes(word)) ? [line.pid] : [],
  );
}

/** `kill` (-9, or another signal) of one worker of a subcommand (`plan`, `train`, `finalize`), as soon as there is one; of none when the program has ended. */
export async function killWorker(
  program: Program,
  subcommand: string,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<void> {
  let over = false;
  void program.ended.then(() => {
    over = true;
  });
  await until(`a worker to ${subcommand}`, async () => {
    const [pid] = await processesOf(program, subcommand);
    if (over) return true;
    try {
      return pid !== undefined && process.kill(pid, signal);
    } catch {
      // It ended just now.
      return false;
    }
  });
}
