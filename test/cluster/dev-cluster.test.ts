import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DistillationJob } from '@distillation/api/job';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Abort, until } from '../support/until.ts';
import { ROOT } from './operator.ts';
import { recipe } from './recipe.ts';

/**
 * The way to a student as docs/cluster.md has it: `npm run dev-cluster` is taken at its word, what it prints pasted into a shell, in a
 * clone whose sample job is one of seconds.
 */

const run = promisify(execFile);
const SAMPLE = 'manifests/samples/cifar10-vgg16.yaml';

let clone: string;
let cluster: ChildProcess;
let output = '';

/** What git has of this repository, or would have, with its packages. */
async function makeClone(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'distill-clone-'));
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { stdout } = await run('git', list, { cwd: ROOT, maxBuffer: 1 << 24 });
  for (const path of stdout.split('\0').filter(Boolean)) {
    // One that is deleted and not yet committed is no part of it.
    await cp(join(ROOT, path), join(folder, path)).catch(() => undefined);
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** The sample with one block, on as few images as it takes to train that; with a GPU, which is only played: that is what people meet there. */
async function shortJob(): Promise<DistillationJob> {
  const { spec, ...rest } = await recipe({ scheduling: { bins: 1 } });
  return {
    ...rest,
    spec: {
      ...spec,
      blocks: { ...spec.blocks, include: ['block3_conv2'] },
      fineTuning: { ...spec.fineTuning, epochs: 0 },
    },
  };
}

beforeAll(async () => {
  clone = await makeClone();
  // JSON is YAML.
  await writeFile(join(clone, SAMPLE), JSON.stringify(await shortJob()));
  const args = ['--disable-warning=ExperimentalWarning', 'tools/dev-cluster.ts', '--nodes', '1'];
  cluster = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [cluster.stdout, cluster.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  await until(
    'the cluster is there',
    () => {
      if (cluster.exitCode !== null) throw new Abort(`it ended: ${output}`);
      return output.includes('Ctrl-C ends it.') || undefined;
    },
    600_000,
  );
});

afterAll(async () => {
  if (cluster.exitCode === null) {
    const ended = new Promise((resolve) => cluster.once('exit', resolve));
    cluster.kill('SIGINT');
    await ended;
  }
  // What outlives it for a moment may still hold them.
  for (const stream of [cluster.stdout, cluster.stderr]) stream?.destroy();
  await rm(clone, { recursive: true });
});

it('what it prints leads from an empty cluster to student and report', async () => {
  const commands = /in this folder:\n\n([\s\S]*)\n\nCtrl-C ends it\./.exec(output)?.[1] ?? '';
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', commands], { cwd: clone, maxBuffer: 1 << 26 });
  console.log(stdout);
  expect(stdout).toMatch(/^cifar10-vgg16 +Succeeded +100 +1\/1 /m);
  const results = join(clone, 'distill-data/cifar10-vgg16');
  const report = await readFile(join(results, 'report.html'), 'utf8');
  expect(report).toContain('cifar10-vgg16');
  expect((await stat(join(results, 'student/model.json'))).size).toBeGreaterThan(0);
});
