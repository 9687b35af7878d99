import { spawn } from 'node:child_process';

/** One command of a front-door script: a title for the log and the arguments of Node. */
export interface Step {
  readonly title: string;
  /** Arguments for this very Node binary. */
  readonly args: readonly string[];
}

/** Runs `node args...` with our own Node, its output passed through; resolves to the exit code. */
export function runNode(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

/** Runs all steps, even after one failed, so that one run shows everything there is to mend. @returns titles of those that failed. */
export async function runSteps(steps: readonly Step[]): Promise<string[]> {
  const failed: string[] = [];
  for (const { title, args } of steps) {
    const started = performance.now();
    process.stdout.write(`\n== ${title}\n`);
    const code = await runNode(args);
    process.stdout.write(
      `== ${title}: ${code === 0 ? 'ok' : `failed (${code})`} in ${((performance.now() - started) / 1000).toFixed(0)} s\n`,
    );
    if (code !== 0) failed.push(title);
  }
  return failed;
}
