import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { identify, judgeProcess, ownProcess } from './process-identity.ts';

test('a process is alive, and another one under its number is not it', () => {
  const self = ownProcess();
  if (self === undefined) throw new Error('this system names no process table');
  expect(judgeProcess(self)).toBe('Alive');
  // Not every system tells when a process started.
  if (self.started !== undefined) expect(judgeProcess({ ...self, started: '1' })).toBe('Dead');
});

test('one that ended is dead', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
  const pid = child.pid ?? 0;
  const identity = identify(pid);
  if (identity === undefined) throw new Error('a child cannot be identified');
  expect(judgeProcess(identity)).toBe('Alive');
  const gone = once(child, 'close');
  child.stdin.end();
  await gone;
  expect(judgeProcess(identity)).toBe('Dead');
  expect(judgeProcess({ pid, table: identity.table })).toBe('Dead');
  expect(identify(pid)).toBeUndefined();
});

test('nothing is known of a process of another table, though host and number are the same', () => {
  const self = ownProcess();
  if (self === undefined) throw new Error('this system names no process table');
  expect(judgeProcess({ ...self, table: `other ${self.table}` })).toBe('Unknown');
  expect(judgeProcess({ pid: 999_999_999, table: 'other' })).toBe('Unknown');
});
