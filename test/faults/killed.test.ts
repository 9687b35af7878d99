import { beforeAll, describe, expect, it } from 'vitest';
import { LAYOUT } from '@distillation/api/layout';
import { exists, killWorker, processesOf, type Program } from '../support/cli.ts';
import type { Made } from '../support/local-job.ts';
import { heldSteps } from '../support/pace/pace.ts';
import { tinyVolume } from '../support/tiny-volume.ts';
import { until } from '../../tools/kube-harness/access/until.ts';

/** A job that is killed at any moment and run again continues, and ends with the same student. */

const volume = tinyVolume();
/**
 * Steps are slowed down, so that the process is still at work when it is killed, however fast the machine: in training and in
 * fine-tuning.
 */
const TRAINING = { env: heldSteps(200) };
const FINE_TUNING = { env: heldSteps(500) };
let reference: Made;

const nobodyLeft = (program: Program): Promise<true> =>
  until('all processes to end', async () => (await processesOf(program)).length === 0);

beforeAll(async () => {
  reference = await volume.reference();
});

describe('kill -9', () => {
  it('of workers, one after the other: the run starts them again', async () => {
    const run = await volume.begin('workers', TRAINING);
    await killWorker(run, 'plan');
    for (const epochs of [1, 4, 7]) {
      await volume.untilOnRecord('workers', epochs);
      await killWorker(run, 'train');
    }
    expect(await run.ended).toMatchObject({ code: 0 });
    expect(await volume.made('workers')).toEqual(reference);
  });

  it.each([
    ['SIGKILL', /^Planner: It was killed /],
    ['SIGABRT', /^Planner: It crashed \(SIGABRT, exit code 134\)/],
  ] as const)(
    'of a planner that may not be tried again, by %s: the run ends, with the log to read and the way to go on',
    async (signal, what) => {
      const change = { cluster: { backoffLimit: 0 } };
      const run = await volume.begin(`once-${signal}`, { change, env: heldSteps(5000) });
      await killWorker(run, 'plan', signal);
      const { code, stderr } = await run.ended;
      expect(code).toBe(75);
      const [named, words = ''] = stderr.split(/: (.*)/s);
      expect(named).toBe('DISTILL_E_WORKER_FAILED');
      expect(words).toMatch(what);
      expect(words).toMatch(/\. Given up after 1 run\. Its log is .*planner\.log\. Read .*\.\n$/);
    },
  );

  it('of the parent alone: its workers end by themselves, and the next run goes on', async () => {
    await volume.copyPlanned('parent');
    for (const epochs of [2, 6]) {
      const run = await volume.begin('parent', TRAINING);
      await volume.untilOnRecord('parent', epochs);
      run.signal('SIGKILL');
      await nobodyLeft(run);
      expect(await exists(volume.path('parent', LAYOUT.result))).toBe(false);
    }
    await volume.finish('parent');
    expect(await volume.made('parent')).toEqual(reference);
  });

  it('of all at once, several times, and of what is then run with other numbers of bins', async () => {
    const first = await volume.begin('all', TRAINING);
    await until('a plan', () => exists(volume.path('all', LAYOUT.plan)));
    first.killAll();
    for (const [epochs, bins] of [
      [1, '3'],
      [5, '2'],
    ] as const) {
      const run = await volume.begin('all', { ...TRAINING, args: ['--bins', bins] });
      await volume.untilOnRecord('all', epochs);
      run.killAll();
      await nobodyLeft(run);
    }
    await volume.finish('all', { args: ['--bins', '1'] });
    expect(await volume.made('all')).toEqual(reference);
  });

  it('of the finalizer, while it measures, fine-tunes and writes', async () => {
    await volume.copyTrained('reference', 'finalizer');
    const run = await volume.begin('finalizer', FINE_TUNING);
    for (const file of ['finalize/blocks', LAYOUT.fineTuneRecord(1), LAYOUT.student]) {
      await until(file, () => exists(volume.path('finalizer', file)));
      await killWorker(run, 'finalize');
    }
    expect(await run.ended).toMatchObject({ code: 0 });
    expect(await volume.made('finalizer')).toEqual(reference);
  });

  it('of the parent of a finalizer, which ends by itself', async () => {
    await volume.copyTrained('reference', 'orphan');
    const run = await volume.begin('orphan', FINE_TUNING);
    await until('fine-tuning', () => exists(volume.path('orphan', LAYOUT.fineTuneData(1))));
    run.signal('SIGKILL');
    await nobodyLeft(run);
    expect(await exists(volume.path('orphan', LAYOUT.result))).toBe(false);
    await volume.finish('orphan');
    expect(await volume.made('orphan')).toEqual(reference);
  });
});

describe('a run that is asked to end', () => {
  it('keeps what is finished, says how to go on, and leaves no process; meanwhile a second run is refused', async () => {
    await volume.copyPlanned('asked');
    const first = await volume.begin('asked', FINE_TUNING);
    await volume.untilOnRecord('asked', 1);
    const second = await volume.run('asked');
    expect(second).toMatchObject({ code: 75 });
    expect(second.stderr).toContain(`DISTILL_E_JOB_RUNNING: Process ${first.pid} runs the job`);

    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const run = signal === 'SIGTERM' ? first : await volume.begin('asked', FINE_TUNING);
      await until('a worker', () => /Training|Finalizing/.test(run.stdout()));
      const epochs = await volume.epochsOnRecord('asked');
      run.signal(signal);
      const { code, stderr } = await run.ended;
      expect({ code, stderr }).toMatchObject({ code: 75 });
      expect(stderr).toContain('DISTILL_E_STOPPED');
      expect(stderr).toContain('Run the same command to go on');
      expect(await processesOf(run)).toEqual([]);
      expect(await volume.epochsOnRecord('asked')).toBeGreaterThanOrEqual(epochs);
    }
    await volume.finish('asked');
    expect(await volume.made('asked')).toEqual(reference);
    expect((await volume.finish('asked')).stdout).toContain('nothing was computed again');
  });
});
