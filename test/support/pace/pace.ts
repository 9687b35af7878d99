import { fileURLToPath } from 'node:url';

/**
 * Artificial slowness, for tests of what happens in mid-epoch and for running whole tests as on a slow machine:
 * `NODE_OPTIONS=--import=FOLDER/hold-steps.ts DISTILL_TEST_STEP_MS=200`. No product code knows of it.
 */

/** The environment of a process whose every batch takes so much longer, in which its main thread does nothing else, as in a native step. */
export const heldSteps = (ms: number): Record<string, string> => ({
  NODE_OPTIONS: `--import=${fileURLToPath(new URL('./hold-steps.ts', import.meta.url))}`,
  DISTILL_TEST_STEP_MS: String(ms),
});
