import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WorkerProgress } from '@distillation/api/ledger';
import { workerProgress } from '../../../packages/api/test/testing.ts';
import { type ProgressWriter, startProgressWriter } from './progress-writer.ts';

let silentMs = 0;
let written: WorkerProgress[] = [];
let beats = 0;
let lines: string[] = [];
/** Writes wait for this promise. */
let volume: Promise<void>;

function start(): ProgressWriter {
  return startProgressWriter({
    ledger: {
      async writeProgress(progress) {
        await volume;
        written.push(progress);
      },
      writeFinalizerProgress: () => Promise.resolve(),
    },
    silentMs: () => silentMs,
    log: (line) => lines.push(line),
  });
}

const renewing = {
  async renew(): Promise<void> {
    await volume;
    beats += 1;
  },
};

const note = (scribe: ProgressWriter, change: Partial<WorkerProgress> = {}): void => {
  scribe.update({ role: 'Worker', progress: workerProgress({ blocks: ['b'], ...change }) });
};

beforeEach(() => {
  vi.useFakeTimers();
  [silentMs, written, beats, lines, volume] = [0, [], 0, [], Promise.resolve()];
});
afterEach(() => {
  vi.useRealTimers();
});

test('progress every second and a heartbeat every five, as soon as there is something to write', async () => {
  const scribe = start();
  await vi.advanceTimersByTimeAsync(10_000);
  expect([written, beats]).toEqual([[], 0]);
  scribe.renew(renewing);
  note(scribe);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([written.length, beats]).toEqual([61, 12]);
  await scribe.close();
});

test('a trainer that hangs is said nothing of, so that others take its blocks; when it gets on, it is again', async () => {
  const scribe = start();
  scribe.renew(renewing);
  note(scribe);
  await vi.advanceTimersByTimeAsync(60_000);
  const before = [written.length, beats];

  silentMs = 120_001;
  await vi.advanceTimersByTimeAsync(60_000);
  expect([written.length, beats]).toEqual(before);
  expect(lines).toEqual([expect.stringContaining('others may take the blocks over')]);

  silentMs = 0;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(beats).toBe(14);
  expect(lines).toHaveLength(2);
  await scribe.close();
});

test('another block or state is written at once, a step waits for its turn, and the last word is never lost', async () => {
  const scribe = start();
  note(scribe);
  await vi.advanceTimersByTimeAsync(1);
  note(scribe, { step: 5 });
  await vi.advanceTimersByTimeAsync(1);
  expect(written.map(({ step }) => step)).toEqual([0]);
  note(scribe, { step: 5, state: 'Stealing' });
  await vi.advanceTimersByTimeAsync(1);
  expect(written.at(-1)).toMatchObject({ state: 'Stealing' });
  note(scribe, { step: 6, state: 'Stealing' });
  await scribe.close();
  expect(written.at(-1)).toMatchObject({ step: 6 });
});

test('a volume that hangs gathers no queue', async () => {
  const scribe = start();
  let open: () => void = () => undefined;
  volume = new Promise((resolve) => (open = resolve));
  scribe.renew(renewing);
  note(scribe);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([written.length, beats]).toEqual([0, 0]);
  open();
  await vi.advanceTimersByTimeAsync(1);
  // The write under way, and one more.
  expect([written.length, beats]).toEqual([2, 2]);
  await scribe.close();
});

test('a volume that refuses is complained of once', async () => {
  const scribe = start();
  volume = Promise.reject(new Error('read-only'));
  note(scribe);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(lines).toEqual(['progress could not be written: read-only']);
  volume = Promise.resolve();
  await vi.advanceTimersByTimeAsync(1000);
  expect(written).toHaveLength(1);
  await scribe.close();
});
