import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AugmentationSpec } from '@distillation/api/job';
import { datasetSpec, writeCifar10 } from './fixtures.ts';
import { type Batch, type BatchesOptions, openLoader } from './loader.ts';
import { openDataset } from './open.ts';

let volume: string;

beforeAll(async () => {
  volume = await mkdtemp(join(tmpdir(), 'loader-'));
  await writeCifar10(join(volume, 'cifar'), 20);
});
afterAll(() => rm(volume, { recursive: true }));

const cifar = datasetSpec({ path: 'cifar' });
const everything: AugmentationSpec = {
  flipHorizontal: 'Enabled',
  flipVertical: 'Enabled',
  cropPadding: 4,
  rotateDegrees: 20,
};

async function collect(spec: typeof cifar, threads: number, options: BatchesOptions): Promise<Batch[]> {
  const dataset = await openDataset(volume, spec);
  const loader = openLoader({ dataset, preprocessing: { mode: 'Caffe' }, threads });
  try {
    const batches: Batch[] = [];
    for await (const batch of loader.batches(options)) batches.push(batch);
    return batches;
  } finally {
    await loader.close();
  }
}

describe('openLoader', () => {
  const training: BatchesOptions = {
    split: 'train',
    batchSize: 16,
    training: { seed: 7, epoch: 3, augmentation: everything },
  };

  it('gives the same bits for 1, 2 and 3 threads', async () => {
    const one = await collect(cifar, 1, training);
    expect(one).toHaveLength(5);
    expect(await collect(cifar, 2, training)).toStrictEqual(one);
    expect(await collect(cifar, 3, training)).toStrictEqual(one);
  });
});
