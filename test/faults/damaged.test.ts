import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { LAYOUT } from '@distillation/api/layout';
import { exists } from '../support/cli.ts';
import type { Made } from '../support/local-job.ts';
import { heldSteps } from '../support/pace/pace.ts';
import { type Change, tinyVolume } from '../support/tiny-volume.ts';
import type { StudentCard } from '../../worker/src/finalize/student/card.ts';

/** Damaged files are detected and set aside, and their work is done again from the last intact ones, with the same bits. */

const volume = tinyVolume();
let reference: Made;

async function flipBit(path: string): Promise<void> {
  const bytes = await readFile(path);
  const at = Math.floor(bytes.length * 0.7);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at);
  await writeFile(path, bytes);
}

async function cut(path: string): Promise<void> {
  await truncate(path, Math.floor((await readFile(path)).length / 2));
}

const ONNX = join(LAYOUT.student, 'student.onnx');

/** Contents of the student's folder, by name. */
async function studentOf(job: string): Promise<Record<string, string>> {
  const names = await volume.files(job, LAYOUT.student);
  const contents = await Promise.all(names.map((name) => readFile(volume.path(job, name), 'base64')));
  return Object.fromEntries(names.map((name, i) => [name, contents[i] ?? '']));
}

/** The names of the files that were set aside, without their hashes. */
async function setAside(job: string): Promise<string[]> {
  const files = await volume.files(job);
  return files.filter((name) => name.includes('.corrupt-')).map((name) => name.replace(/\.corrupt-.*/, ''));
}

beforeAll(async () => {
  reference = await volume.reference();
});

describe('a damaged file of a trained job', () => {
  it('is set aside: checkpoints with a bit flipped or cut, a record cut', async () => {
    await volume.copyTrained('reference', 'trained');
    const [flipped, cutData, cutRecord] = [
      LAYOUT.epochData('conv2', 0, 3),
      LAYOUT.epochData('conv3', 0, 3),
      LAYOUT.epochRecord('conv4', 0, 3),
    ];
    await flipBit(volume.path('trained', flipped));
    await cut(volume.path('trained', cutData));
    await cut(volume.path('trained', cutRecord));
    await volume.finish('trained');
    expect(await volume.made('trained')).toEqual(reference);
    expect(await setAside('trained')).toEqual(
      expect.arrayContaining([flipped, cutData, cutRecord, LAYOUT.epochRecord('conv2', 0, 3)]),
    );
  });

  it('is made again: plan, schedule, fine-tuning', async () => {
    await volume.copy('reference', 'plans');
    await rm(volume.path('plans', LAYOUT.result));
    const damaged = [LAYOUT.plan, LAYOUT.schedule, LAYOUT.fineTuneRecord(2)];
    for (const name of damaged) await flipBit(volume.path('plans', name));
    await flipBit(volume.path('plans', LAYOUT.fineTuneData(2)));
    await volume.finish('plans');
    expect(await volume.made('plans')).toEqual(reference);
    expect(await setAside('plans')).toEqual(expect.arrayContaining(damaged));
  });
});

it('an interrupted job whose newest checkpoints are damaged goes on from those before', async () => {
  await volume.runUntilKilled('half', 6, { env: heldSteps(300) });
  // Goes by the records: data that no record names yet are unfinished work, not damaged work.
  const records = (await volume.files('half', LAYOUT.blocks)).filter((name) => /epoch-\d+\.json$/.test(name)).sort();
  const newest = new Map(
    records.map((name) => [name.replace(/\/attempt.*/, ''), name.replace(/json$/, 'safetensors')]),
  );
  expect(newest.size).toBeGreaterThan(0);
  for (const name of newest.values()) await flipBit(volume.path('half', name));
  await volume.finish('half');
  expect(await volume.made('half')).toEqual(reference);
  expect(await setAside('half')).toEqual(expect.arrayContaining([...newest.values()]));
});

describe('a finished job', () => {
  it.each([
    ['weights with a bit flipped', (job: string) => flipBit(volume.path(job, LAYOUT.student, 'group1-shard1of1.bin'))],
    ['no student', (job: string) => rm(volume.path(job, LAYOUT.student), { recursive: true })],
    ['a damaged result', (job: string) => cut(volume.path(job, LAYOUT.result))],
    ['no report', (job: string) => rm(volume.path(job, LAYOUT.reportHtml))],
    ['a report that is cut off', (job: string) => cut(volume.path(job, LAYOUT.reportJson))],
    ['a page that is cut off', (job: string) => cut(volume.path(job, LAYOUT.reportHtml))],
    ['a damaged card', (job: string) => cut(volume.path(job, LAYOUT.card))],
  ])('with %s is finished again', (what, damage) => isFinishedAgain(what, damage));

  it('with other files of the student damaged is finished again', async () => {
    const change = { outputs: { formats: ['Onnx'] } };
    await volume.copy('reference', 'onnx');
    await volume.finish('onnx', { change });
    const damaged = { change, from: 'onnx' };
    await isFinishedAgain('a bit flipped', (job) => flipBit(volume.path(job, ONNX)), damaged);
    await isFinishedAgain('a file gone', (job) => rm(volume.path(job, ONNX)), damaged);
  });

  async function isFinishedAgain(
    what: string,
    damage: (job: string) => Promise<void>,
    { from = 'reference', change = {} }: { readonly from?: string; readonly change?: Change } = {},
  ): Promise<void> {
    const job = what.replaceAll(' ', '-');
    await volume.copy(from, job);
    await damage(job);
    const { stdout } = await volume.finish(job, { change });
    expect(stdout).not.toContain('nothing was computed again');
    expect(await volume.made(job)).toEqual(reference);
    expect(await exists(volume.path(job, LAYOUT.reportHtml))).toBe(true);
    expect(await studentOf(job)).toEqual(await studentOf(from));
    expect((await volume.finish(job, { change })).stdout).toContain('nothing was computed again');
  }

  it('makes what it is asked for later, and deletes what it is not to keep, without training', async () => {
    await volume.copy('reference', 'later');
    const before = await readFile(volume.path('later', LAYOUT.student, 'model.json'));
    const change = { outputs: { formats: ['Onnx', 'Keras'], onnxInput: 'Pixels', workingFiles: 'DeleteOnSuccess' } };
    const { stdout } = await volume.finish('later', { change });
    expect(stdout).not.toContain('nothing was computed again');
    expect(stdout).toContain('ONNX Runtime');
    const files = await volume.files('later');
    expect(files).toContain(join(LAYOUT.student, 'student.keras'));
    expect(files.filter((name) => name.endsWith('.safetensors'))).toEqual([]);
    const card = JSON.parse(await readFile(volume.path('later', LAYOUT.card), 'utf8')) as StudentCard;
    expect(card.files).toMatchObject([{ format: 'Onnx', input: 'Pixels' }, { format: 'Keras' }]);
    expect((await readFile(volume.path('later', LAYOUT.student, 'model.json'))).equals(before)).toBe(true);
    expect((await volume.finish('later', { change })).stdout).toContain('nothing was computed again');
  });
});
