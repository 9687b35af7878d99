import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until a condition holds, asking ten times a second.
 * @param condition gives undefined, or throws, until it holds
 * @throws Error after `timeoutMs` (default 120 s), with what was waited for and the last error
 */
export async function until<T>(
  what: string,
  condition: () => Promise<T | undefined> | T | undefined,
  timeoutMs = 120_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      last = undefined;
      const value = await condition();
      if (value !== undefined) return value;
    } catch (thrown) {
      if (thrown instanceof Abort) throw thrown;
      last = thrown;
    }
    if (performance.now() > deadline) {
      const why = last === undefined ? '' : `: ${last instanceof Error ? last.message : JSON.stringify(last)}`;
      throw new Error(`${what}: not so after ${timeoutMs / 1000} s${why}`, { cause: last });
    }
    await sleep(100);
  }
}

/** Thrown by a condition that can no longer come true: `until` does not wait on. */
export class Abort extends Error {}
