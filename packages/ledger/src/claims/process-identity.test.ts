import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { judgeProcess, ownProcess } from './process-identity.ts';

test('a process is alive, and another one under its number is not it', () => {
  const self = ownProcess();
  if (self === undefined) throw new Error('this system names no process table');
  expect(judgeProcess(self)).toBe('Alive');
  // The start time of a process is known only on Linux.
  if (self.started !== undefined) expect(judgeProcess({ ...self, started: '1' })).toBe('Dead');
});

test('one that ended is dead', async () => {
  const self = ownProcess();
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'close');
  expect(judgeProcess({ pid: child.pid ?? 0, table: self?.table ?? '' })).toBe('Dead');
});

test('nothing is known of a process of another table, though host and number are the same', () => {
  const self = ownProcess();
  if (self === undefined) throw new Error('this system names no process table');
  expect(judgeProcess({ ...self, table: `other ${self.table}` })).toBe('Unknown');
  expect(judgeProcess({ pid: 999_999_999, table: 'other' })).toBe('Unknown');
});
