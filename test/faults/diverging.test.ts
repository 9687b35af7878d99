import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Report } from '@distillation/api/report';
import { tinyVolume } from '../support/tiny-volume.ts';

/** Blocks that diverge or learn nothing fail on their own, without failing the job. */

const volume = tinyVolume();

const reportOf = async (job: string): Promise<Report> =>
  JSON.parse(await readFile(volume.path(job, 'report.json'), 'utf8')) as Report;

/** The teacher with one layer's outputs multiplied by 1e20 and the next one's weights divided by it: it computes the same. */
async function overflowLayer(name: string, next: string): Promise<void> {
  const folder = join(volume.root, 'teacher');
  const { weightsManifest } = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as {
    weightsManifest: { weights: { name: string; shape: number[] }[] }[];
  };
  const bytes = await readFile(join(folder, 'weights.bin'));
  let at = 0;
  for (const { name: weight, shape } of weightsManifest.flatMap(({ weights }) => weights)) {
    const factor = weight.startsWith(`${name}/`) ? 1e20 : weight === `${next}/kernel` ? 1e-20 : 1;
    const end = at + 4 * shape.reduce((product, size) => product * size, 1);
    for (; at < end; at += 4) bytes.writeFloatLE(bytes.readFloatLE(at) * factor, at);
  }
  await writeFile(join(folder, 'weights.bin'), bytes);
}

it('all blocks diverge: each is started again once, the teacher is returned, and the job has failed and says why', async () => {
  const change = { training: { optimizer: { learningRate: '10000000000' } }, scheduling: { bins: 1 } };
  const { code, stdout, stderr } = await volume.run('all', { change });
  expect(stdout).toContain('All 4 blocks failed to train: the network returned is the teacher, unchanged.');
  expect(stdout).toContain('conv2 failed to train, its layer stays: The loss of epoch');
  expect(stderr).toContain(
    'DISTILL_E_NO_BLOCK_TRAINED: All 4 blocks failed to train: conv2, conv3, conv4, conv5 by DISTILL_E_',
  );
  expect(stderr).toContain('Lower spec.training.optimizer.learningRate');
  expect(code).toBe(65);
  const { outcome, blocks, student, teacher } = await reportOf('all');
  expect(outcome).toBe('NoBlockTrained');
  // The time of a batch as well, since a network is not slower than itself.
  const { params, testAccuracy, latencyMs } = teacher;
  expect(student).toMatchObject({ params, testAccuracy, latencyMs });
  for (const block of blocks) expect(block).toMatchObject({ outcome: 'Failed', attempts: 2, selected: false });
});

it('some blocks diverge: the others make a student; and with a threshold that none reaches, the teacher is returned', async () => {
  await overflowLayer('conv2', 'conv3');
  const { stdout } = await volume.finish('some');
  expect(stdout).toContain('conv2 failed to train, its layer stays: ');
  expect(stdout).toContain('conv3 failed to train, its layer stays: ');
  const some = await reportOf('some');
  expect(some.outcome).toBe('StudentBuilt');
  expect(some.blocks.filter(({ outcome }) => outcome === 'Trained').map(({ name }) => name)).toEqual([
    'conv4',
    'conv5',
  ]);

  const strict = { selection: { maxAccuracyDrop: undefined, minAccuracy: '1' } };
  const refused = await volume.finish('some', { change: strict });
  expect(refused.stdout).toContain('None of the 4 blocks was good enough');
  expect((await reportOf('some')).outcome).toBe('NoBlockSelected');
});
