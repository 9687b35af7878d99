import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';

/** One command of an npm script: a title for the log and the arguments of Node. */
export interface Step {
  readonly title: string;
  /** Arguments for the running Node binary. */
  readonly args: readonly string[];
  /** Additional environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** For what should take only the time that others leave. */
  readonly inBackground?: boolean;
}

/** Result of a step. */
export interface StepResult {
  readonly title: string;
  readonly ok: boolean;
  readonly seconds: number;
}

interface NodeRun extends Pick<Step, 'env' | 'inBackground'> {
  /** Receives both outputs, which otherwise are passed through. */
  readonly onOutput?: (text: string) => void;
}

/** Runs `node args...` with the running Node binary; resolves to the exit code. */
export function runNode(
  args: readonly string[],
  { env = {}, inBackground = false, onOutput }: NodeRun = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
      stdio: onOutput === undefined ? 'inherit' : ['inherit', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    if (inBackground && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', onOutput ?? (() => undefined));
    child.once('error', reject);
    child.once('close', (code) => {
      resolve(code ?? 1);
    });
  });
}

/** Runs all steps one after the other, even after a failure, so that one run shows everything that has to be fixed. */
export async function runSteps(steps: readonly Step[]): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const { title, args, ...how } of steps) {
    process.stdout.write(`\n== ${title}\n`);
    results.push(await timed(title, () => runNode(args, how)));
  }
  return results;
}

/** Runs steps in parallel, in order of their start; the output of a step is shown in one piece when it has ended. */
export async function runTogether(steps: readonly Step[], atOnce: number): Promise<StepResult[]> {
  const waiting = [...steps];
  const results: StepResult[] = [];
  const lane = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const { title, args, ...how } = step;
      let output = '';
      const onOutput = (text: string): void => void (output += text);
      const run = (): Promise<number> => runNode(args, { onOutput, ...how });
      results.push(await timed(title, run, () => `\n== ${title}\n${output}`));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return results;
}

async function timed(title: string, run: () => Promise<number>, before = (): string => ''): Promise<StepResult> {
  const started = performance.now();
  const code = await run();
  const seconds = (performance.now() - started) / 1000;
  const ending = code === 0 ? 'ok' : `failed (${code})`;
  process.stdout.write(`${before()}== ${title}: ${ending} in ${seconds.toFixed(0)} s\n`);
  return { title, ok: code === 0, seconds };
}
