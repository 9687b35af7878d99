import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** Summary of one run of Vitest, for `npm test`. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  /** Each test file with its duration in seconds, including imports and hooks. */
  readonly files: readonly { readonly name: string; readonly seconds: number }[];
}

/** Environment variable with the path of the summary. */
export const SUMMARY_FILE = 'DISTILL_TEST_SUMMARY';

/** A reporter of Vitest that writes a `TestSummary` as JSON to the file that the environment names. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const path = process.env[SUMMARY_FILE];
    if (path === undefined) throw new Error(`${SUMMARY_FILE} is not set`);
    const states = modules.flatMap(({ children }) => [...children.allTests()].map((test) => test.result().state));
    const summary: TestSummary = {
      passed: states.filter((state) => state === 'passed').length,
      failed: states.filter((state) => state === 'failed').length,
      files: modules.map((module) => {
        const { setupDuration, collectDuration, duration } = module.diagnostic();
        return { name: module.relativeModuleId, seconds: (setupDuration + collectDuration + duration) / 1000 };
      }),
    };
    writeFileSync(path, JSON.stringify(summary));
  }
}
