import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { LAYOUT } from '@distillation/api/layout';
import type { Report } from '@distillation/api/report';
import { REFERENCE } from '../support/tiny-world.ts';
import { type Change, tinyVolume } from '../support/tiny-volume.ts';

/** The control: the teacher, fine-tuned as long as the student. */

const volume = tinyVolume();
const CONTROL: Change = { fineTuning: { control: 'Enabled' } };

const reportOf = async (job: string): Promise<Report> =>
  JSON.parse(await readFile(volume.path(job, LAYOUT.reportJson), 'utf8')) as Report;
const textOf = (job: string, name: string): Promise<string> => readFile(volume.path(job, name), 'utf8');

/** A report's control without what is measured by the clock. */
const timeless = ({ control }: Report): object => ({
  ...control,
  epochs: control?.epochs.map(({ epoch, loss, validationAccuracy }) => ({ epoch, loss, validationAccuracy })),
});

/** The weights after the last epoch of a job's control. */
async function hashOf(job: string): Promise<string> {
  const record = JSON.parse(await textOf(job, LAYOUT.controlRecord(2))) as {
    readonly body: { readonly record: { readonly checkpoint: { readonly sha256: string } } };
  };
  return record.body.record.checkpoint.sha256;
}

let report: Report;

beforeAll(async () => {
  // The reference job is finished without a control: only the finalizer runs again.
  await volume.copy(REFERENCE, 'control');
  const ended = await volume.finish('control', { change: CONTROL });
  // The tiny teacher makes no mistake.
  expect(ended.stdout + ended.stderr).toContain('no epoch made the teacher better than it was');
  report = await reportOf('control');
});

describe('a job with a control', () => {
  it('reports the teacher trained as the student was, and makes the same student', async () => {
    const before = await reportOf(REFERENCE);
    expect(before.control).toBeUndefined();
    expect(await volume.made('control')).toEqual(await volume.reference());
    expect(report.control?.epochs).toHaveLength(report.fineTuning.epochs.length);
    expect(report.control?.testAccuracy).toBeGreaterThan(0);
    expect(report.control?.validationAccuracy).toBeGreaterThanOrEqual(report.teacher.validationAccuracy ?? 1);
    expect(report.student.testAccuracy).toBe(before.student.testAccuracy);
    expect(await textOf('control', LAYOUT.reportHtml)).toContain('The control is the teacher itself');
  });

  it('keeps the epochs of the student that were there', async () => {
    for (const epoch of [1, 2]) {
      const name = LAYOUT.fineTuneRecord(epoch);
      expect(await textOf('control', name)).toBe(await textOf(REFERENCE, name));
    }
  });

  it('goes on from the last epoch on the volume when it was killed, to the same bits', async () => {
    await volume.copy(REFERENCE, 'killed');
    const first = LAYOUT.controlRecord(1);
    await volume.runUntilKilled('killed', first, { change: CONTROL });
    const kept = await textOf('killed', first);
    await volume.finish('killed', { change: CONTROL });
    expect(await textOf('killed', first)).toBe(kept);
    expect(timeless(await reportOf('killed'))).toEqual(timeless(report));
    expect(await hashOf('killed')).toEqual(await hashOf('control'));
  });

  it('is made from the beginning to the same bits, in another folder', async () => {
    await volume.copyTrained(REFERENCE, 'anew');
    await volume.finish('anew', { change: CONTROL });
    expect(timeless(await reportOf('anew'))).toEqual(timeless(report));
    expect(await hashOf('anew')).toEqual(await hashOf('control'));
  });

  it('trains of the teacher what was replaced where all else is frozen', async () => {
    await volume.copyTrained(REFERENCE, 'frozen');
    const change = { fineTuning: { control: 'Enabled', freezeUnreplaced: 'Enabled' } };
    await volume.finish('frozen', { change });
    const { control } = await reportOf('frozen');
    expect(control?.epochs).toHaveLength(2);
    expect(control?.epochs.map(({ loss }) => loss)).not.toEqual(report.control?.epochs.map(({ loss }) => loss));
  });
});
