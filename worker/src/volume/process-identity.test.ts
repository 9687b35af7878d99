import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { judgeProcess, ownProcess } from './process-identity.ts';

test('a process is alive, and another one under its number is not it', async () => {
  const self = await ownProcess();
  if (self === undefined) throw new Error('this system names no process table');
  expect(await judgeProcess(self)).toBe('Alive');
  // Only Linux tells when a process began.
  if (self.started !== undefined) expect(await judgeProcess({ ...self, started: '1' })).toBe('Dead');
});

test('one that ended is dead', async () => {
  const self = await ownProcess();
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'close');
  expect(await judgeProcess({ pid: child.pid ?? 0, table: self?.table ?? '' })).toBe('Dead');
});

test('nothing is known of a process of another table, though host and number are the same', async () => {
  const self = await ownProcess();
  if (self === undefined) throw new Error('this system names no process table');
  expect(await judgeProcess({ ...self, table: `other ${self.table}` })).toBe('Unknown');
  expect(await judgeProcess({ pid: 999_999_999, table: 'other' })).toBe('Unknown');
});
