import { spawn } from 'node:child_process';

/** A command that failed; the message is one line, fit for a log. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

export interface CommandOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The whole command, with everything it started, is ended after this long. */
  readonly timeoutMs: number;
  /** Ends it early once this gives a reason; asked every second. */
  readonly giveUp?: () => string | undefined;
}

const OUTPUT_KEPT = 64 * 1024;

/**
 * Runs a command to its end and returns its standard output (the last 64 KiB).
 * @throws CommandError when it cannot be started, fails or outlasts its time
 */
export async function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  // A group of its own, so that what it started ends with it.
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
      // It ended by itself in this very moment.
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

/** The last line that says something; a stack trace's and Node's own version lines say nothing. */
function lastLine(text: string): string | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const said = lines.filter((line) => line !== '' && !line.startsWith('at ') && !/^(Node\.js v|[{}^~ ]+$)/.test(line));
  return said.find((line) => /^(?:\w*error|fatal)\b.*: /i.test(line)) ?? said.at(-1);
}
