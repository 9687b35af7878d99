import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { EXIT } from '@distillation/api/errors';
import { LAYOUT } from '@distillation/api/layout';
import type { LiveProgress, PlannerProgress } from '@distillation/api/progress';
import { studentRecipe } from '@distillation/api/recipe';
import { decodeTermination, type PlanSummary, type Termination } from '@distillation/api/termination';
import { scheduleBlocks } from '@distillation/core/schedule';
import { readEverything } from '@distillation/ledger/view';
import { builtProgram, type Ended, type Program, startPod } from '../support/cli.ts';
import { jobOf, madeBy, openForReading } from '../support/local-job.ts';
import { heldSteps } from '../support/pace/pace.ts';
import { tinyJob } from '../support/tiny-world.ts';
import { until } from '../../tools/kube-harness/access/until.ts';

/**
 * The worker's processes as the operator's pods run them, using only arguments, environment, port and termination message; teacher,
 * data and working files are on separate volumes. The tests build on one another, in this order.
 */

const EPOCHS = 12;
/**
 * For a process that is queried or signalled while it works: its steps are slowed down, so that it still does, however fast the
 * machine.
 */
const AT_WORK = heldSteps(200);
const OUTPUT = 'jobs/tiny';
const job = jobOf(
  tinyJob(OUTPUT, {
    training: { epochs: EPOCHS },
    fineTuning: { epochs: 3 },
    scheduling: { bins: 2, policy: 'RoundRobin' },
  }),
);

let root: string;
let plan: PlanSummary;
const programs: Program[] = [];
const at = (...names: readonly string[]): string => join(root, ...names);
const work = (...names: readonly string[]): string => at('work', OUTPUT, ...names);

interface Pod {
  readonly program: Program;
  /** Its address, once it listens. */
  serves(): Promise<string>;
  /** How it ended, and its termination message. */
  readonly ended: Promise<Ended & { readonly said: Termination | undefined }>;
}

function pod(command: string, more: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Pod {
  const lastWords = at(`termination-${programs.length}`);
  const volumes = ['--volume', at('work'), '--teacher-volume', at('teachers'), '--dataset-volume', at('datasets')];
  const args = [command, '--job', at('job.json'), ...volumes, '--listen', '127.0.0.1:0', ...more];
  const program = startPod(args, { ...env, DISTILL_TERMINATION_LOG: lastWords });
  programs.push(program);
  const address = (): string | undefined => /serves .* on (http:\S+)/.exec(program.stderr())?.[1];
  return {
    program,
    async serves() {
      await until(`${command} to serve`, () => address() !== undefined);
      return address() ?? '';
    },
    ended: program.ended.then(async (ended) => {
      const said = await readFile(lastWords, 'utf8').catch(() => '');
      return { ...ended, said: decodeTermination(said) };
    }),
  };
}

/** A pod of the Indexed Job, both of whose bins have work. */
const worker = (index: number, more: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Pod =>
  pod('train', ['--schedule', at('schedule.json'), ...more], {
    ...env,
    DISTILL_BINS: '0,1',
    JOB_COMPLETION_INDEX: String(index),
  });

const progressOf = async (url: string): Promise<LiveProgress> =>
  (await (await fetch(`${url}/progress`)).json()) as LiveProgress;
const textOf = async (url: string): Promise<string> => (await fetch(url)).text();

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'distill-pods-'));
  for (const [volume, folder] of [
    ['teachers', 'teacher'],
    ['datasets', 'data'],
  ] as const) {
    await cp(join(inject('tinyWorld'), folder), at(volume, folder), { recursive: true });
  }
  // As fsGroup sets the root of a volume.
  await mkdir(at('work'));
  await chmod(at('work'), 0o2775);
  await writeFile(at('job.json'), JSON.stringify(job));
});

afterEach(() => {
  for (const program of programs) program.killAll();
});

afterAll(() => rm(root, { recursive: true, force: true }));

it('a planner waits for its teacher and says so, in vain when it is ended; the next one goes on when the teacher has come', async () => {
  const waiting = { ...job, spec: { ...job.spec, cluster: { ...job.spec.cluster, inputsDeadlineSeconds: 600 } } };
  await writeFile(at('waiting.json'), JSON.stringify(waiting));
  for (const folder of ['later', 'waited']) await mkdir(at(folder));
  await cp(at('teachers', 'teacher'), at('coming'), { recursive: true });
  const args = ['--job', at('waiting.json'), '--teacher-volume', at('later'), '--volume', at('waited')];
  const waits = async (url: string): Promise<boolean> => {
    const { awaits } = (await (await fetch(`${url}/progress`)).json()) as PlannerProgress;
    return awaits?.startsWith(`There is no teacher at ${at('later', 'teacher')}`) ?? false;
  };
  const ended = pod('plan', args);
  const url = await ended.serves();
  await until('it waits', () => waits(url));
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  // Before there is anything to compute on, nothing is loaded to compute with.
  expect(ended.program.stderr()).not.toContain('computing with');
  ended.program.signal('SIGTERM');
  expect(await ended.ended).toMatchObject({ code: EXIT.retry, said: { code: 'DISTILL_E_STOPPED' } });

  const next = pod('plan', args);
  const again = await next.serves();
  await until('it waits too', () => waits(again));
  await rename(at('coming'), at('later', 'teacher'));
  const { code, stderr, said } = await next.ended;
  expect({ code, stderr }).toMatchObject({ code: EXIT.ok });
  expect(said).toMatchObject({ type: 'Planned' });
});

it('the planner ends with the plan as its last words, in what the operator schedules by', async () => {
  const { code, stderr, said } = await pod('plan').ended;
  expect({ code, stderr }).toMatchObject({ code: EXIT.ok });
  if (said?.type !== 'Planned') throw new Error(`it said ${JSON.stringify(said)}`);
  plan = said.plan;
  const written = await openForReading(at('work'), job).readPlan();
  expect(plan.key).toBe(written?.key);
  expect(plan.blocks).toEqual(written?.blocks.map(({ name, cost }) => ({ name, cost })));
  const schedule = scheduleBlocks(plan.blocks, plan.epochs, job.spec.scheduling);
  await writeFile(at('schedule.json'), JSON.stringify(schedule));
});

it('a dry run prints the same plan for a job that comes by stdin, and leaves nothing on the volume', async () => {
  const before = await readdir(at('work'), { recursive: true });
  const volumes = ['--volume', at('work'), '--teacher-volume', at('teachers'), '--dataset-volume', at('datasets')];
  const args = [builtProgram('worker'), 'plan', '--dry-run', '--job', '-', ...volumes];
  const program = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) program[name].on('data', (text: string) => (said[name] += text));
  // Without an end: the API server's `exec` has none.
  program.stdin.write(
    `${JSON.stringify({ ...job, spec: { ...job.spec, outputs: { ...job.spec.outputs, path: 'new' } } })}\n\n`,
  );
  const [code] = (await once(program, 'close')) as [number];
  expect({ code, stderr: said.stderr }).toMatchObject({ code: EXIT.ok });
  expect(JSON.parse(said.stdout)).toEqual(await openForReading(at('work'), job).readPlan());
  expect(await readdir(at('work'), { recursive: true })).toEqual(before);
});

it('a worker tells of itself while it trains; told to stop in mid-epoch it ends to be tried again, and keeps what is done', async () => {
  const training = worker(1, [], AT_WORK);
  const url = await training.serves();
  expect((await fetch(`${url}/healthz`)).status).toBe(200);

  let live = await progressOf(url);
  // The ledger shows every epoch at once; a worker's own progress may be a second old.
  await until('finished epochs in /progress, and a worker that says that it trains', async () => {
    live = await progressOf(url);
    return live.blocks.some(({ epoch }) => epoch >= 2) && live.workers[0]?.state === 'Training';
  });
  expect(live.planKey).toBe(plan.key);
  expect(live.blocks.map(({ name }) => name)).toEqual(plan.blocks.map(({ name }) => name));
  expect(live.workers).toMatchObject([{ bin: 1, state: 'Training' }]);
  expect(live.seconds.useful).toBeGreaterThan(0);
  const own = live.workers[0]?.blocks ?? [];
  expect(own.length).toBeGreaterThan(0);
  expect(live.blocks.filter(({ epoch }) => epoch > 0).map(({ name }) => name)).toEqual(own);

  let metrics = '';
  await until('losses in /metrics', async () => {
    metrics = await textOf(`${url}/metrics`);
    return /^distill_worker_loss\{/m.test(metrics);
  });
  for (const line of [
    /^distill_worker_info\{version="[\d.]+",backend="[\w-]+",tensorflow="[\w.-]+",role="worker",bin="1"\} 1$/m,
    new RegExp(`^distill_worker_loss\\{block="${own[0] ?? ''}",role="worker",bin="1"\\} 0\\.\\d+`, 'm'),
    /^distill_worker_images_total\{role="worker",bin="1"\} [1-9]/m,
    /^distill_worker_block_epochs_total\{role="worker",bin="1"\} [1-9]/m,
    /^distill_worker_state\{state="Training",role="worker",bin="1"\} 1$/m,
  ]) {
    expect(metrics).toMatch(line);
  }

  training.program.signal('SIGTERM');
  const { code, said } = await training.ended;
  expect(code).toBe(EXIT.retry);
  expect(said).toMatchObject({ type: 'Error', code: 'DISTILL_E_STOPPED', reason: 'Stopped' });
  const { blocks } = await readEverything(openForReading(at('work'), job));
  for (const before of live.blocks) {
    expect(blocks.find(({ name }) => name === before.name)?.epoch).toBeGreaterThanOrEqual(before.epoch);
  }
});

it('the next pod of the bin goes on from there and says what the ledger holds when nothing is left', async () => {
  const { code, stderr, said } = await worker(1).ended;
  expect({ code, stderr }).toMatchObject({ code: EXIT.ok });
  expect(stderr).toMatch(/takes \w+ at epoch ([2-9]|[1-9]\d)/);
  if (said?.type !== 'NothingLeft') throw new Error(`it said ${JSON.stringify(said)}`);
  expect(said.planKey).toBe(plan.key);
  const states = new Set(said.blocks.map(({ state, epoch }) => `${state} ${epoch}`));
  expect(states).toEqual(new Set(['Pending 0', `Done ${EPOCHS}`]));
});

it('the other bin trains the rest; a second pod of it finds nothing to do and says the same', async () => {
  for (const life of [1, 2]) {
    const { code, stderr, said } = await worker(0).ended;
    expect({ life, code, stderr }).toMatchObject({ code: EXIT.ok });
    if (said?.type !== 'NothingLeft') throw new Error(`it said ${JSON.stringify(said)}`);
    expect(said.blocks.every(({ state }) => state === 'Done')).toBe(true);
    expect(said.seconds.useful).toBeGreaterThan(0);
  }
});

it('a planner and a finalizer that are told to stop end to be tried again', async () => {
  for (const command of ['plan', 'finalize']) {
    const told = pod(command, [], heldSteps(5000));
    await told.serves();
    told.program.signal('SIGTERM');
    const { code, said } = await told.ended;
    expect({ command, code }).toEqual({ command, code: EXIT.retry });
    expect(said).toMatchObject({ type: 'Error', code: 'DISTILL_E_STOPPED' });
  }
});

it('the finalizer ends with the result as its last words, and says it again when all was done before', async () => {
  const first = pod('finalize', [], AT_WORK);
  const url = await first.serves();
  await until('a stage in /progress', async () => (await progressOf(url)).finalizer !== undefined);
  expect(await textOf(`${url}/metrics`)).toMatch(/^distill_worker_info\{.*role="finalizer"\} 1$/m);
  const { code, stderr, said } = await first.ended;
  expect({ code, stderr }).toMatchObject({ code: EXIT.ok });
  if (said?.type !== 'Finalized') throw new Error(`it said ${JSON.stringify(said)}`);
  const inputs = { teacherSha256: plan.teacher.sha256, datasetSha256: plan.datasetSha256 };
  expect(said.result.recipe).toBe(studentRecipe(job.spec, inputs));
  expect(said.result.studentSha256).toBe((await madeBy(at('work'), job)).student);
  expect(said.result.blocks.map(({ block }) => block)).toEqual(plan.blocks.map(({ name }) => name));

  const again = await pod('finalize').ended;
  expect(again.code).toBe(EXIT.ok);
  expect(again.said).toEqual(said);
});

it('teacher and data stay untouched, and the group of the volume may write all that was made', async () => {
  for (const name of [LAYOUT.plan, LAYOUT.result, LAYOUT.student, LAYOUT.blockFolder(plan.blocks[0]?.name ?? '')]) {
    const { mode } = await stat(work(name));
    expect({ name, group: (mode >> 3) & 6 }).toEqual({ name, group: 6 });
  }
  expect((await readdir(at('teachers'), { recursive: true })).sort()).toEqual([
    'teacher',
    'teacher/model.json',
    'teacher/weights.bin',
  ]);
  expect(await readdir(at('datasets'))).toEqual(['data']);
});

it('a pod that must have a GPU and has none says what it was given', async () => {
  const { code, said } = await worker(0, ['--gpu', 'required']).ended;
  expect(code).toBe(EXIT.retry);
  expect(said).toMatchObject({
    type: 'Error',
    code: 'DISTILL_E_BACKEND_GPU_MISSING',
    message: expect.stringMatching(/The best backend is .*; the pod has .*NVIDIA_VISIBLE_DEVICES/) as string,
  });
});

it('an index without a bin ends the bin for good', async () => {
  const lost = await worker(2).ended;
  expect(lost.code).toBe(EXIT.usage);
  expect(lost.said).toMatchObject({ code: 'DISTILL_E_USAGE' });
});
