import { expect, test } from 'vitest';
import { runCommand } from './command.ts';

const node = (
  script: string,
  limits: { timeoutMs?: number; giveUp?: () => string | undefined } = {},
): Promise<string> => runCommand(process.execPath, ['-e', script], { timeoutMs: 60_000, ...limits });

test('returns standard output, and passes on the added environment', async () => {
  expect(
    await runCommand(process.execPath, ['-p', 'process.env.GIVEN'], { timeoutMs: 60_000, env: { GIVEN: 'yes' } }),
  ).toBe('yes\n');
});

test('a failure is reported by the line that names the error', async () => {
  await expect(node('throw new TypeError("no such host")')).rejects.toThrow(/: TypeError: no such host$/);
  await expect(node('console.error("first\\nlast words"); process.exit(3)')).rejects.toThrow(/: last words$/);
  await expect(node('process.exit(3)')).rejects.toThrow(/: exit code 3$/);
  await expect(runCommand('no-such-command', [], { timeoutMs: 60_000 })).rejects.toThrow(/no-such-command.*ENOENT/);
});

test('a command that exceeds its time limit is killed with everything it started', async () => {
  // The grandchild holds the pipes: were it not ended too, the command would never be seen to close.
  const script = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });`;
  await expect(node(script, { timeoutMs: 300 })).rejects.toThrow(/not done after 0.3 s$/);
});

test('a watcher may end it early', async () => {
  await expect(node('setInterval(() => {}, 1000)', { giveUp: () => 'nothing arrived' })).rejects.toThrow(
    /: nothing arrived$/,
  );
});
