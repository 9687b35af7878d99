import process from 'node:process';
import { afterAll, afterEach } from 'vitest';
import { cleanUp } from './after-file.ts';

/** What a command of the worker does to its process, undone for the test files that are still to run in it (`worker/src/process/stop.ts`). */

const EVENTS = ['SIGTERM', 'SIGINT', 'disconnect'] as const;

const before = new Map(EVENTS.map((event) => [event, new Set(process.rawListeners(event))]));

// It lets its process end though the parent is there.
afterEach(() => {
  process.channel?.ref();
});

afterAll(cleanUp);

// It listens for signals until its process ends.
afterAll(() => {
  for (const event of EVENTS) {
    const own = process.rawListeners(event).filter((listener) => before.get(event)?.has(listener) !== true);
    for (const listener of own) process.off(event, listener as () => void);
  }
});
