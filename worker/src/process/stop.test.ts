import process from 'node:process';
import { expect, test } from 'vitest';
import { noticeSignals, stopSignal } from './stop.ts';

test('a signal that came during a computation is noticed before its results are written', async () => {
  for (let time = 0; time < 50; time++) {
    const stop = stopSignal('test');
    expect(stop.requested()).toBe(false);
    // To the thread that computes, which is this one.
    process.kill(process.pid, 'SIGTERM');
    await noticeSignals();
    expect(stop.requested()).toBe(true);
    process.removeAllListeners('SIGTERM');
    process.removeAllListeners('SIGINT');
  }
});
