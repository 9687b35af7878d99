/**
 * Artificial slowness, for tests of what happens in mid-epoch and for running whole tests as on a slow machine:
 * `TEST_STEP_MS=200`. The programs are then those with `held-loader.ts` in them; no product code knows of it. The
 * name is one that a job's manifest may give its pods.
 */

/** The environment of a process whose every batch takes so much longer, in which its main thread does nothing else, as in a native step. */
export const heldSteps = (ms: number): Record<string, string> => ({ TEST_STEP_MS: String(ms) });
