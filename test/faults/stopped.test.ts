import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '@distillation/api/errors';
import { scheduleBlocks } from '@distillation/core/schedule';
import { exists, type Program, processesOf, startPod, writeManifest } from '../support/cli.ts';
import { jobOf, type Made, openForReading } from '../support/local-job.ts';
import { heldSteps } from '../support/pace/pace.ts';
import { tinyVolume } from '../support/tiny-volume.ts';
import { tinyJob } from '../support/tiny-world.ts';
import { until } from '../../tools/kube-harness/access/until.ts';

/**
 * A process that should stop in the middle of a pass over the data does so at its next step. No finished epoch is lost, and the
 * bits stay the same.
 */

const volume = tinyVolume();
/** One sample per step, and half a second per step: a pass over the training samples takes 32 s, one over the validation samples 16 s. */
const CHANGE = {
  dataset: { batchSize: 1, limits: { train: 64, validation: 32 } },
  training: { epochs: 1 },
  fineTuning: { epochs: 1 },
};
const SLOW = heldSteps(500);
let reference: Made;

interface PodOptions {
  readonly more?: readonly string[];
  readonly change?: typeof CHANGE;
  readonly env?: Readonly<Record<string, string>>;
}

/** A worker's subcommand as a pod runs it. */
async function pod(
  job: string,
  command: string,
  { more = [], change = CHANGE, env = SLOW }: PodOptions = {},
): Promise<Program> {
  const manifest = await writeManifest(volume.root, job, tinyJob(job, change));
  const args = [command, '--job', manifest, '--volume', volume.root, '--listen', '127.0.0.1:0', ...more];
  return volume.add(startPod(args, { ...env, DISTILL_TERMINATION_LOG: join(volume.root, `${job}.termination`) }));
}

/** Number of finished batches from `/metrics`; the last value read once nothing is served any more. */
function batchCounter(program: Program): () => Promise<number> {
  let last = 0;
  return async () => {
    const url = /serves .* on (http:\S+)/.exec(program.stderr())?.[1];
    if (url === undefined) return last;
    const text = await fetch(`${url}/metrics`).then(
      (answer) => answer.text(),
      () => '',
    );
    last = Number(/^distill_worker_batches_total\{.*\} (\d+)$/m.exec(text)?.[1] ?? last);
    return last;
  };
}

/** A plan and a schedule, without any training. */
async function planned(job: string, change = CHANGE): Promise<void> {
  const { code, stderr } = await volume.plan(job, change);
  expect({ code, stderr }).toMatchObject({ code: EXIT.ok });
  const ledger = openForReading(volume.root, jobOf(tinyJob(job, change)));
  const plan = await ledger.readPlan();
  if (plan === undefined) throw new Error('there is no plan');
  await ledger.writeSchedule(
    scheduleBlocks(plan.blocks, plan.epochs, { bins: 1, policy: 'RoundRobin', passes: 'Fused' }),
  );
}

beforeAll(async () => {
  await volume.finish('undisturbed', { change: CHANGE });
  reference = await volume.made('undisturbed');
});

describe('SIGTERM in the middle of a pass', () => {
  it.each([
    { what: 'a planner that checks the teacher', command: 'plan', steps: 32 },
    { what: 'a worker that trains', command: 'train', steps: 64, more: ['--bin', '0'], prepare: planned },
    {
      what: 'a finalizer that measures',
      command: 'finalize',
      steps: 32,
      prepare: (job: string) => volume.copyTrained('undisturbed', job),
    },
  ])('stops $what at its next step', async ({ command, steps, more = [], prepare }) => {
    const job = `told-${command}`;
    await prepare?.(job);
    const before = await volume.epochsOnRecord(job);
    const program = await pod(job, command, { more });
    const batches = batchCounter(program);
    await until(`${command} to be in its pass`, async () => (await batches()) >= 2);
    program.signal('SIGTERM');
    let over = false;
    void program.ended.then(() => (over = true));
    await until(`${command} to end`, async () => {
      await batches();
      return over;
    });
    expect(await program.ended).toMatchObject({ code: EXIT.retry });
    expect((await program.ended).stderr).toContain('DISTILL_E_STOPPED');
    expect(await batches()).toBeLessThan(steps);
    expect(await volume.epochsOnRecord(job)).toBe(before);
    expect(await exists(volume.path(job, 'finalize'))).toBe(false);
  });
});

it('SIGTERM in the last step of an epoch: a matrix product may have been disturbed, and the epoch is not committed', async () => {
  const change = { ...CHANGE, dataset: { batchSize: 24, limits: { train: 24, validation: 24 } } };
  await planned('last-step', change);
  const worker = await pod('last-step', 'train', { more: ['--bin', '0'], change, env: heldSteps(5000) });
  const ledger = openForReading(volume.root, jobOf(tinyJob('last-step', change)));
  // The only step of the epoch begins when five seconds have passed, without that the event loop turns meanwhile.
  await until('the epoch has begun', async () => (await ledger.readProgress(0))?.state === 'Training');
  worker.signal('SIGTERM');
  expect(await worker.ended).toMatchObject({ code: EXIT.retry });
  expect((await worker.ended).stderr).toContain('DISTILL_E_STOPPED');
  expect(await volume.epochsOnRecord('last-step')).toBe(0);
});

it('Ctrl-C of a local run stops its workers in mid-epoch; run again, the job ends with the same student', async () => {
  await planned('interrupted');
  const run = await volume.begin('interrupted', { change: CHANGE, env: SLOW });
  const ledger = openForReading(volume.root, jobOf(tinyJob('interrupted', CHANGE)));
  await until('a worker in its epoch', async () => ((await ledger.readProgress(0))?.step ?? 0) >= 1);
  run.signal('SIGINT');
  expect(await run.ended).toMatchObject({ code: EXIT.retry });
  expect(await processesOf(run)).toEqual([]);
  expect(await volume.epochsOnRecord('interrupted')).toBe(0);
  await volume.finish('interrupted', { change: CHANGE });
  expect(await volume.made('interrupted')).toEqual(reference);
});
