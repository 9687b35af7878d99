import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '@distillation/api/errors';
import type { DatasetSpec } from '@distillation/api/job';
import { cifarRecords, datasetSpec, idx, noise, writeCifar10, writeImages } from './fixtures.ts';
import { openDataset } from './open.ts';
import type { Dataset, Expected, Split } from './types.ts';

let root: string;
let volume: string;
let folder: string;
let serial = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'datasets-'));
});
afterAll(() => rm(root, { recursive: true }));
beforeEach(async () => {
  volume = join(root, String(serial++));
  folder = join(volume, 'data');
  await mkdir(folder, { recursive: true });
});

function open(overrides: Partial<DatasetSpec>, expected?: Expected): Promise<Dataset> {
  return openDataset(volume, datasetSpec(overrides), expected);
}

/** Expects opening to fail with this code and a message that names these. */
async function expectError(opening: Promise<unknown>, code: ErrorCode, ...named: readonly string[]): Promise<void> {
  const error: unknown = await opening.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code });
  for (const name of named) expect((error as Error).message).toContain(name);
}

async function labels(dataset: Dataset, split: Split): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < dataset.splits[split].count; index++) {
    found.push((await dataset.read(split, index)).label);
  }
  return found;
}

describe('Cifar10', () => {
  const teacher: Expected = { inputShape: [32, 32, 3], classes: 10 };

  it('holds out the last tenth, reads planes as channels last, names the classes', async () => {
    await writeCifar10(folder, 20);
    await writeFile(join(folder, 'batches.meta.txt'), 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n');
    const dataset = await open({}, teacher);
    expect(dataset.summary).toMatchObject({ train: 90, validation: 10, test: 20, classes: 10, labelled: true });
    expect(dataset.classNames.join('')).toBe('abcdefghij');
    // The 23rd training sample is the third of the second file.
    const sample = await dataset.read('train', 22);
    const planes = noise(3072, 'data_batch_2.bin', 2);
    expect(sample.label).toBe(2);
    expect([...sample.pixels.subarray(0, 6)]).toStrictEqual([0, 1024, 2048, 1, 1025, 2049].map((at) => planes[at]));
    // The validation split is the tail of the fifth file.
    expect((await dataset.read('validation', 0)).pixels[0]).toBe(noise(3072, 'data_batch_5.bin', 10)[0]);
  });

  it('caps each split at its limit', async () => {
    await writeCifar10(folder, 20);
    const dataset = await open({ limits: { train: 30, validation: 4, test: 5 } });
    expect(dataset.summary).toMatchObject({ train: 30, validation: 4, test: 5 });
    expect(dataset.splits.train.count).toBe(30);
  });

  it('reads no labels when they are not to be used', async () => {
    await writeCifar10(folder, 2);
    await writeFile(
      join(folder, 'data_batch_3.bin'),
      cifarRecords('bad', 2, () => [200]),
    );
    const dataset = await open({ labels: 'None' }, { inputShape: [32, 32, 3], classes: 7 });
    expect(dataset.summary).toMatchObject({ labelled: false, classes: 7 });
    expect(await labels(dataset, 'test')).toStrictEqual([-1, -1]);
  });

  it('resizes for a teacher of another size when told to', async () => {
    await writeCifar10(folder, 2);
    await expectError(open({}, { inputShape: [64, 64, 3] }), 'DISTILL_E_DATASET_SHAPE', '32x32x3', '64x64x3');
    const dataset = await open({ resize: 'Stretch' }, { inputShape: [64, 48, 3] });
    expect((await dataset.read('train', 0)).shape).toStrictEqual([64, 48, 3]);
    expect((await dataset.read('train', 0)).pixels).toHaveLength(64 * 48 * 3);
  });

  it('tells a missing, an empty and a truncated file', async () => {
    await expectError(open({}), 'DISTILL_E_DATASET_MISSING', 'data_batch_1.bin');
    await writeCifar10(folder, 2);
    await writeFile(join(folder, 'data_batch_4.bin'), cifarRecords('x', 2, () => [1]).subarray(0, 6000));
    await expectError(open({}), 'DISTILL_E_DATASET_CORRUPT', 'data_batch_4.bin', '6000');
    await writeFile(join(folder, 'data_batch_4.bin'), '');
    await expectError(open({}), 'DISTILL_E_DATASET_CORRUPT', 'data_batch_4.bin');
  });

  it('names file and sample of a label out of range', async () => {
    await writeCifar10(folder, 5);
    await writeFile(
      join(folder, 'data_batch_2.bin'),
      cifarRecords('x', 5, (index) => [index === 3 ? 10 : 0]),
    );
    await expectError(open({}), 'DISTILL_E_DATASET_LABEL', 'Sample 3 of data_batch_2.bin', '10');
  });

  it('refuses a teacher of another number of classes or of grey images', async () => {
    await writeCifar10(folder, 2);
    await expectError(open({}, { classes: 100 }), 'DISTILL_E_DATASET_CLASSES', '10', '100');
    await expectError(
      open({ resize: 'Stretch' }, { inputShape: [32, 32, 1] }),
      'DISTILL_E_DATASET_SHAPE',
      '32x32x3',
      '32x32x1',
    );
  });

  it('refuses a split that leaves nothing to train on', async () => {
    await writeCifar10(folder, 2);
    await expectError(open({ validation: { fraction: '1' } }), 'DISTILL_E_DATASET_EMPTY', 'data');
  });

  it('fingerprints names, sizes and edges of the files', async () => {
    await writeCifar10(folder, 4);
    const before = (await open({})).summary.sha256;
    expect((await open({})).summary.sha256).toBe(before);
    await writeFile(
      join(folder, 'test_batch.bin'),
      cifarRecords('other', 4, (index) => [index]),
    );
    expect((await open({})).summary.sha256).not.toBe(before);
  });

  it('compares with the plan instead of fingerprinting again', async () => {
    await writeCifar10(folder, 4);
    const { summary } = await open({});
    const planned = { ...summary, sha256: 'as planned' };
    expect((await open({}, { planned })).summary.sha256).toBe('as planned');
    await writeCifar10(folder, 3);
    await expectError(open({}, { planned }), 'DISTILL_E_DATASET_CORRUPT', '18', '14');
  });
});

describe('Cifar100', () => {
  it('takes the fine label', async () => {
    await writeFile(
      join(folder, 'train.bin'),
      cifarRecords('train', 20, (index) => [index % 20, 99 - index]),
    );
    await writeFile(
      join(folder, 'test.bin'),
      cifarRecords('test', 3, (index) => [19, index]),
    );
    const dataset = await open({ format: 'Cifar100' }, { inputShape: [32, 32, 3], classes: 100 });
    expect(dataset.summary).toMatchObject({ train: 18, validation: 2, test: 3, classes: 100 });
    expect((await labels(dataset, 'train')).slice(0, 3)).toStrictEqual([99, 98, 97]);
    expect(await labels(dataset, 'validation')).toStrictEqual([81, 80]);
    expect((await dataset.read('train', 1)).pixels[1]).toBe(noise(3072, 'train', 1)[1024]);
  });

  it('names file and sample of a fine label out of range', async () => {
    await writeFile(
      join(folder, 'train.bin'),
      cifarRecords('train', 2, (index) => [0, 99 + index]),
    );
    await expectError(open({ format: 'Cifar100' }), 'DISTILL_E_DATASET_LABEL', 'Sample 1 of train.bin', '100');
  });
});

describe('Idx', () => {
  const grey: Expected = { inputShape: [4, 5, 1], classes: 3 };
  const writeIdx = async (count: number, pack: (bytes: Buffer) => Uint8Array, suffix: string): Promise<void> => {
    for (const [prefix, n] of [
      ['train', count],
      ['t10k', 3],
    ] as const) {
      const values = Uint8Array.from({ length: n }, (_, index) => index % 3);
      await writeFile(
        join(folder, `${prefix}-images-idx3-ubyte${suffix}`),
        pack(idx([n, 4, 5], noise(n * 20, prefix))),
      );
      await writeFile(join(folder, `${prefix}-labels-idx1-ubyte${suffix}`), pack(idx([n], values)));
    }
  };

  it.each([
    ['plain', '', (bytes: Buffer) => bytes],
    ['gzipped', '.gz', (bytes: Buffer) => gzipSync(bytes)],
  ])('reads %s files', async (_, suffix, pack) => {
    await writeIdx(20, pack, suffix);
    const dataset = await open({ format: 'Idx' }, grey);
    expect(dataset.summary).toMatchObject({ train: 18, validation: 2, test: 3, classes: 3, imageShape: [4, 5, 1] });
    const sample = await dataset.read('train', 7);
    expect(sample.label).toBe(1);
    expect([...sample.pixels]).toStrictEqual([...noise(400, 'train').subarray(140, 160)]);
  });

  it('resizes grey images', async () => {
    await writeIdx(20, (bytes) => bytes, '');
    const dataset = await open({ format: 'Idx', resize: 'CenterCrop' }, { inputShape: [8, 8, 1], classes: 3 });
    expect(await dataset.read('test', 1)).toMatchObject({ shape: [8, 8, 1], label: 1 });
    expect((await dataset.read('test', 1)).pixels).toHaveLength(64);
  });

  it('refuses grey images for a teacher of colour', async () => {
    await writeIdx(20, (bytes) => bytes, '');
    await expectError(
      open({ format: 'Idx', resize: 'Stretch' }, { inputShape: [4, 5, 3] }),
      'DISTILL_E_DATASET_SHAPE',
      '4x5x1',
    );
  });

  it('tells missing, truncated, alien and mismatched files', async () => {
    await expectError(open({ format: 'Idx' }), 'DISTILL_E_DATASET_MISSING', 'train-images-idx3-ubyte');
    await writeIdx(20, (bytes) => bytes, '');
    const images = join(folder, 'train-images-idx3-ubyte');
    await writeFile(images, idx([20, 4, 5], noise(399, 'cut')));
    await expectError(open({ format: 'Idx' }), 'DISTILL_E_DATASET_CORRUPT', 'train-images', '20 x 4 x 5');
    await writeFile(images, 'not an IDX file');
    await expectError(open({ format: 'Idx' }), 'DISTILL_E_DATASET_CORRUPT', 'train-images');
    await writeFile(images, idx([19, 4, 5], noise(380, 'fewer')));
    await expectError(open({ format: 'Idx' }), 'DISTILL_E_DATASET_CORRUPT', 'train-labels', '19');
    await rm(images);
    await writeFile(`${images}.gz`, gzipSync(idx([20, 4, 5], noise(400, 'x'))).subarray(0, 200));
    await expectError(open({ format: 'Idx' }), 'DISTILL_E_DATASET_CORRUPT', 'train-images', 'decompressed');
  });

  it('tells labels that the teacher does not know, and classes that the data do not have', async () => {
    await writeIdx(20, (bytes) => bytes, '');
    await expectError(
      open({ format: 'Idx' }, { ...grey, classes: 2 }),
      'DISTILL_E_DATASET_LABEL',
      'Sample 2 of train-labels-idx1-ubyte',
    );
    await expectError(open({ format: 'Idx' }, { ...grey, classes: 10 }), 'DISTILL_E_DATASET_CLASSES', '3', '10');
  });
});

describe('ImageFolder', () => {
  const size = { height: 6, width: 8 };
  const teacher: Expected = { inputShape: [6, 8, 3], classes: 2 };
  const files = (count: number, ...prefixes: readonly string[]): string[] =>
    prefixes.flatMap((prefix) => Array.from({ length: count }, (_, index) => `${prefix}/${index}.png`));

  it('lists classes in order, takes turns among them and holds out every n-th of each', async () => {
    await writeImages(folder, files(4, 'train/dog', 'train/cat'), size);
    await writeImages(folder, ['test/dog/x.JPEG'], size);
    await writeFile(join(folder, 'train/dog/notes.txt'), 'no image');
    const dataset = await open({ format: 'ImageFolder', validation: { fraction: '0.25' } }, teacher);
    expect(dataset.classNames).toStrictEqual(['cat', 'dog']);
    expect(dataset.summary).toMatchObject({ train: 6, validation: 2, test: 1, classes: 2, imageShape: [6, 8, 3] });
    expect(await labels(dataset, 'train')).toStrictEqual([0, 1, 0, 1, 0, 1]);
    expect(await labels(dataset, 'validation')).toStrictEqual([0, 1]);
    expect(await labels(dataset, 'test')).toStrictEqual([1]);
    expect((await dataset.read('train', 2)).pixels).toStrictEqual(noise(144, 'train/cat/1.png'));
  });

  it('takes its own validation split where there is one', async () => {
    await writeImages(folder, files(3, 'train/a', 'train/b', 'val/b'), size);
    const dataset = await open({ format: 'ImageFolder' }, teacher);
    expect(dataset.summary).toMatchObject({ train: 6, validation: 3, test: 0 });
    expect(await labels(dataset, 'validation')).toStrictEqual([1, 1, 1]);
  });

  it('makes grey and transparent images RGB for a teacher of colour', async () => {
    await writeImages(folder, ['train/a/grey.png'], { ...size, channels: 1 });
    await writeImages(folder, ['train/b/clear.png'], { ...size, channels: 4 });
    const dataset = await open({ format: 'ImageFolder' }, teacher);
    const grey = noise(48, 'train/a/grey.png');
    const sample = await dataset.read('train', 0);
    expect([...sample.pixels.subarray(0, 6)]).toStrictEqual([0, 0, 0, 1, 1, 1].map((at) => grey[at]));
    const clear = noise(192, 'train/b/clear.png');
    expect([...(await dataset.read('train', 1)).pixels.subarray(0, 4)]).toStrictEqual(
      [0, 1, 2, 4].map((at) => clear[at]),
    );
  });

  it('gives grey images to a teacher of one channel, and refuses colour', async () => {
    await writeImages(folder, ['train/a/grey.png'], { ...size, channels: 1 });
    await writeImages(folder, ['train/b/colour.png'], size);
    const dataset = await open({ format: 'ImageFolder' }, { inputShape: [6, 8, 1] });
    expect((await dataset.read('train', 0)).pixels).toStrictEqual(noise(48, 'train/a/grey.png'));
    await expectError(dataset.read('train', 1), 'DISTILL_E_DATASET_SHAPE', 'train/b/colour.png', '6x8x3', '6x8x1');
  });

  it('refuses an image of another size, or cuts its middle, or stretches it', async () => {
    await writeImages(folder, ['train/a/0.png'], { height: 12, width: 32 });
    const none = await open({ format: 'ImageFolder' }, { inputShape: [6, 8, 3] });
    await expectError(none.read('train', 0), 'DISTILL_E_DATASET_SHAPE', 'train/a/0.png', '12x32x3', '6x8x3');
    const cut = await open({ format: 'ImageFolder', resize: 'CenterCrop' }, { inputShape: [12, 12, 3] });
    const middle = noise(12 * 32 * 3, 'train/a/0.png').subarray(30, 66);
    expect([...(await cut.read('train', 0)).pixels.subarray(0, 36)]).toStrictEqual([...middle]);
    const stretched = await open({ format: 'ImageFolder', resize: 'Stretch' }, { inputShape: [6, 8, 3] });
    expect((await stretched.read('train', 0)).shape).toStrictEqual([6, 8, 3]);
  });

  it('takes the shape of the first image when no teacher is given', async () => {
    await writeImages(folder, files(1, 'train/a'), size);
    expect((await open({ format: 'ImageFolder' })).summary.imageShape).toStrictEqual([6, 8, 3]);
  });

  it('tells a missing folder, an empty one, an empty class and an unknown class', async () => {
    await expectError(open({ format: 'ImageFolder' }), 'DISTILL_E_DATASET_MISSING', 'train');
    await mkdir(join(folder, 'train'));
    await expectError(open({ format: 'ImageFolder' }), 'DISTILL_E_DATASET_EMPTY', 'data');
    await mkdir(join(folder, 'train/a'));
    await expectError(open({ format: 'ImageFolder' }), 'DISTILL_E_DATASET_EMPTY', 'train/a');
    await writeImages(folder, files(1, 'train/a', 'test/z'), size);
    await expectError(open({ format: 'ImageFolder' }), 'DISTILL_E_DATASET_CLASSES', 'test/z');
  });

  it('refuses a teacher of another number of classes, unless labels do not matter', async () => {
    await writeImages(folder, files(1, 'train/a', 'train/b'), size);
    await expectError(open({ format: 'ImageFolder' }, { classes: 3 }), 'DISTILL_E_DATASET_CLASSES', '2', '3');
    const unlabelled = await open({ format: 'ImageFolder', labels: 'None' }, { inputShape: [6, 8, 3], classes: 3 });
    expect(unlabelled.summary).toMatchObject({ train: 2, labelled: false, classes: 3 });
  });

  it('counts and names files that are no images when opened', async () => {
    await writeImages(folder, files(2, 'train/a'), size);
    await writeFile(join(folder, 'train/a/bad.jpg'), 'text');
    await writeFile(join(folder, 'train/a/empty.png'), '');
    const failing = open({ format: 'ImageFolder', maxUnreadable: 1 }, { inputShape: [6, 8, 3] });
    await expectError(failing, 'DISTILL_E_DATASET_UNREADABLE_IMAGES', 'train/a/bad.jpg', 'train/a/empty.png', '2 unre');
    const allowed = await open({ format: 'ImageFolder', maxUnreadable: 2 }, { inputShape: [6, 8, 3] });
    expect(allowed.summary.train).toBe(4);
  });

  it('names an image that is cut off', async () => {
    await writeImages(folder, ['train/a/0.jpg'], { height: 60, width: 80 });
    const dataset = await open({ format: 'ImageFolder' }, { inputShape: [60, 80, 3] });
    const whole = await dataset.read('train', 0);
    expect(whole.pixels).toHaveLength(14400);
    const path = join(folder, 'train/a/0.jpg');
    await writeFile(path, (await readFile(path)).subarray(0, 2000));
    await expectError(dataset.read('train', 0), 'DISTILL_E_DATASET_UNREADABLE_IMAGES', 'train/a/0.jpg');
  });
});

describe('UnlabelledFolder', () => {
  it('has samples without labels and holds out every n-th', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `train/${index}.png`);
    await writeImages(folder, names, { height: 6, width: 8 });
    const dataset = await open({ format: 'UnlabelledFolder', validation: { fraction: '0.2' } });
    expect(dataset.summary).toMatchObject({ train: 8, validation: 2, test: 0, classes: 0, labelled: false });
    expect(await labels(dataset, 'validation')).toStrictEqual([-1, -1]);
    expect((await dataset.read('validation', 0)).pixels).toStrictEqual(noise(144, 'train/4.png'));
  });

  it('tells an empty folder', async () => {
    await mkdir(join(folder, 'train'));
    await expectError(open({ format: 'UnlabelledFolder' }), 'DISTILL_E_DATASET_EMPTY', 'data');
  });
});
