import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { runSteps, type Step } from './run-steps.ts';

/** `npm test`: everything that must hold before a change lands, on a machine that has nothing of ours. */

interface VitestSummary {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

const folder = await mkdtemp(join(tmpdir(), 'distill-test-'));
const projects: string[] = [];

function testStep(project: string, title: string): Step {
  projects.push(project);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${resultsOf(project)}`];
  return { title, args: ['node_modules/vitest/vitest.mjs', 'run', '--project', project, ...reporters] };
}

function resultsOf(project: string): string {
  return join(folder, `${project}.json`);
}

/** The Kubernetes programs, made in the background (on a new machine that takes minutes, and gives way to all else). */
function makeTools(): { readonly done: Promise<boolean>; readonly stop: () => void } {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'tools/kube-harness/prepare.ts'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const done = new Promise<boolean>((resolve) => {
    child.once('close', (code) => {
      process.stdout.write(`\n== Kubernetes tools: ${code === 0 ? 'ready' : 'failed'}\n${output}`);
      resolve(code === 0);
    });
  });
  return { done, stop: () => child.kill() };
}

const skipped = process.env['DISTILL_SKIP_CLUSTER'] ?? '';
const skip = skipped !== '' && skipped !== '0';
const inCi = (process.env['CI'] ?? '') !== '' && process.env['CI'] !== 'false';
const tools = skip ? undefined : makeTools();
process.once('exit', () => tools?.stop());

const failed = await runSteps([
  { title: 'native backend', args: ['tools/setup.ts'] },
  { title: 'generated files are current', args: ['tools/generate.ts', '--check'] },
  { title: 'types', args: ['node_modules/typescript/bin/tsc', '--noEmit'] },
  { title: 'lint', args: ['node_modules/eslint/bin/eslint.js', '.'] },
  { title: 'format', args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'] },
  testStep('unit', 'unit tests'),
  testStep('local', 'whole jobs on this machine'),
]);
if (tools === undefined) {
  if (inCi) failed.push('DISTILL_SKIP_CLUSTER is set, which CI does not allow');
} else if (await tools.done) {
  failed.push(
    ...(await runSteps([
      testStep('kube', 'tests on a real control plane'),
      testStep('cluster', 'tests on a real cluster with nodes'),
    ])),
  );
} else {
  failed.push('Kubernetes tools');
}

let [passed, broken] = [0, 0];
for (const project of projects) {
  try {
    const summary = JSON.parse(await readFile(resultsOf(project), 'utf8')) as VitestSummary;
    passed += summary.numPassedTests;
    broken += summary.numFailedTests;
  } catch {
    failed.push(`the project ${project} wrote no result`);
  }
}
await rm(folder, { recursive: true, force: true });
if (skip) {
  const what = 'NOT TESTED: everything that needs a Kubernetes (projects kube and cluster)';
  process.stdout.write(`\n${'!'.repeat(100)}\n${what}, as DISTILL_SKIP_CLUSTER says.\n${'!'.repeat(100)}\n`);
}
process.stdout.write(`\n${passed} passed, ${broken} failed\n`);
if (failed.length > 0) process.stderr.write(`failed: ${[...new Set(failed)].join(', ')}\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
