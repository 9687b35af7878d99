import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Interval between two checks of a condition. A larger `DISTILL_TEST_POLL_MS` makes the tests slow observers, so that a test that races
 * with what it observes fails (`CONTRIBUTING.md`).
 */
const POLL_MS = Number(process.env['DISTILL_TEST_POLL_MS'] ?? 50);

/** Longer than anything takes on a busy machine: a test that fails waits as long, one that passes does not. */
export const PATIENCE_MS = 600_000;

/**
 * Waits until a condition holds.
 *
 * @param condition gives undefined or false, or throws, until it holds
 * @throws Error after `timeoutMs` (ten minutes), with what was waited for and the last error
 */
export async function until<T>(
  what: string,
  condition: () => Promise<T | undefined> | T | undefined,
  timeoutMs = PATIENCE_MS,
): Promise<Exclude<T, false>> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      last = undefined;
      const value = await condition();
      if (held(value)) return value;
    } catch (thrown) {
      if (thrown instanceof Abort) throw thrown;
      last = thrown;
    }
    if (performance.now() > deadline) {
      const why = last === undefined ? '' : `: ${last instanceof Error ? last.message : JSON.stringify(last)}`;
      throw new Error(`${what}: not so after ${timeoutMs / 1000} s${why}`, { cause: last });
    }
    await sleep(POLL_MS);
  }
}

const held = <T>(value: T | undefined): value is Exclude<T, false> => value !== undefined && value !== false;

/** Thrown by a condition that can no longer come true: `until` does not wait on. */
export class Abort extends Error {}
