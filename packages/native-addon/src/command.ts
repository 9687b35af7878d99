import { spawn } from 'node:child_process';

/** A failed command; the message is a single line for a log. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

interface CommandOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Time limit, after which the command and everything it started are killed. */
  readonly timeoutMs: number;
  /** Called every second; kills the command when it returns a reason. */
  readonly giveUp?: () => string | undefined;
}

const OUTPUT_KEPT = 64 * 1024;

/**
 * Runs a command and returns its standard output (the last 64 KiB).
 * @throws CommandError when it cannot be started, fails or exceeds its time limit
 */
export async function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  // A process group of its own, so that everything it started can be killed with it.
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-OUTPUT_KEPT)));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-OUTPUT_KEPT)));

  let ended: string | undefined;
  const end = (reason: string): void => {
    ended ??= reason;
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself in the meantime.
    }
  };
  const limit = setTimeout(() => {
    end(`not done after ${options.timeoutMs / 1000} s`);
  }, options.timeoutMs);
  const watch = setInterval(() => {
    const reason = options.giveUp?.();
    if (reason !== undefined) end(reason);
  }, 1000);
  const stop = (): void => {
    end('stopped');
  };
  process.once('exit', stop);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (ended !== undefined) throw new CommandError(`${command}: ${ended}`);
    if (code !== 0)
      throw new CommandError(`${command}: ${lastLine(errors) ?? lastLine(output) ?? `exit code ${String(code)}`}`);
    return output;
  } catch (thrown) {
    if (thrown instanceof CommandError) throw thrown;
    throw new CommandError(`${command}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  } finally {
    clearTimeout(limit);
    clearInterval(watch);
    process.off('exit', stop);
  }
}

/** The last meaningful line, skipping stack traces and Node's version line. */
function lastLine(text: string): string | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const said = lines.filter((line) => line !== '' && !line.startsWith('at ') && !/^(Node\.js v|[{}^~ ]+$)/.test(line));
  return said.find((line) => /^(?:\w*error|fatal)\b.*: /i.test(line)) ?? said.at(-1);
}
