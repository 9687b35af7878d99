import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TokenBucket } from '../client/rate-limit.ts';
import { ManualClock } from '../../test/testing.ts';
import { WorkQueue, type WorkQueueOptions } from './workqueue.ts';

const queueOf = (options: WorkQueueOptions = {}): { queue: WorkQueue; clock: ManualClock } => {
  const clock = new ManualClock();
  return { queue: new WorkQueue({ clock, ...options }), clock };
};

/** What `get` gives now; `nothing` when it would wait. The queue gives a waiting getter its key at once, so two turns are enough. */
async function getNow(queue: WorkQueue): Promise<string | undefined> {
  if (queue.depth === 0 && !queue.isShutDown) return 'nothing';
  return queue.get();
}

describe('a work queue', () => {
  test('holds a key only once', async () => {
    const { queue } = queueOf();
    queue.add('a');
    queue.add('b');
    queue.add('a');
    expect([await queue.get(), await queue.get()]).toEqual(['a', 'b']);
    expect(await getNow(queue)).toBe('nothing');
  });

  test('hands out no key twice at once, and a key once more if it was added meanwhile', async () => {
    const { queue } = queueOf();
    queue.add('a');
    await queue.get();
    queue.add('a');
    queue.add('a');
    expect(await getNow(queue)).toBe('nothing');
    queue.done('a');
    expect(await queue.get()).toBe('a');
    queue.done('a');
    expect(await getNow(queue)).toBe('nothing');
  });

  test('serves waiting getters in order', async () => {
    const { queue } = queueOf();
    const [first, second] = [queue.get(), queue.get()];
    queue.add('a');
    queue.add('b');
    expect([await first, await second]).toEqual(['a', 'b']);
  });

  test('keeps the shorter of two delays', () => {
    const { queue, clock } = queueOf();
    queue.addAfter('a', 1000);
    queue.addAfter('a', 100);
    queue.addAfter('a', 500);
    clock.advance(99);
    expect(queue.depth).toBe(0);
    clock.advance(1);
    expect(queue.depth).toBe(1);
    clock.advance(5000);
    expect(queue.depth).toBe(1);
  });

  test('does not fire at once for a delay of a month, more than a timer can wait', () => {
    const queue = new WorkQueue();
    queue.addAfter('a', 30 * 24 * 3600 * 1000);
    expect(queue.depth).toBe(0);
    void queue.shutDown();
  });

  test('doubles the backoff with each failure up to its limit, and forgets', () => {
    const { queue, clock } = queueOf({ firstRetryMs: 5, maxRetryMs: 40 });
    const waits = [1, 2, 3, 4, 5].map((failures) => {
      expect(queue.retry('a')).toBe(failures);
      const start = clock.now();
      while (queue.depth === 0) clock.advance(1);
      void queue.get();
      queue.done('a');
      return clock.now() - start;
    });
    expect(waits).toEqual([5, 10, 20, 40, 40]);
    queue.forget('a');
    expect(queue.retry('a', 1000)).toBe(1);
    clock.advance(999);
    expect(queue.depth).toBe(0);
    clock.advance(1);
    expect(queue.depth).toBe(1);
  });

  test('limits the overall rate of retries', () => {
    const { queue, clock } = queueOf({ firstRetryMs: 1, rate: { perSecond: 10, burst: 5 } });
    for (let i = 0; i < 15; i++) queue.retry(`k${i}`);
    clock.advance(1);
    expect(queue.depth).toBe(5);
    clock.advance(500);
    expect(queue.depth).toBe(10);
    clock.advance(500);
    expect(queue.depth).toBe(15);
  });

  test('when shut down, drops waiting keys, resolves all getters, and waits for keys in process', async () => {
    const { queue, clock } = queueOf();
    queue.add('a');
    queue.addAfter('late', 10);
    await queue.get();
    const waiting = queue.get();
    queue.add('a');
    let drained = false;
    const drain = queue.shutDown().then(() => (drained = true));
    expect(await waiting).toBeUndefined();
    clock.advance(100);
    queue.add('b');
    expect(await queue.get()).toBeUndefined();
    expect(drained).toBe(false);
    queue.done('a');
    await drain;
    expect(drained).toBe(true);
  });

  test('reports its depth and how long keys waited', async () => {
    const [depths, latencies]: [number[], number[]] = [[], []];
    const { queue, clock } = queueOf({
      onDepth: (depth) => depths.push(depth),
      onLatency: (seconds) => latencies.push(seconds),
    });
    queue.add('a');
    clock.advance(1000);
    queue.add('a');
    clock.advance(500);
    await queue.get();
    queue.add('a');
    clock.advance(500);
    queue.done('a');
    await queue.get();
    expect(depths).toEqual([1, 0, 1, 0]);
    expect(latencies).toEqual([1.5, 0.5]);
  });
});

/** A queue by definition: what is due, what is worked on, what was added meanwhile. */
interface Model {
  ready: string[];
  readonly working: Set<string>;
  readonly again: Set<string>;
  readonly delayed: Map<string, number>;
  now: number;
}

const addTo = (model: Model, key: string): void => {
  if (model.working.has(key)) model.again.add(key);
  else if (!model.ready.includes(key)) model.ready.push(key);
};

const key = fc.constantFrom('a', 'b', 'c', 'd');
const step = fc.oneof(
  fc.record({ act: fc.constant('add' as const), key }),
  fc.record({ act: fc.constant('addAfter' as const), key, ms: fc.integer({ min: -1, max: 50 }) }),
  fc.record({ act: fc.constant('get' as const) }),
  fc.record({ act: fc.constant('done' as const), key }),
  fc.record({ act: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 30 }) }),
);

test('behaves as its model under any sequence of calls', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { queue, clock } = queueOf();
      const model: Model = { ready: [], working: new Set(), again: new Set(), delayed: new Map(), now: 0 };
      for (const each of steps) {
        switch (each.act) {
          case 'add':
            queue.add(each.key);
            addTo(model, each.key);
            break;
          case 'addAfter': {
            queue.addAfter(each.key, each.ms);
            if (each.ms <= 0) addTo(model, each.key);
            else model.delayed.set(each.key, Math.min(model.delayed.get(each.key) ?? Infinity, model.now + each.ms));
            break;
          }
          case 'get': {
            const expected = model.ready.shift();
            expect(await getNow(queue)).toBe(expected ?? 'nothing');
            if (expected !== undefined) model.working.add(expected);
            break;
          }
          case 'done':
            queue.done(each.key);
            if (model.working.delete(each.key) && model.again.delete(each.key)) model.ready.push(each.key);
            break;
          case 'advance': {
            // One millisecond at a time: keys due at one moment come in the order in which they were put off.
            for (let i = 0; i < each.ms; i++) {
              clock.advance(1);
              model.now += 1;
              const due = [...model.delayed].filter(([, at]) => at <= model.now).map(([name]) => name);
              for (const name of due) model.delayed.delete(name);
              const newcomers = due.filter((name) => !model.ready.includes(name) && !model.working.has(name));
              for (const name of due) addTo(model, name);
              // The order of keys that become due at the same moment is unspecified.
              if (newcomers.length > 1) {
                const order = [];
                while (queue.depth > 0) order.push(await queue.get());
                expect([...order].sort()).toEqual([...model.ready].sort());
                for (const name of order) {
                  queue.done(name ?? '');
                  queue.add(name ?? '');
                }
                model.ready = order.map(String);
              }
            }
            break;
          }
        }
        expect(queue.depth).toBe(model.ready.length);
      }
    }),
    { numRuns: 300 },
  );
});

test('a token bucket lends in advance and refills while it rests', () => {
  const clock = new ManualClock();
  const bucket = new TokenBucket({ perSecond: 2, burst: 2 }, clock);
  expect([bucket.reserve(), bucket.reserve(), bucket.reserve(), bucket.reserve()]).toEqual([0, 0, 500, 1000]);
  clock.advance(10_000);
  expect([bucket.reserve(), bucket.reserve(), bucket.reserve()]).toEqual([0, 0, 500]);
});
