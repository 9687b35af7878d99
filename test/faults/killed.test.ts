import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LAYOUT } from '@distillation/api/layout';
import { openBackend } from '@distillation/worker/backend/select';
import {
  type Ended,
  exists,
  killWorker,
  processesOf,
  type Program,
  startRun,
  until,
  writeManifest,
} from '../support/cli.ts';
import { jobOf, type Made, madeBy } from '../support/local-job.ts';
import { makeTinyWorld, tinyJob } from '../support/tiny-world.ts';

/** Invariant 2: killed at any moment, a job that is run again goes on and ends with the same student. */

let volume: string;
let reference: Made;
const programs: Program[] = [];

const folderOf = (output: string): string => join(volume, output);
const made = (output: string): Promise<Made> => madeBy(volume, jobOf(tinyJob(output)));

async function begin(output: string, ...more: readonly string[]): Promise<Program> {
  const manifest = await writeManifest(volume, output, tinyJob(output));
  const program = startRun(volume, manifest, ...more);
  programs.push(program);
  return program;
}

/** Runs the job to its end. */
async function finish(output: string, ...more: readonly string[]): Promise<Ended> {
  const ended = await (await begin(output, ...more)).ended;
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return ended;
}

/** How many (block, epoch) are on record. */
async function epochsOnRecord(output: string): Promise<number> {
  const files = await readdir(join(folderOf(output), LAYOUT.blocks), { recursive: true }).catch(() => []);
  return files.filter((name) => name.endsWith('.json')).length;
}

const onRecord = (output: string, epochs: number): Promise<void> =>
  until(`${epochs} epochs on record`, async () => (await epochsOnRecord(output)) >= epochs);

const nobodyLeft = (program: Program): Promise<void> =>
  until('all processes to end', async () => (await processesOf(program)).length === 0);

beforeAll(async () => {
  volume = await mkdtemp(join(tmpdir(), 'distill-killed-'));
  const { tf } = await openBackend({ cpuThreads: 1 });
  await makeTinyWorld(tf, volume);
  await finish('reference');
  reference = await made('reference');
});

afterEach(() => {
  for (const program of programs.splice(0)) program.killAll();
});

afterAll(async () => {
  await rm(volume, { recursive: true, force: true });
});

describe('kill -9', () => {
  it('of workers, one after the other: the run starts them again', async () => {
    const run = await begin('workers');
    await killWorker(run, 'plan');
    for (const epochs of [1, 4, 7]) {
      await onRecord('workers', epochs);
      await killWorker(run, 'train');
    }
    expect(await run.ended).toMatchObject({ code: 0 });
    expect(await made('workers')).toEqual(reference);
  });

  it('of the parent alone: its workers end by themselves, and the next run goes on', async () => {
    for (const epochs of [2, 6]) {
      const run = await begin('parent');
      await onRecord('parent', epochs);
      run.signal('SIGKILL');
      await nobodyLeft(run);
      expect(await exists(join(folderOf('parent'), LAYOUT.result))).toBe(false);
    }
    await finish('parent');
    expect(await made('parent')).toEqual(reference);
  });

  it('of all at once, several times, and of what is then run with other numbers of bins', async () => {
    const first = await begin('all');
    await until('a plan', () => exists(join(folderOf('all'), LAYOUT.plan)));
    first.killAll();
    for (const [epochs, bins] of [
      [1, '3'],
      [5, '2'],
    ] as const) {
      const run = await begin('all', '--bins', bins);
      await onRecord('all', epochs);
      run.killAll();
      await nobodyLeft(run);
    }
    await finish('all', '--bins', '1');
    expect(await made('all')).toEqual(reference);
  });

  it('of the finalizer, while it measures, fine-tunes and writes', async () => {
    const folder = folderOf('finalizer');
    await cp(folderOf('reference'), folder, { recursive: true });
    for (const name of ['finalize', LAYOUT.student, LAYOUT.reportJson, LAYOUT.reportHtml]) {
      await rm(join(folder, name), { recursive: true });
    }
    const run = await begin('finalizer');
    for (const file of ['finalize/blocks', LAYOUT.fineTuneRecord(1), LAYOUT.student]) {
      await until(file, () => exists(join(folder, file)));
      await killWorker(run, 'finalize');
    }
    expect(await run.ended).toMatchObject({ code: 0 });
    expect(await made('finalizer')).toEqual(reference);
  });

  it('of the parent of a finalizer, which ends by itself', async () => {
    const folder = folderOf('orphan');
    await cp(folderOf('reference'), folder, { recursive: true });
    await rm(join(folder, 'finalize'), { recursive: true });
    const run = await begin('orphan');
    await until('fine-tuning', () => exists(join(folder, LAYOUT.fineTuneData(1))));
    run.signal('SIGKILL');
    await nobodyLeft(run);
    expect(await exists(join(folder, LAYOUT.result))).toBe(false);
    await finish('orphan');
    expect(await made('orphan')).toEqual(reference);
  });
});

describe('a run that is asked to end', () => {
  it('keeps what is finished, says how to go on, and leaves no process', async () => {
    const run = await begin('asked');
    await onRecord('asked', 1);

    const second = await (await begin('asked')).ended;
    expect(second).toMatchObject({ code: 75 });
    expect(second.stderr).toContain(`DISTILL_E_JOB_RUNNING: Process ${run.pid} runs the job`);

    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const asked = signal === 'SIGTERM' ? run : await begin('asked');
      await until('a worker', () => /Training|Finalizing/.test(asked.stdout()));
      const epochs = await epochsOnRecord('asked');
      asked.signal(signal);
      const { code, stderr } = await asked.ended;
      expect({ code, stderr }).toMatchObject({ code: 75 });
      expect(stderr).toContain('DISTILL_E_STOPPED');
      expect(stderr).toContain('Run the same command to go on');
      expect(await processesOf(asked)).toEqual([]);
      expect(await epochsOnRecord('asked')).toBeGreaterThanOrEqual(epochs);
    }
    await finish('asked');
    expect(await made('asked')).toEqual(reference);

    const again = await finish('asked');
    expect(again.stdout).toContain('nothing was computed again');
  });
});
