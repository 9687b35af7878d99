import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AugmentationSpec, DatasetSpec, PreprocessingSpec } from '@distillation/api/job';
import { permutation } from '@distillation/core/random';
import { axisMap, drawChange } from '../augment.ts';
import { datasetSpec, writeCifar10, writeImages } from '../../../test/data-files.ts';
import { type Batch, type BatchesOptions, type Loader, openLoader } from './loader.ts';
import { openDataset } from '../open.ts';

let volume: string;

beforeAll(async () => {
  volume = await mkdtemp(join(tmpdir(), 'loader-'));
  await writeCifar10(join(volume, 'cifar'), 20);
  const names = ['a', 'b'].flatMap((label) => [0, 1, 2, 3, 4].map((index) => `train/${label}/${index}.jpg`));
  await writeImages(join(volume, 'images'), [...names, 'test/a/0.jpg', 'test/b/0.jpg'], { height: 8, width: 8 });
  // Begin as JPEGs do, but cannot be decoded.
  for (const name of ['train/a/2.jpg', 'test/a/1.jpg']) {
    await writeFile(join(volume, 'images', name), Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16));
  }
});
afterAll(() => rm(volume, { recursive: true }));

const CIFAR = datasetSpec({ path: 'cifar' });
const IMAGES = datasetSpec({ path: 'images', format: 'ImageFolder', validation: { fraction: '0' }, maxUnreadable: 2 });
const EVERYTHING: AugmentationSpec = {
  flipHorizontal: 'Enabled',
  flipVertical: 'Enabled',
  cropPadding: 4,
  rotateDegrees: 20,
};

async function withLoader<T>(
  spec: DatasetSpec,
  use: (loader: Loader) => Promise<T>,
  options: { readonly threads?: number; readonly preprocessing?: PreprocessingSpec } = {},
): Promise<T> {
  const dataset = await openDataset(volume, spec);
  const { threads = 1, preprocessing = { mode: 'None' } } = options;
  const loader = openLoader({ dataset, preprocessing, threads });
  try {
    return await use(loader);
  } finally {
    await loader.close();
  }
}

async function collect(loader: Loader, options: BatchesOptions): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of loader.batches(options)) batches.push(batch);
  return batches;
}

/** One line per batch; lines are equal only for equal bits. */
function digests(batches: readonly Batch[]): string[] {
  return batches.map(({ index, images, labels, sampleIds }) => {
    const hash = createHash('sha256');
    for (const array of [images, labels, sampleIds]) hash.update(array);
    return `${index} ${hash.digest('hex')}`;
  });
}

describe('openLoader', () => {
  it('gives the same bits for 1, 2 and 3 threads, from binary files and from images', async () => {
    const training = { seed: 7, epoch: 3, augmentation: EVERYTHING };
    for (const spec of [CIFAR, IMAGES]) {
      const found: string[][] = [];
      for (const threads of [1, 2, 3]) {
        found.push(
          await withLoader(
            spec,
            async (loader) => digests(await collect(loader, { split: 'train', batchSize: 4, training })),
            { threads },
          ),
        );
      }
      expect(found[0]).toHaveLength(spec === CIFAR ? 22 : 2);
      expect(found[1]).toStrictEqual(found[0]);
      expect(found[2]).toStrictEqual(found[0]);
    }
  });

  it('augments and preprocesses each sample of the order drawn from seed and epoch', async () => {
    const augmentation = { ...EVERYTHING, rotateDegrees: 0 };
    const training = { seed: 1, epoch: 2, augmentation };
    const dataset = await openDataset(volume, CIFAR);
    await withLoader(
      CIFAR,
      async (loader) => {
        const [batch] = await collect(loader, { split: 'train', batchSize: 90, training });
        expect(batch?.shape).toStrictEqual([90, 32, 32, 3]);
        expect([...(batch?.sampleIds ?? [])]).toStrictEqual([...permutation(90, 'order', 1, 2)]);
        for (const at of [0, 17, 89]) {
          const index = batch?.sampleIds[at] ?? -1;
          const sample = await dataset.read('train', index);
          const change = drawChange(augmentation, { seed: 1, epoch: 2, sample: index });
          const [rows, columns] = [new Int32Array(32), new Int32Array(32)];
          axisMap(rows, change.top, change.flipVertical);
          axisMap(columns, change.left, change.flipHorizontal);
          const expected: number[] = [];
          // Caffe: blue, green, red.
          for (const row of rows) {
            for (const column of columns) {
              for (const [channel, mean] of [
                [2, 103.939],
                [1, 116.779],
                [0, 123.68],
              ] as const) {
                const pixel = sample.pixels[(row * 32 + column) * 3 + channel] ?? NaN;
                expected.push(Math.fround(pixel - Math.fround(mean)));
              }
            }
          }
          expect(batch?.labels[at]).toBe(sample.label);
          expect(
            Buffer.from(Float32Array.from(expected).buffer).equals(
              Buffer.from(batch?.images.slice(at * 3072, (at + 1) * 3072).buffer ?? new ArrayBuffer(0)),
            ),
          ).toBe(true);
        }
      },
      { preprocessing: { mode: 'Caffe' } },
    );
  });

  it('drops the last partial batch in training, never the only one, and keeps it in evaluation', async () => {
    await withLoader(CIFAR, async (loader) => {
      const training = { seed: 1, epoch: 0 };
      const sizes = async (options: BatchesOptions): Promise<number[]> =>
        (await collect(loader, options)).map((batch) => batch.labels.length);
      expect(await sizes({ split: 'train', batchSize: 40, training })).toStrictEqual([40, 40]);
      expect(await sizes({ split: 'train', batchSize: 400, training })).toStrictEqual([90]);
      expect(await sizes({ split: 'train', batchSize: 40 })).toStrictEqual([40, 40, 10]);
    });
  });

  it('evaluates every sample once, in order and as it is', async () => {
    const dataset = await openDataset(volume, CIFAR);
    await withLoader(CIFAR, async (loader) => {
      const batches = await collect(loader, { split: 'test', batchSize: 8 });
      expect(batches.flatMap((batch) => [...batch.sampleIds])).toStrictEqual(Array.from({ length: 20 }, (_, i) => i));
      const { pixels, label } = await dataset.read('test', 9);
      expect(Buffer.from(batches[1]?.images.subarray(3072, 6144) ?? []).equals(pixels)).toBe(true);
      expect(batches[1]?.labels[1]).toBe(label);
    });
  });

  it('runs several iterations at once and stops early without harm', async () => {
    await withLoader(CIFAR, async (loader) => {
      for await (const batch of loader.batches({ split: 'train', batchSize: 10, training: { seed: 1, epoch: 0 } })) {
        expect(batch.index).toBe(0);
        break;
      }
      const [one, two] = await Promise.all([
        collect(loader, { split: 'test', batchSize: 4 }),
        collect(loader, { split: 'test', batchSize: 4 }),
      ]);
      expect(digests(one)).toStrictEqual(digests(two));
    });
  });

  it('replaces an unreadable image in training by the next of its class, and counts it', async () => {
    await withLoader(IMAGES, async (loader) => {
      const training = { seed: 1, epoch: 0 };
      const [batch] = await collect(loader, { split: 'train', batchSize: 10, training });
      const ids = [...(batch?.sampleIds ?? [])];
      // Samples alternate between classes: a/0, b/0, a/1, b/1, a/2, b/2, a/3, ...
      const image = (sample: number): Float32Array | undefined => {
        const at = ids.indexOf(sample);
        return batch?.images.subarray(at * 192, (at + 1) * 192);
      };
      expect(ids.toSorted((a, b) => a - b)).toStrictEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(image(4)).toStrictEqual(image(6));
      expect(image(4)).not.toStrictEqual(image(2));
      expect(loader.unreadable().map(({ name }) => name)).toStrictEqual(['train/a/2.jpg']);
    });
  });

  it('leaves an unreadable image out of an evaluation', async () => {
    await withLoader(IMAGES, async (loader) => {
      const batches = await collect(loader, { split: 'test', batchSize: 3 });
      expect(batches.map((batch) => [...batch.sampleIds])).toStrictEqual([[0, 1]]);
      expect(batches[0]?.shape).toStrictEqual([2, 8, 8, 3]);
      expect(batches[0]?.images).toHaveLength(2 * 192);
      expect(loader.unreadable().map(({ name }) => name)).toStrictEqual(['test/a/1.jpg']);
    });
  });

  it('fails when more images are unreadable than allowed, naming them', async () => {
    await withLoader({ ...IMAGES, maxUnreadable: 0 }, async (loader) => {
      await expect(collect(loader, { split: 'test', batchSize: 3 })).rejects.toMatchObject({
        code: 'DISTILL_E_DATASET_UNREADABLE_IMAGES',
        // Each image and each cause once, and one full stop.
        message: expect.stringMatching(
          /^1 unreadable image, none allowed: test\/a\/1\.jpg cannot be decoded: (?!.*test\/a).*[^.]\.$/,
        ) as string,
      });
      // Training fails too, although a replacement exists.
      await expect(
        collect(loader, { split: 'train', batchSize: 10, training: { seed: 1, epoch: 0 } }),
      ).rejects.toMatchObject({ code: 'DISTILL_E_DATASET_UNREADABLE_IMAGES' });
    });
  });

  it('brings a thread’s error to the consumer as it was', async () => {
    const dataset = await openDataset(volume, IMAGES, { inputShape: [8, 9, 3] });
    const loader = openLoader({ dataset, preprocessing: { mode: 'None' }, threads: 2 });
    await expect(collect(loader, { split: 'test', batchSize: 1 })).rejects.toMatchObject({
      name: 'DistillError',
      code: 'DISTILL_E_DATASET_SHAPE',
      subject: 'test/a/0.jpg',
    });
    await loader.close();
  });

  it('refuses batches awaited while it closes', async () => {
    const dataset = await openDataset(volume, CIFAR);
    const loader = openLoader({ dataset, preprocessing: { mode: 'None' }, threads: 1 });
    const batch = loader.batches({ split: 'test', batchSize: 4 }).next();
    const refused = expect(batch).rejects.toMatchObject({ message: 'The loader is closed.' });
    await loader.close();
    await refused;
  });

  it('refuses preprocessing that does not fit before it starts a thread', async () => {
    const dataset = await openDataset(volume, CIFAR);
    const preprocessing: PreprocessingSpec = { mode: 'Custom', mean: ['1', '2'] };
    expect(() => openLoader({ dataset, preprocessing, threads: 1 })).toThrow(/spec.teacher.preprocessing.mean/);
  });

  it('attends to signals between two batches, however long the caller computes and however many batches wait', async () => {
    let told = false;
    const listener = (): void => {
      told = true;
    };
    process.once('SIGUSR2', listener);
    const toldAfter = await withLoader(CIFAR, async (loader) => {
      let batches = 0;
      for await (const { index } of loader.batches({ split: 'train', batchSize: 1 })) {
        if (index === 4) process.kill(process.pid, 'SIGUSR2');
        if (told) return batches;
        batches += 1;
        // Simulates a training step, during which the next batches are made.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      }
      return batches;
    });
    process.off('SIGUSR2', listener);
    // A signal that arrives during one turn of the event loop is delivered in the next.
    expect(toldAfter).toBeLessThanOrEqual(7);
  });
});
