import { expect, test } from 'vitest';
import { HUNG_AFTER_MS, HUNG_AT_START_AFTER_MS, Watchdog } from './watchdog.ts';

test('a long start is allowed, as a driver that compiles needs it; then silence counts from the last sign', () => {
  const pulse = new Watchdog(1000);
  expect(pulse.verdict(1000 + HUNG_AT_START_AFTER_MS - 1).alive).toBe(true);
  expect(pulse.verdict(1000 + HUNG_AT_START_AFTER_MS).alive).toBe(false);
  pulse.heartbeat(5000, 2);
  expect(pulse.verdict(5000 + HUNG_AFTER_MS)).toMatchObject({ alive: true, limitMs: HUNG_AT_START_AFTER_MS });
});

test('once batches go through, ten minutes without a sign are a hang, and a sign ends it', () => {
  const pulse = new Watchdog(0);
  pulse.heartbeat(5000, 3);
  expect(pulse.verdict(5000 + HUNG_AFTER_MS - 1).alive).toBe(true);
  expect(pulse.verdict(5000 + HUNG_AFTER_MS)).toEqual({
    alive: false,
    silentMs: HUNG_AFTER_MS,
    limitMs: HUNG_AFTER_MS,
  });
  pulse.heartbeat(5000 + HUNG_AFTER_MS, 4);
  expect(pulse.verdict(5001 + HUNG_AFTER_MS).alive).toBe(true);
});
