import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { LAYOUT } from '@distillation/api/layout';
import type { Made } from '../support/local-job.ts';
import { type Change, tinyVolume } from '../support/tiny-volume.ts';

/** Low-rank blocks start from the teacher's activations: whoever computes a start, and whether it survives, makes no difference. */

const volume = tinyVolume();
/** The blocks and the optimizer of a manifest that says nothing of them. */
const LOW_RANK = { blocks: { architecture: undefined }, training: { epochs: 1, optimizer: {} } };
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

describe('a job with several candidates a layer', () => {
  const CANDIDATES = {
    ...LOW_RANK,
    blocks: {
      architecture: undefined,
      candidates: [
        { architecture: 'LowRank', ratio: '0.5' },
        { architecture: 'TwoLayer' },
        { architecture: 'LowRank', ratio: '0.4' },
      ],
    },
  };

  it('trains each in the same passes, takes one a layer, and gives the same student however they are spread', async () => {
    const told = await volume.finish('candidates', { change: { ...CANDIDATES, scheduling: { bins: 1 } } });
    await volume.finish('spread', { change: { ...CANDIDATES, scheduling: { bins: 3, passes: 'Independent' } } });
    const candidates = await volume.made('candidates');
    expect(await volume.made('spread')).toEqual(candidates);
    // Both ratios keep 8 of conv2's 12 channels.
    expect(Object.keys(candidates.blocks).filter((name) => name.startsWith('conv2'))).toEqual([
      'conv2@LowRank-0.5',
      'conv2@TwoLayer',
    ]);
    expect(told.stdout).toContain('conv2@LowRank-0.5');
    const card = JSON.parse(await readFile(volume.path('candidates', LAYOUT.card), 'utf8')) as {
      blocks: { layer: string; architecture: string; ratio?: string; replaced: boolean }[];
    };
    const replaced = card.blocks.filter((block) => block.replaced).map(({ layer }) => layer);
    expect(replaced.length).toBeGreaterThanOrEqual(3);
    expect(new Set(replaced).size).toBe(replaced.length);
    expect(card.blocks).toContainEqual(
      expect.objectContaining({ layer: 'conv2', architecture: 'LowRank', ratio: '0.5' }),
    );
  });
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
