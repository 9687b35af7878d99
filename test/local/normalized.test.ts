import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { LAYOUT } from '@distillation/api/layout';
import type { Report } from '@distillation/api/report';
import { type Change, tinyVolume } from '../support/tiny-volume.ts';
import { REFERENCE } from '../support/tiny-world.ts';

/** Batch normalisation for the time of fine-tuning, on the whole way: a student that is like any other but for its weights. */

const volume = tinyVolume();
/** The normalisation itself is the default. */
const WITH_CONTROL: Change = { fineTuning: { control: 'Enabled' } };
const PLAIN: Change = { fineTuning: { batchNormalization: 'Disabled' } };

const textOf = (job: string, name: string): Promise<string> => readFile(volume.path(job, name), 'utf8');
const reportOf = async (job: string): Promise<Report> => JSON.parse(await textOf(job, LAYOUT.reportJson)) as Report;

interface ModelFile {
  readonly modelTopology: unknown;
}
const topologyOf = async (job: string): Promise<unknown> =>
  (JSON.parse(await textOf(job, `${LAYOUT.student}/model.json`)) as ModelFile).modelTopology;

describe('a job that is fine-tuned with batch normalisation', () => {
  it('gives a student of the same layers as one without, with other weights, the same however often it was killed', async () => {
    for (const job of ['whole', 'killed', 'plain']) await volume.copyTrained(REFERENCE, job);
    await volume.finish('whole', { change: WITH_CONTROL });
    const first = LAYOUT.fineTuneRecord(1);
    await volume.runUntilKilled('killed', first, { change: WITH_CONTROL });
    const kept = await textOf('killed', first);
    await volume.finish('killed', { change: WITH_CONTROL });
    expect(await textOf('killed', first)).toBe(kept);

    const made = await volume.made('whole');
    expect(await volume.made('killed')).toEqual(made);
    expect(made).toEqual(await volume.reference());
    await volume.finish('plain', { change: PLAIN });
    expect(await volume.made('plain')).not.toEqual(made);
    expect(await topologyOf('whole')).toEqual(await topologyOf('plain'));
    const [report, plain] = [await reportOf('whole'), await reportOf('plain')];
    expect(report.student.params).toBe(plain.student.params);
    expect(report.fineTuning.epochs).toHaveLength(plain.fineTuning.epochs.length);
    expect(report.control?.epochs).toHaveLength(plain.fineTuning.epochs.length);
  });

  it('keeps its control when another selection replaces other layers', async () => {
    const replaced = async (): Promise<string[]> =>
      (await reportOf('whole')).blocks.filter(({ selected }) => selected).map(({ name }) => name);
    const [before, control] = [await replaced(), await textOf('whole', LAYOUT.controlRecord(2))];
    const selection = { rule: 'Budget', maxAccuracyDrop: undefined, budget: { macs: '0.8' } };
    await volume.finish('whole', { change: { ...WITH_CONTROL, selection } });
    const now = await replaced();
    expect(now.length).toBeGreaterThan(0);
    expect(now.length).toBeLessThan(before.length);
    expect(await textOf('whole', LAYOUT.controlRecord(2))).toBe(control);
    expect((await reportOf('whole')).control?.epochs).toHaveLength(2);
  });

  it('says so where there is nothing to normalise', async () => {
    await volume.copyTrained(REFERENCE, 'frozen');
    const change = { fineTuning: { freeze: ['*_distill_*'] } };
    await volume.finish('frozen', { change });
    expect(await textOf('frozen', LAYOUT.log('finalizer'))).toContain('no batch normalisation is added');
  });
});
