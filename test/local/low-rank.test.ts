import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { LAYOUT } from '@distillation/api/layout';
import type { Made } from '../support/local-job.ts';
import { type Change, tinyVolume } from '../support/tiny-volume.ts';

/** Low-rank blocks start from the teacher's activations: whoever computes a start, and whether it survives, makes no difference. */

const volume = tinyVolume();
const LOW_RANK = { blocks: { architecture: 'LowRank' }, training: { epochs: 1, optimizer: { type: 'Adam' } } };
let reference: Made;

async function made(job: string, scheduling: object): Promise<Made> {
  const change: Change = { ...LOW_RANK, scheduling };
  await volume.finish(job, { change });
  return volume.made(job);
}

const start = (job: string): string => volume.path(job, LAYOUT.startData('conv2'));

beforeAll(async () => {
  reference = await made('low-rank', { bins: 1, passes: 'Fused' });
});

describe('a job with low-rank blocks', () => {
  it('replaces layers, and leaves their starts on the volume', async () => {
    expect(Object.values(reference.blocks).filter((hash) => hash !== 'none').length).toBeGreaterThanOrEqual(3);
    expect((await readFile(start('low-rank'))).length).toBeGreaterThan(0);
  });

  it('gives the same student however the work is distributed', async () => {
    expect(await made('elsewhere', { bins: 3, passes: 'Independent' })).toEqual(reference);
  });

  it('computes a damaged start again', async () => {
    await cp(volume.path('low-rank'), volume.path('damaged'), { recursive: true });
    for (const gone of [LAYOUT.epochRecord('conv2', 0, 1), LAYOUT.finalize, LAYOUT.student, LAYOUT.reportJson]) {
      await rm(volume.path('damaged', gone), { recursive: true });
    }
    const whole = await readFile(start('low-rank'));
    await writeFile(start('damaged'), whole.fill(1, whole.length - 8));
    expect(await made('damaged', { bins: 1, passes: 'Fused' })).toEqual(reference);
    expect(await readFile(start('damaged'))).toEqual(await readFile(start('low-rank')));
  });
});
