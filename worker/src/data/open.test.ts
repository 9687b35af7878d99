import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cifarRecords, idx, noise, writeCifar10 } from '../../test/data-files.ts';
import { dataFolder, expectError, labelsOf } from '../../test/data.ts';
import type { Expected } from './types.ts';

const data = dataFolder();

describe('Cifar10', () => {
  const teacher: Expected = { inputShape: [32, 32, 3], classes: 10 };

  it('holds out the last tenth, reads planes as channels last, names the classes', async () => {
    await writeCifar10(data.folder, 20);
    await writeFile(join(data.folder, 'batches.meta.txt'), 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n');
    const dataset = await data.open({}, teacher);
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
    await writeCifar10(data.folder, 20);
    const dataset = await data.open({ limits: { train: 30, validation: 4, test: 5 } });
    expect(dataset.summary).toMatchObject({ train: 30, validation: 4, test: 5 });
    expect(dataset.splits.train.count).toBe(30);
  });

  it('reads no labels when they are not to be used', async () => {
    await writeCifar10(data.folder, 2);
    await writeFile(
      join(data.folder, 'data_batch_3.bin'),
      cifarRecords('bad', 2, () => [200]),
    );
    const dataset = await data.open({ labels: 'None' }, { inputShape: [32, 32, 3], classes: 7 });
    expect(dataset.summary).toMatchObject({ labelled: false, classes: 7 });
    expect(await labelsOf(dataset, 'test')).toStrictEqual([-1, -1]);
  });

  it('resizes for a teacher of another size when told to', async () => {
    await writeCifar10(data.folder, 2);
    await expectError(data.open({}, { inputShape: [64, 64, 3] }), 'DISTILL_E_DATASET_SHAPE', '32x32', '64x64');
    const dataset = await data.open({ resize: 'Stretch' }, { inputShape: [64, 48, 3] });
    expect((await dataset.read('train', 0)).shape).toStrictEqual([64, 48, 3]);
    expect((await dataset.read('train', 0)).pixels).toHaveLength(64 * 48 * 3);
  });

  it('tells a folder that is not there from one that is a file', async () => {
    await expectError(
      data.open({ path: 'dat' }),
      'DISTILL_E_DATASET_MISSING',
      'There is no ',
      '/dat. Perhaps ',
      '/data is meant.',
    );
    await writeFile(join(data.folder, 'file'), '');
    await expectError(data.open({ path: 'data/file' }), 'DISTILL_E_DATASET_MISSING', '/data/file is not a folder.');
  });

  it('tells a missing, an empty and a truncated file', async () => {
    await expectError(data.open({}), 'DISTILL_E_DATASET_MISSING', 'data_batch_1.bin. ', ' is empty.');
    await writeCifar10(data.folder, 2);
    await writeFile(join(data.folder, 'data_batch_4.bin'), cifarRecords('x', 2, () => [1]).subarray(0, 6000));
    await expectError(data.open({}), 'DISTILL_E_DATASET_CORRUPT', 'data_batch_4.bin', '6,000');
    await writeFile(join(data.folder, 'data_batch_4.bin'), '');
    await expectError(data.open({}), 'DISTILL_E_DATASET_CORRUPT', 'data_batch_4.bin');
  });

  it('names file and sample of a label out of range', async () => {
    await writeCifar10(data.folder, 5);
    await writeFile(
      join(data.folder, 'data_batch_2.bin'),
      cifarRecords('x', 5, (index) => [index === 3 ? 10 : 0]),
    );
    await expectError(data.open({}), 'DISTILL_E_DATASET_LABEL', 'Sample 3 of data_batch_2.bin', '10');
  });

  it('refuses a teacher of another number of classes', async () => {
    await writeCifar10(data.folder, 2);
    await expectError(data.open({}, { classes: 100 }), 'DISTILL_E_DATASET_CLASSES', '10', '100');
  });

  it('makes colours grey for a teacher of one channel, as Pillow does', async () => {
    await writeCifar10(data.folder, 2);
    const dataset = await data.open({}, { inputShape: [32, 32, 1], classes: 10 });
    const planes = noise(3072, 'test_batch.bin', 1);
    const luma = Array.from({ length: 1024 }, (_, at) =>
      Math.floor(
        ((planes[at] ?? 0) * 19595 + (planes[at + 1024] ?? 0) * 38470 + (planes[at + 2048] ?? 0) * 7471 + 32768) /
          65536,
      ),
    );
    const sample = await dataset.read('test', 1);
    expect(sample).toMatchObject({ shape: [32, 32, 1], label: 1 });
    expect([...sample.pixels]).toStrictEqual(luma);
  });

  it('refuses a teacher of a number of channels that nothing is converted to', async () => {
    await writeCifar10(data.folder, 2);
    const opening = data.open({}, { inputShape: [32, 32, 4], classes: 10 });
    await expectError(opening, 'DISTILL_E_DATASET_CHANNELS', '4 channels', 'have 3');
  });

  it('says what there is where files are missing', async () => {
    await writeFile(join(data.folder, 'data_batch_1'), 'the version for Python');
    await expectError(data.open({}), 'DISTILL_E_DATASET_MISSING', 'data_batch_1.bin', 'there is: data_batch_1.');
  });

  it('counts what else lies there by kind', async () => {
    await writeCifar10(data.folder, 2);
    for (const name of ['data_batch_6.bin', 'train.bin', 'readme.html', '.DS_Store', 'batches.meta.txt']) {
      await writeFile(join(data.folder, name), 'x');
    }
    await mkdir(join(data.folder, 'cifar-100-binary'));
    await writeFile(join(data.folder, 'cifar-100-binary', 'train.bin'), 'x');
    expect((await data.open({})).summary.leftOut).toStrictEqual([
      { kind: 'Folder', what: 'cifar-100-binary', count: 1, examples: ['cifar-100-binary/'] },
      { kind: 'OtherFile', what: '.bin', count: 2, examples: ['data_batch_6.bin', 'train.bin'] },
      { kind: 'OtherFile', what: '.html', count: 1, examples: ['readme.html'] },
      { kind: 'Hidden', count: 1, examples: ['.DS_Store'] },
    ]);
  });

  it('refuses a split that leaves nothing to train on', async () => {
    await writeCifar10(data.folder, 2);
    await expectError(data.open({ validation: { fraction: '1' } }), 'DISTILL_E_DATASET_EMPTY', 'data');
  });
});

describe('Cifar100', () => {
  it('takes the fine label', async () => {
    await writeFile(
      join(data.folder, 'train.bin'),
      cifarRecords('train', 20, (index) => [index % 20, 99 - index]),
    );
    await writeFile(
      join(data.folder, 'test.bin'),
      cifarRecords('test', 3, (index) => [19, index]),
    );
    const dataset = await data.open({ format: 'Cifar100' }, { inputShape: [32, 32, 3], classes: 100 });
    expect(dataset.summary).toMatchObject({ train: 18, validation: 2, test: 3, classes: 100 });
    expect((await labelsOf(dataset, 'train')).slice(0, 3)).toStrictEqual([99, 98, 97]);
    expect(await labelsOf(dataset, 'validation')).toStrictEqual([81, 80]);
    expect((await dataset.read('train', 1)).pixels[1]).toBe(noise(3072, 'train', 1)[1024]);
  });

  it('names file and sample of a fine label out of range', async () => {
    await writeFile(
      join(data.folder, 'train.bin'),
      cifarRecords('train', 2, (index) => [0, 99 + index]),
    );
    await expectError(data.open({ format: 'Cifar100' }), 'DISTILL_E_DATASET_LABEL', 'Sample 1 of train.bin', '100');
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
        join(data.folder, `${prefix}-images-idx3-ubyte${suffix}`),
        pack(idx([n, 4, 5], noise(n * 20, prefix))),
      );
      await writeFile(join(data.folder, `${prefix}-labels-idx1-ubyte${suffix}`), pack(idx([n], values)));
    }
  };

  it.each([
    ['plain', '', (bytes: Buffer) => bytes],
    ['gzipped', '.gz', (bytes: Buffer) => gzipSync(bytes)],
  ])('reads %s files', async (_, suffix, pack) => {
    await writeIdx(20, pack, suffix);
    const dataset = await data.open({ format: 'Idx' }, grey);
    expect(dataset.summary).toMatchObject({ train: 18, validation: 2, test: 3, classes: 3, imageShape: [4, 5, 1] });
    const sample = await dataset.read('train', 7);
    expect(sample.label).toBe(1);
    expect([...sample.pixels]).toStrictEqual([...noise(400, 'train').subarray(140, 160)]);
  });

  it('resizes grey images', async () => {
    await writeIdx(20, (bytes) => bytes, '');
    const dataset = await data.open({ format: 'Idx', resize: 'CenterCrop' }, { inputShape: [8, 8, 1], classes: 3 });
    expect(await dataset.read('test', 1)).toMatchObject({ shape: [8, 8, 1], label: 1 });
    expect((await dataset.read('test', 1)).pixels).toHaveLength(64);
  });

  it('repeats grey in each channel for a teacher of colour, resized or not', async () => {
    await writeIdx(20, (bytes) => bytes, '');
    const dataset = await data.open({ format: 'Idx' }, { inputShape: [4, 5, 3], classes: 3 });
    const grey = noise(400, 'train').subarray(140, 160);
    const sample = await dataset.read('train', 7);
    expect(sample.shape).toStrictEqual([4, 5, 3]);
    expect([...sample.pixels]).toStrictEqual([...grey].flatMap((value) => [value, value, value]));
    const wide = { format: 'Idx', resize: 'Stretch' } as const;
    const once = await (await data.open(wide, { inputShape: [9, 9, 1], classes: 3 })).read('train', 7);
    const thrice = await (await data.open(wide, { inputShape: [9, 9, 3], classes: 3 })).read('train', 7);
    expect([...thrice.pixels]).toStrictEqual([...once.pixels].flatMap((value) => [value, value, value]));
  });

  it('tells missing, truncated, alien and mismatched files', async () => {
    await expectError(data.open({ format: 'Idx' }), 'DISTILL_E_DATASET_MISSING', 'train-images-idx3-ubyte');
    await writeIdx(20, (bytes) => bytes, '');
    const images = join(data.folder, 'train-images-idx3-ubyte');
    await writeFile(images, idx([20, 4, 5], noise(399, 'cut')));
    await expectError(data.open({ format: 'Idx' }), 'DISTILL_E_DATASET_CORRUPT', 'train-images', '20 x 4 x 5');
    await writeFile(images, 'not an IDX file');
    await expectError(data.open({ format: 'Idx' }), 'DISTILL_E_DATASET_CORRUPT', 'train-images');
    await writeFile(images, idx([19, 4, 5], noise(380, 'fewer')));
    await expectError(data.open({ format: 'Idx' }), 'DISTILL_E_DATASET_CORRUPT', 'train-labels', '19');
    await rm(images);
    await writeFile(`${images}.gz`, gzipSync(idx([20, 4, 5], noise(400, 'x'))).subarray(0, 200));
    await expectError(data.open({ format: 'Idx' }), 'DISTILL_E_DATASET_CORRUPT', 'train-images', 'decompressed');
  });

  it('tells labels that the teacher does not know, and classes that the data do not have', async () => {
    await writeIdx(20, (bytes) => bytes, '');
    await expectError(
      data.open({ format: 'Idx' }, { ...grey, classes: 2 }),
      'DISTILL_E_DATASET_LABEL',
      'Sample 2 of train-labels-idx1-ubyte',
    );
    await expectError(data.open({ format: 'Idx' }, { ...grey, classes: 10 }), 'DISTILL_E_DATASET_CLASSES', '3', '10');
  });
});
