import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noise, writeImages } from '../../../test/data-files.ts';
import { dataFolder, expectError, labelsOf } from '../../../test/data.ts';
import type { Expected } from '../types.ts';

const data = dataFolder();

describe('ImageFolder', () => {
  const size = { height: 6, width: 8 };
  const teacher: Expected = { inputShape: [6, 8, 3], classes: 2 };
  const files = (count: number, ...prefixes: readonly string[]): string[] =>
    prefixes.flatMap((prefix) => Array.from({ length: count }, (_, index) => `${prefix}/${index}.png`));

  it('lists classes in order, takes turns among them and holds out every n-th of each', async () => {
    await writeImages(data.folder, files(4, 'train/dog', 'train/cat'), size);
    await writeImages(data.folder, ['test/dog/x.JPEG'], size);
    await writeFile(join(data.folder, 'train/dog/notes.txt'), 'no image');
    const dataset = await data.open({ format: 'ImageFolder', validation: { fraction: '0.25' } }, teacher);
    expect(dataset.classNames).toStrictEqual(['cat', 'dog']);
    expect(dataset.summary).toMatchObject({ train: 6, validation: 2, test: 1, classes: 2, imageShape: [6, 8, 3] });
    expect(await labelsOf(dataset, 'train')).toStrictEqual([0, 1, 0, 1, 0, 1]);
    expect(await labelsOf(dataset, 'validation')).toStrictEqual([0, 1]);
    expect(await labelsOf(dataset, 'test')).toStrictEqual([1]);
    expect((await dataset.read('train', 2)).pixels).toStrictEqual(noise(144, 'train/cat/1.png'));
  });

  it('takes its own validation split where there is one', async () => {
    await writeImages(data.folder, files(3, 'train/a', 'train/b', 'val/b'), size);
    const dataset = await data.open({ format: 'ImageFolder' }, teacher);
    expect(dataset.summary).toMatchObject({ train: 6, validation: 3, test: 0 });
    expect(await labelsOf(dataset, 'validation')).toStrictEqual([1, 1, 1]);
  });

  it('makes grey and transparent images RGB for a teacher of colour', async () => {
    await writeImages(data.folder, ['train/a/grey.png'], { ...size, channels: 1 });
    await writeImages(data.folder, ['train/b/clear.png'], { ...size, channels: 4 });
    const dataset = await data.open({ format: 'ImageFolder' }, teacher);
    const grey = noise(48, 'train/a/grey.png');
    const sample = await dataset.read('train', 0);
    expect([...sample.pixels.subarray(0, 6)]).toStrictEqual([0, 0, 0, 1, 1, 1].map((at) => grey[at]));
    const clear = noise(192, 'train/b/clear.png');
    expect([...(await dataset.read('train', 1)).pixels.subarray(0, 4)]).toStrictEqual(
      [0, 1, 2, 4].map((at) => clear[at]),
    );
  });

  it('gives grey to a teacher of one channel, made of colours as Pillow does before it resizes', async () => {
    await writeImages(data.folder, ['train/a/grey.png'], { ...size, channels: 1 });
    await writeImages(data.folder, ['train/b/colour.png'], size);
    await writeImages(data.folder, ['train/c/clear.png'], { ...size, channels: 4 });
    const dataset = await data.open({ format: 'ImageFolder' }, { inputShape: [6, 8, 1] });
    expect((await dataset.read('train', 0)).pixels).toStrictEqual(noise(48, 'train/a/grey.png'));
    const grey = async (name: string, channels: number, sample: number): Promise<void> => {
      const stored = noise(48 * channels, name);
      const at = (pixel: number, channel: number): number => stored[pixel * channels + channel] ?? 0;
      const expected = Array.from({ length: 48 }, (_, pixel) =>
        Math.floor((at(pixel, 0) * 19595 + at(pixel, 1) * 38470 + at(pixel, 2) * 7471 + 32768) / 65536),
      );
      expect([...(await dataset.read('train', sample)).pixels]).toStrictEqual(expected);
    };
    await grey('train/b/colour.png', 3, 1);
    await grey('train/c/clear.png', 4, 2);
    const small = await data.open({ format: 'ImageFolder', resize: 'Stretch' }, { inputShape: [3, 4, 1] });
    expect((await small.read('train', 1)).pixels).toHaveLength(12);
  });

  it('refuses a teacher of a number of channels that nothing is converted to', async () => {
    await writeImages(data.folder, ['train/a/0.png'], { ...size, channels: 4 });
    const opening = data.open({ format: 'ImageFolder' }, { inputShape: [6, 8, 4] });
    await expectError(opening, 'DISTILL_E_DATASET_CHANNELS', '4 channels');
  });

  it('refuses an image of another size, or cuts its middle, or stretches it', async () => {
    await writeImages(data.folder, ['train/a/0.png'], { height: 12, width: 32 });
    const none = await data.open({ format: 'ImageFolder' }, { inputShape: [6, 8, 3] });
    await expectError(none.read('train', 0), 'DISTILL_E_DATASET_SHAPE', 'train/a/0.png', '12x32', '6x8');
    const cut = await data.open({ format: 'ImageFolder', resize: 'CenterCrop' }, { inputShape: [12, 12, 3] });
    const middle = noise(12 * 32 * 3, 'train/a/0.png').subarray(30, 66);
    expect([...(await cut.read('train', 0)).pixels.subarray(0, 36)]).toStrictEqual([...middle]);
    const stretched = await data.open({ format: 'ImageFolder', resize: 'Stretch' }, { inputShape: [6, 8, 3] });
    expect((await stretched.read('train', 0)).shape).toStrictEqual([6, 8, 3]);
  });

  it('takes the shape of the first image when no teacher is given', async () => {
    await writeImages(data.folder, files(1, 'train/a'), size);
    expect((await data.open({ format: 'ImageFolder' })).summary.imageShape).toStrictEqual([6, 8, 3]);
  });

  it('tells a missing folder, an empty one, an empty class and an unknown class', async () => {
    await expectError(data.open({ format: 'ImageFolder' }), 'DISTILL_E_DATASET_MISSING', 'train');
    await mkdir(join(data.folder, 'train'));
    await expectError(data.open({ format: 'ImageFolder' }), 'DISTILL_E_DATASET_EMPTY', 'data');
    await mkdir(join(data.folder, 'train/a'));
    await expectError(data.open({ format: 'ImageFolder' }), 'DISTILL_E_DATASET_EMPTY', 'train/a/', '.webp');
    await writeImages(data.folder, files(1, 'train/a'), size);
    await mkdir(join(data.folder, 'val/a'), { recursive: true });
    await expectError(data.open({ format: 'ImageFolder' }), 'DISTILL_E_DATASET_EMPTY', 'val/ holds no picture');
    await rm(join(data.folder, 'val'), { recursive: true });
    await writeImages(data.folder, files(1, 'test/z'), size);
    await expectError(data.open({ format: 'ImageFolder' }), 'DISTILL_E_DATASET_CLASSES', 'test/z');
  });

  it('names the first classes where there are many, so that a stray folder is seen', async () => {
    const classes = Array.from({ length: 12 }, (_, i) => `train/${String.fromCharCode(98 + i)}`);
    await writeImages(data.folder, files(1, 'train/__MACOSX\n', ...classes), size);
    const many = data.open({ format: 'ImageFolder' }, { classes: 12 });
    await expectError(many, 'DISTILL_E_DATASET_CLASSES', '(__MACOSX\\x0a, b, c, d, e, f, g, h, i, j and 3 more)');
  });

  it('refuses a teacher of another number of classes, unless labels do not matter', async () => {
    await writeImages(data.folder, files(1, 'train/a', 'train/b'), size);
    const other = data.open({ format: 'ImageFolder' }, { classes: 3 });
    await expectError(other, 'DISTILL_E_DATASET_CLASSES', 'has 2 classes (a, b), but the teacher tells 3 apart');
    const unlabelled = await data.open(
      { format: 'ImageFolder', labels: 'None' },
      { inputShape: [6, 8, 3], classes: 3 },
    );
    expect(unlabelled.summary).toMatchObject({ train: 2, labelled: false, classes: 3 });
  });

  it('counts and names files that are no images when opened', async () => {
    await writeImages(data.folder, files(2, 'train/a'), size);
    await writeFile(join(data.folder, 'train/a/bad.jpg'), 'text');
    await writeFile(join(data.folder, 'train/a/empty.png'), '');
    const failing = data.open({ format: 'ImageFolder', maxUnreadable: 1 }, { inputShape: [6, 8, 3] });
    await expectError(
      failing,
      'DISTILL_E_DATASET_UNREADABLE_IMAGES',
      '2 unreadable images, 1 allowed: train/a/bad.jpg does not begin as a picture does; train/a/empty.png is empty.',
    );
    const allowed = await data.open({ format: 'ImageFolder', maxUnreadable: 2 }, { inputShape: [6, 8, 3] });
    expect(allowed.summary.train).toBe(4);
    expect(allowed.summary.unreadable?.map(({ name }) => name)).toStrictEqual(['train/a/bad.jpg', 'train/a/empty.png']);
  });

  it('names an image that is not what it was when it was opened', async () => {
    await writeImages(data.folder, ['train/a/0.jpg'], { height: 60, width: 80 });
    const dataset = await data.open({ format: 'ImageFolder' }, { inputShape: [60, 80, 3] });
    const whole = await dataset.read('train', 0);
    expect(whole.pixels).toHaveLength(14400);
    const path = join(data.folder, 'train/a/0.jpg');
    await writeFile(path, (await readFile(path)).subarray(0, 2000));
    await expectError(dataset.read('train', 0), 'DISTILL_E_DATASET_CHANGED', 'train/a/0.jpg');
  });
});
