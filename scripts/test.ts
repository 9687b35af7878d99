import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { runSteps } from './run-steps.ts';

/** `npm test`: everything that must hold before a change lands, on a machine that has nothing of ours. */

interface VitestSummary {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

const folder = await mkdtemp(join(tmpdir(), 'distill-test-'));
const results = join(folder, 'results.json');
const failed = await runSteps([
  { title: 'native backend', args: ['scripts/setup.ts'] },
  { title: 'generated files are current', args: ['scripts/generate.ts', '--check'] },
  { title: 'types', args: ['node_modules/typescript/bin/tsc', '--noEmit'] },
  { title: 'lint', args: ['node_modules/eslint/bin/eslint.js', '.'] },
  { title: 'format', args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'] },
  {
    title: 'tests',
    args: [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${results}`,
    ],
  },
]);
try {
  const summary = JSON.parse(await readFile(results, 'utf8')) as VitestSummary;
  process.stdout.write(`\n${summary.numPassedTests} passed, ${summary.numFailedTests} failed\n`);
} catch {
  process.stdout.write('\nno test result was written\n');
  failed.push('tests');
}
await rm(folder, { recursive: true, force: true });
if (failed.length > 0) process.stderr.write(`failed: ${[...new Set(failed)].join(', ')}\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
