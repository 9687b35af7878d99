import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { runSteps, runTogether, type Step, type StepResult } from './run-steps.ts';
import { SUMMARY_FILE, type TestSummary } from './summary-reporter.ts';

/** `npm test`: everything that must pass before a change lands, on a machine without any preparation. */

/** Number of checks that run in parallel: a small machine has two cores. */
const AT_ONCE = 2;
/** Number of test files per project that are listed at the end, the slowest first. */
const SLOWEST = 10;
/** Characters of the message of each failed test that are repeated at the end, where the tail of a log still has them. */
const MESSAGE_LENGTH = 1_500;

const started = performance.now();
const folder = await mkdtemp(join(tmpdir(), 'distill-test-'));
// More than a thousand processes load the same modules: each takes what an earlier one has compiled of them.
process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compiled');
const projects: string[] = [];

function testStep(project: string, title: string, beside: readonly string[] = []): Step {
  projects.push(project);
  const named = [project, ...beside].flatMap((name) => ['--project', name]);
  const reporters = ['--reporter=default', '--reporter=./tools/summary-reporter.ts'];
  return {
    title,
    args: ['node_modules/vitest/vitest.mjs', 'run', ...named, ...reporters],
    env: { [SUMMARY_FILE]: summaryOf(project) },
  };
}

function summaryOf(project: string): string {
  return join(folder, `${project}.json`);
}

/** Makes the Kubernetes programs in the background, at low priority; on a new machine that takes minutes. */
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

const steps: StepResult[] = [];
const failed: string[] = [];
steps.push(...(await runSteps([{ title: 'native backend', args: ['tools/setup.ts'] }])));
// The slowest check starts first, and the unit tests begin beside it.
const checks: Step[] = [
  { title: 'lint and types', args: ['node_modules/oxlint/bin/oxlint'] },
  { title: 'format', args: ['node_modules/oxfmt/bin/oxfmt', '--check'] },
  { title: 'generated files are current', args: ['tools/generate.ts', '--check'] },
  testStep('unit', 'unit tests', ['alone']),
];
steps.push(...(await runTogether(checks, AT_ONCE)));

/** What needs a Kubernetes, as soon as its programs are made. */
async function onClusters(): Promise<StepResult[]> {
  if (tools === undefined) {
    if (inCi) failed.push('DISTILL_SKIP_CLUSTER is set, which CI does not allow');
    return [];
  }
  if (!(await tools.done)) {
    failed.push('Kubernetes tools');
    return [];
  }
  const clusters = [
    testStep('cluster', 'tests on a real cluster with nodes'),
    testStep('kube', 'tests on a real control plane'),
  ];
  return runTogether(clusters, clusters.length);
}

// Side by side: much of what they do on clusters is to wait, for leases and for pods. What computes takes the time that is left, so that
// those find a machine that answers.
const local: Step = { ...testStep('local', 'whole jobs and installations on this machine'), inBackground: true };
const together = await Promise.all([runTogether([local], 1), onClusters()]);
steps.push(...together.flat());

/** The durations of steps and of the slowest files. */
function durations(summaries: ReadonlyMap<string, TestSummary>): string {
  const line = (seconds: number, name: string): string => `${seconds.toFixed(0).padStart(6)} s  ${name}`;
  const lines = ['\n== What took its time', ...steps.map(({ seconds, title }) => line(seconds, title))];
  lines.push(line((performance.now() - started) / 1000, 'in all; some steps ran side by side'));
  for (const [project, { files }] of summaries) {
    const slowest = [...files].sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
    lines.push(`The slowest files of ${project}`, ...slowest.map(({ seconds, name }) => line(seconds, name)));
  }
  return `${lines.join('\n')}\n`;
}

const summaries = new Map<string, TestSummary>();
for (const project of projects) {
  try {
    summaries.set(project, JSON.parse(await readFile(summaryOf(project), 'utf8')) as TestSummary);
  } catch {
    failed.push(`the project ${project} wrote no result`);
  }
}
await rm(folder, { recursive: true, force: true });
process.stdout.write(durations(summaries));
for (const { name, message } of [...summaries.values()].flatMap(({ failures }) => failures)) {
  process.stdout.write(`\nFAILED ${name}\n${message.slice(0, MESSAGE_LENGTH)}\n`);
}
if (skip) {
  const what = 'NOT TESTED: everything that needs a Kubernetes (projects kube and cluster)';
  process.stdout.write(`\n${'!'.repeat(100)}\n${what}, as DISTILL_SKIP_CLUSTER says.\n${'!'.repeat(100)}\n`);
}
const sum = (count: (summary: TestSummary) => number): number =>
  [...summaries.values()].reduce((total, summary) => total + count(summary), 0);
process.stdout.write(`\n${sum(({ passed }) => passed)} passed, ${sum(({ failed: broken }) => broken)} failed\n`);
failed.unshift(...steps.filter(({ ok }) => !ok).map(({ title }) => title));
if (failed.length > 0) process.stderr.write(`failed: ${failed.join(', ')}\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
