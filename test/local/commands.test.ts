import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '@distillation/api/errors';
import { LAYOUT } from '@distillation/api/layout';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { builtProgram } from '../support/cli.ts';
import { tinyJob } from '../support/tiny-world.ts';

/** The commands as a user runs them, from a manifest to its report, each as a process. The tests build on one another, in this order. */

let volume: string;
let manifest: string;

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function distill(...args: string[]): Promise<Said> {
  return distillBy(builtProgram('cli'), ...args);
}

function distillBy(cli: string, ...args: string[]): Promise<Said> {
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

const onJob = (command: string, ...more: string[]): Promise<Said> =>
  distill(command, '-f', manifest, '--volume', volume, ...more);

async function filesOf(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

beforeAll(async () => {
  volume = await mkdtemp(join(tmpdir(), 'distill-commands-'));
  manifest = join(volume, 'job.yaml');
  for (const name of ['data', 'teacher'])
    await cp(join(inject('tinyWorld'), name), join(volume, name), { recursive: true });
  await writeFile(manifest, JSON.stringify(tinyJob('jobs/tiny')));
});

afterAll(async () => {
  await rm(volume, { recursive: true, force: true });
});

it('says with what it computes, and without the native library how slow that is and how to get it, before anything else', async () => {
  const native = await onJob('plan', '--local');
  expect(native.out).toMatch(/^backend +TensorFlow [\d.]+ on the CPU, \d+ threads? a process$/m);
  expect(native.err).not.toContain('WebAssembly');
  await rm(join(volume, 'jobs'), { recursive: true });
  const withoutNative = builtProgram('cli', 'no-native');
  const slow = await distillBy(withoutNative, 'plan', '--local', '-f', manifest, '--volume', volume);
  expect({ code: slow.code, err: slow.err }).toMatchObject({ code: 0 });
  expect(slow.err.split('\n')[0]).toMatch(/^Computing in WebAssembly, some ten times slower .*kubectl-distill setup/);
  expect(slow.out).toMatch(
    /^backend +TensorFlow.js [\d.]+ in WebAssembly, .* ten times slower than the native library$/m,
  );
  await rm(join(volume, 'jobs'), { recursive: true });
});

it('shows a help with examples for every command', async () => {
  const root = await distill('--help');
  expect(root.code).toBe(0);
  const listed = [...root.out.matchAll(/^ {2}([a-z]+)(?: \[[^ ]+\]| <[^ ]+>)* {2}/gm)].map(([, name]) => name ?? '');
  // commander's own.
  const commands = listed.filter((name) => name !== 'help');
  expect(commands).toEqual([
    ...[
      'plan',
      'run',
      'watch',
      'report',
      'doctor',
      'get',
      'logs',
      'suspend',
      'resume',
      'retry',
      'cancel',
      'push',
      'fetch',
    ],
    ...['validate', 'setup', 'version', 'completion'],
  ]);
  const helps = await Promise.all(commands.map((name) => distill(name, '--help')));
  helps.forEach(({ code, out }, i) => {
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`Examples:\n  kubectl[- ]distill ${commands[i] ?? ''}`));
  });
});

it('tells wrong use from wrong input', async () => {
  const [nothing, unknown, bins, file] = await Promise.all([
    distill('run'),
    distill('destill'),
    onJob('plan', '--local', '--bins', 'two'),
    distill('validate', '-f', join(volume, 'no.yaml')),
  ]);
  expect(nothing).toMatchObject({ code: EXIT.usage });
  expect(nothing.err).toContain('--filename');
  expect(unknown).toMatchObject({ code: EXIT.usage });
  expect(bins).toMatchObject({ code: EXIT.usage });
  expect(bins.err).toContain('--bins two');
  expect(file).toMatchObject({ code: EXIT.input });
  expect(file.err).toContain('DISTILL_E_MANIFEST_UNREADABLE');
});

it('validates a manifest, and prints it with its defaults as a manifest that is valid again', async () => {
  expect(await distill('validate', '-f', manifest)).toMatchObject({ code: 0, out: `${manifest}: ok\n` });
  const { out } = await distill('validate', '-f', manifest, '--defaults');
  expect(out).toMatch(/policy: WorkStealing/);
  const full = join(volume, 'full.yaml');
  await writeFile(full, out);
  expect(await distill('validate', '-f', full)).toMatchObject({ code: 0 });
  await writeFile(full, out.replace('WorkStealing', 'Workstealing'));
  const wrong = await distill('validate', '-f', full);
  expect(wrong.code).toBe(EXIT.input);
  expect(wrong.err).toContain('spec.scheduling.policy');
});

it('says of a job that was not started how to start it', async () => {
  const { code, out } = await onJob('report');
  expect(code).toBe(0);
  expect(out).toContain(`This job has not been started in ${join(volume, 'jobs/tiny')}.`);
  expect(out).toContain('--volume');
  expect(out).toContain(`run --local -f ${manifest} --volume ${volume}`);
  expect(await onJob('watch')).toMatchObject({ code: EXIT.usage });
});

it('plans a job once, and shows the plan as often as one likes', async () => {
  const first = await onJob('plan', '--local');
  expect(first).toMatchObject({ code: 0 });
  for (const layer of ['conv1', 'conv2', 'conv3', 'conv4', 'conv5']) expect(first.out).toContain(layer);
  expect(first.out).toContain('Layers that stay');
  expect(first.out).toMatch(/^pixels +prepared: Custom; scale /m);
  expect(first.out).toMatch(/ 2 .*this job/);
  const files = await filesOf(join(volume, 'jobs'));
  const times = await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
  const again = await onJob('plan', '--local', '--bins', '3');
  expect(again.out).toMatch(/ 3 .*this job/);
  const { out } = await onJob('plan', '--local', '-o', 'json');
  expect(JSON.parse(out)).toMatchObject({
    plan: { costUnit: 'MAC' },
    schedule: { bins: [{ index: 0 }, { index: 1 }] },
  });
  expect(await filesOf(join(volume, 'jobs'))).toEqual(files);
  expect(await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs))).toEqual(times);
  const [report, doctor] = await Promise.all([onJob('report'), onJob('doctor')]);
  expect(report.out).toMatch(/^This job is planned, not begun\. Start it: /);
  expect(doctor).toMatchObject({ code: 0 });
  expect(doctor.out).toMatch(/^ok +job +planned, not begun;/m);
});

it('runs what it planned without planning again, and reports it', async () => {
  const log = join(volume, 'jobs/tiny/logs/planner.log');
  const planned = await readFile(log, 'utf8');
  const run = await onJob('run', '--local');
  expect(run, run.err).toMatchObject({ code: 0 });
  expect(await readFile(log, 'utf8')).toBe(planned);
  expect(run.out).toMatch(/^This run took [\d.]+ (s|min)/m);
  const [report, watch, doctor] = await Promise.all([onJob('report'), onJob('watch'), onJob('doctor')]);
  const table = report.out.slice(report.out.indexOf('test accuracy'));
  expect(table).toMatch(/test accuracy +[\d.]+ % +[\d.]+ %/);
  expect(table).toContain(join(volume, 'jobs/tiny/report.html'));
  for (const { out, code } of [run, watch]) {
    expect(code).toBe(0);
    expect(out).toContain(table.trimEnd());
  }
  expect(doctor).toMatchObject({ code: 0 });
  expect(doctor.out).toMatch(/^ok +job +finished$/m);
  const again = await onJob('run', '--local');
  expect(again.out).toContain('nothing was computed again');
  expect(again.out).not.toContain('epoch 1 of');
  expect(again.out.trimEnd().endsWith(table.trimEnd())).toBe(true);
});

it('says of a job that was changed since whose student is there, and the way back', async () => {
  await writeFile(manifest, JSON.stringify(tinyJob('jobs/tiny', { selection: { maxAccuracyDrop: '0.9' } })));
  for (const { out } of [await onJob('report'), await onJob('doctor')]) {
    expect(out).toContain(`The student in ${join(volume, 'jobs/tiny')} is of another version of this manifest`);
    expect(out).toContain('With the manifest as it was, the job is done');
  }
  await writeFile(manifest, JSON.stringify(tinyJob('jobs/tiny')));
  expect((await onJob('doctor')).out).toMatch(/^ok +job +finished$/m);
});

it('says of a job that was asked for another format since that its file is not there yet', async () => {
  await writeFile(manifest, JSON.stringify(tinyJob('jobs/tiny', { outputs: { formats: ['Keras'] } })));
  for (const { code, out } of [await onJob('report'), await onJob('doctor')]) {
    expect(code).toBe(0);
    expect(out).toContain('Not all files of the student that the manifest asks for are there');
    expect(out).toContain(`run --local -f ${manifest} --volume ${volume}`);
  }
  await writeFile(manifest, JSON.stringify(tinyJob('jobs/tiny')));
  expect((await onJob('report')).out).not.toContain('Not all files');
});

it('of blocks that would be trained otherwise it says that they need another folder; a run is refused, and leaves this one alone', async () => {
  const job = join(volume, 'jobs/tiny', LAYOUT.job);
  const before = await readFile(job, 'utf8');
  await writeFile(manifest, JSON.stringify(tinyJob('jobs/tiny', { training: { epochs: 4 } })));
  const run = await onJob('run', '--local');
  expect(run).toMatchObject({ code: EXIT.input });
  expect(run.err).toMatch(
    /^DISTILL_E_VOLUME_OTHER_JOB: .*: spec\.training\.epochs is 3 there and 4 here\. .*Choose another output path/,
  );
  expect(await readFile(job, 'utf8')).toBe(before);
  const [report, watch, doctor] = await Promise.all([onJob('report'), onJob('watch'), onJob('doctor')]);
  expect(report.out).toMatch(/^The student in .* need a folder of their own: another spec\.outputs\.path\..*\n$/);
  expect(watch).toMatchObject({ code: EXIT.input });
  expect(watch.err).toContain('need a folder of their own');
  expect(doctor).toMatchObject({ code: EXIT.config });
  for (const { out, err } of [report, watch, doctor]) expect(out + err).not.toContain('last checkpoints');
  await writeFile(manifest, JSON.stringify(tinyJob('jobs/tiny')));
});

it('a student is of its manifest too where the plan or the report has to be written again', async () => {
  await writeFile(manifest, JSON.stringify(tinyJob('jobs/tiny', { dataset: { loaderThreads: 2 } })));
  const isDone = async (): Promise<void> => {
    for (const { code, out } of [await onJob('report'), await onJob('watch')]) {
      expect(code).toBe(0);
      expect(out).toContain('test accuracy');
      expect(out).not.toContain('another version');
    }
    expect((await onJob('doctor')).out).toMatch(/^ok +job +finished$/m);
  };
  await isDone();
  // Planned for the one, it is done for the other.
  expect(await onJob('plan', '--local')).toMatchObject({ code: 0 });
  await writeFile(manifest, JSON.stringify(tinyJob('jobs/tiny')));
  await isDone();
  await rm(join(volume, 'jobs/tiny', LAYOUT.reportHtml));
  await isDone();
  for (const how of [['--open'], ['-o', 'html']])
    expect((await onJob('report', ...how)).err).toContain('DISTILL_E_NO_RESULT');
  expect(await onJob('run', '--local')).toMatchObject({ code: 0 });
  expect(await stat(join(volume, 'jobs/tiny', LAYOUT.reportHtml))).toBeDefined();
  const files = { json: LAYOUT.reportJson, html: LAYOUT.reportHtml };
  for (const [format, name] of Object.entries(files))
    expect((await onJob('report', '-o', format)).out).toBe(await readFile(join(volume, 'jobs/tiny', name), 'utf8'));
  expect(await readFile(join(volume, 'jobs/tiny/logs/finalizer.log'), 'utf8')).not.toContain('DISTILL_E_STOPPED');
});

it('says what stopped a job', async () => {
  const broken = join(volume, 'broken.yaml');
  await writeFile(broken, JSON.stringify(tinyJob('jobs/broken', { teacher: { path: 'teacher/none.json' } })));
  const run = await distill('run', '--local', '-f', broken, '--volume', volume);
  expect(run).toMatchObject({ code: EXIT.input });
  expect(run.err).toContain('DISTILL_E_TEACHER_MISSING');
  const [report, doctor] = await Promise.all(
    ['report', 'doctor'].map((command) => distill(command, '-f', broken, '--volume', volume)),
  );
  for (const said of [report, doctor]) {
    expect(said?.out).toContain('planner ended with DISTILL_E_TEACHER_MISSING');
    expect(said?.out).toContain('Put the teacher at spec.teacher.path');
  }
  expect(doctor?.code).toBe(EXIT.config);
  // Of another manifest in the same folder that error says nothing.
  await writeFile(broken, JSON.stringify(tinyJob('jobs/broken')));
  for (const command of ['report', 'doctor'])
    expect((await distill(command, '-f', broken, '--volume', volume)).out).not.toContain('DISTILL_E_');
});
