import { readFile } from 'node:fs/promises';
import { LAYOUT } from '@distillation/api/layout';
import type { Report } from '@distillation/api/report';
import { expect, it } from 'vitest';
import { writeManifest } from '../support/cli.ts';
import { type Change, tinyVolume } from '../support/tiny-volume.ts';
import { tinyJob } from '../support/tiny-world.ts';

/** Misspelt layer names must be reported in every output that a user sees. */

const volume = tinyVolume();

const CHANGE: Change = {
  dataset: { batchSize: 8 },
  blocks: { include: ['conv3', 'cnv4*'], exclude: ['typo'] },
  training: { epochs: 1 },
  scheduling: { bins: 1 },
  fineTuning: { epochs: 1, freeze: ['norm', 'scoers'] },
};
const SLIPS = [
  '"cnv4*" in spec.blocks.include matches no convolution of the teacher; the nearest name is conv4.',
  '"typo" in spec.blocks.exclude matches no convolution of the teacher.',
];
const FREEZE = '"scoers" in spec.fineTuning.freeze matches no layer of the student; the nearest name is scores.';

it('by plan, doctor, run, logs and report', async () => {
  await writeManifest(volume.root, 'job', tinyJob('job', CHANGE));
  const planned = await volume.command('plan', 'job', '--local');
  expect(planned).toMatchObject({ code: 0 });
  for (const line of SLIPS) expect(planned.stdout.split(line)).toHaveLength(2);
  expect(planned.stdout).toContain('1 epoch of ');
  const log = await readFile(volume.path('job', LAYOUT.log('planner')), 'utf8');
  for (const line of [...SLIPS, FREEZE]) expect(log.split(line)).toHaveLength(2);
  expect(log).toContain('1 block to train');

  expect((await volume.command('doctor', 'job')).stdout).toContain(SLIPS.join(' '));

  const { stdout } = await volume.finish('job', { change: CHANGE });
  const [before = '', after = ''] = stdout.split(/^test accuracy/m);
  for (const line of SLIPS) {
    expect(before.split(line)).toHaveLength(2);
    expect(after.split(line)).toHaveLength(2);
  }
  expect(after).toContain(FREEZE);
  expect(await readFile(volume.path('job', LAYOUT.log('finalizer')), 'utf8')).toContain(FREEZE);
  const report = JSON.parse(await readFile(volume.path('job', LAYOUT.reportJson), 'utf8')) as Report;
  expect(report.warnings?.map(({ message }) => message)).toEqual([...SLIPS, FREEZE]);
});

it('by the refusal of a job of which they leave nothing', async () => {
  const { code, stderr } = await volume.run('none', { change: { blocks: { include: ['cnv*'] } } });
  expect({ code, stderr }).toMatchObject({ code: 65 });
  expect(stderr).toContain('conv1 and 4 more: does not match spec.blocks.include.');
  expect(stderr).toContain(
    '"cnv*" in spec.blocks.include matches no convolution of the teacher; the nearest name is conv1.',
  );
});
