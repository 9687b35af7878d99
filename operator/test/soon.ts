import { vi } from 'vitest';

/** Waits until a check no longer throws: as long as anything takes on a busy machine, where the usual second of `vi.waitFor` is too short. */
export const soon = (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 600_000, interval: 5 });
