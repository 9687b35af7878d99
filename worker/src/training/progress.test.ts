import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WorkerProgress } from '@distillation/api/ledger';
import { startProgress } from './progress.ts';

const START: WorkerProgress = {
  bin: 0,
  pid: 1,
  state: 'Training',
  blocks: ['b'],
  epoch: 1,
  step: 0,
  steps: 10,
  losses: {},
  imagesPerSecond: 0,
  updatedAt: 0,
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a trainer that hangs while timers run falls silent, so that others take its blocks; getting on, it speaks again', async () => {
  let silentMs = 0;
  const counted = { writes: 0, beats: 0 };
  const count = (what: keyof typeof counted): Promise<void> => {
    counted[what] += 1;
    return Promise.resolve();
  };
  const lines: string[] = [];
  const reporter = startProgress(START, {
    ledger: { writeProgress: () => count('writes') },
    claims: { renew: () => count('beats') },
    monitor: { silentMs: () => silentMs, tell: () => undefined },
    log: (line) => lines.push(line),
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(counted).toEqual({ beats: 12, writes: 61 });

  silentMs = 120_001;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(counted).toEqual({ beats: 12, writes: 61 });
  expect(lines).toEqual([expect.stringContaining('others may take the blocks over')]);

  silentMs = 0;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(counted.beats).toBe(14);
  expect(lines).toHaveLength(2);
  await reporter.close();
});
