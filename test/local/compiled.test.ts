import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { LAYOUT } from '@distillation/api/layout';
import { type Change, tinyVolume } from '../support/tiny-volume.ts';

/** Epochs that are long enough for their steps to be compiled: one student, however the work is distributed and interrupted. */

const volume = tinyVolume();
/** The last batch of an epoch is smaller. */
const LONG: Change = { dataset: { batchSize: 5 }, fineTuning: { batchSize: 5 } };
const COMPILED = 'runs each step of a full batch as one graph';

const logOf = (job: string): Promise<string> => readFile(volume.path(job, LAYOUT.log('bin-0')), 'utf8');

it('a compiled job makes the same student with one bin, with several, and when it is killed', async () => {
  await volume.finish('whole', { change: { ...LONG, scheduling: { bins: 1 } } });
  expect(await logOf('whole')).toContain(COMPILED);
  const made = await volume.made('whole');
  expect(Object.keys(made.blocks).length).toBeGreaterThanOrEqual(3);
  expect(Object.values(made.blocks)).not.toContain('none');

  for (const [name, scheduling] of [
    ['alone', { bins: 2, passes: 'Independent', policy: 'RoundRobin' }],
    ['stolen', { bins: 3, policy: 'WorkStealing' }],
  ] as const) {
    await volume.finish(name, { change: { ...LONG, scheduling } });
    expect(await volume.made(name), name).toEqual(made);
  }

  const change = { ...LONG, scheduling: { bins: 2 } };
  for (const at of [2, LAYOUT.fineTuneRecord(1)]) await volume.runUntilKilled('killed', at, { change });
  await volume.finish('killed', { change });
  expect(await volume.made('killed')).toEqual(made);
});

it('a job of short epochs is not compiled', async () => {
  expect(await logOf('reference')).not.toContain(COMPILED);
});
