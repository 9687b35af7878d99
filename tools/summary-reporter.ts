import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** Summary of one run of Vitest, for `npm test`. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  /** Each failed test, and each file that failed outside its tests, with the first error's message. */
  readonly failures: readonly { readonly name: string; readonly message: string }[];
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
    const tests = modules.flatMap((module) => [...module.children.allTests()].map((test) => ({ module, test })));
    const states = tests.map(({ test }) => test.result().state);
    const failures = [
      ...modules.flatMap((module) => module.errors().map((error) => ({ name: module.relativeModuleId, error }))),
      ...tests.flatMap(({ module, test }) => {
        const { state, errors = [] } = test.result();
        return state === 'failed' ? [{ name: `${module.relativeModuleId} > ${test.fullName}`, error: errors[0] }] : [];
      }),
    ];
    const summary: TestSummary = {
      passed: states.filter((state) => state === 'passed').length,
      failed: states.filter((state) => state === 'failed').length,
      failures: failures.map(({ name, error }) => ({ name, message: error?.message ?? '' })),
      files: modules.map((module) => {
        const { setupDuration, collectDuration, duration } = module.diagnostic();
        return { name: module.relativeModuleId, seconds: (setupDuration + collectDuration + duration) / 1000 };
      }),
    };
    writeFileSync(path, JSON.stringify(summary));
  }
}
