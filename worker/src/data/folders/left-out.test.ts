import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { leftOutText, placesText } from '@distillation/api/left-out';
import { imageFile, writeImages } from '../../../test/data-files.ts';
import { dataFolder, expectError, labelsOf } from '../../../test/data.ts';
import { fileName } from './listing.ts';
import type { Dataset, Split } from '../types.ts';

/** Everything in a data folder that is not read must be reported. */

const data = dataFolder();
const size = { height: 6, width: 8 };
const FOLDERS = { format: 'ImageFolder', validation: { fraction: '0' } } as const;

async function put(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(join(data.folder, dirname(path)), { recursive: true });
    await writeFile(join(data.folder, path), 'x');
  }
}

const texts = (dataset: Dataset): string[] => (dataset.summary.leftOut ?? []).map(leftOutText);

function names(dataset: Dataset, split: Split = 'train'): string[] {
  const { part, samples } = dataset.data.splits[split];
  return part.kind === 'files' ? [...samples].map((position) => fileName(part, position)) : [];
}

describe('an image folder', () => {
  it('has nothing to tell where everything is read', async () => {
    await writeImages(data.folder, ['train/a/0.png', 'test/a/0.png'], size);
    const { summary } = await data.open(FOLDERS);
    expect(summary.leftOut).toBeUndefined();
    expect(summary.folders).toStrictEqual({ train: 'train', test: 'test' });
  });

  it('tells what else lies there by kind, with numbers and examples', async () => {
    await writeImages(data.folder, ['train/a/0.png', 'train/loose.png', 'picture.jpg'], size);
    await put('train/a/1.heic', 'train/a/2.HEIC', 'train/a/notes.txt', 'train/a/deep/notes.txt', 'train/a/LICENSE');
    await put('train/a/.hidden.png', 'train/a/Thumbs.db', 'train/__MACOSX/a/0.png', 'train/a/__MACOSX/1.png');
    await put('labels.csv', 'train.zip', 'train/a/more.tar.gz', 'eval/a/0.png', 'eval/a/1.png', 'holdout/x.txt');
    await symlink('..', join(data.folder, 'train/a/loop'));
    await symlink('/', join(data.folder, 'train/a/everything'));
    await promisify(execFile)('mkfifo', [join(data.folder, 'train/a/pipe.png')]);
    const dataset = await data.open(FOLDERS);
    expect(names(dataset)).toStrictEqual(['train/a/0.png']);
    const splits =
      'what is read is one each of train/ (or training/), validation/ (or val/, valid/, dev/) and test/ (or testing/)';
    expect(texts(dataset)).toStrictEqual([
      `the folder eval/ with 2 files: ${splits}`,
      `the folder holdout/ with 1 file: ${splits}`,
      '2 pictures beside the folders that are read (train/loose.png, picture.jpg)',
      '2 .heic files: pictures of a format that is not read; convert them to PNG or JPEG (train/a/1.heic, train/a/2.HEIC)',
      '1 .gz file: unpack what is to be read (train/a/more.tar.gz)',
      '1 .zip file: unpack what is to be read (train.zip)',
      '2 links back to a folder that holds the link (train/a/everything, train/a/loop)',
      '1 socket, pipe or device (train/a/pipe.png)',
      '2 .txt files (train/a/notes.txt, train/a/deep/notes.txt)',
      '1 file without an ending (train/a/LICENSE)',
      '1 .csv file (labels.csv)',
      '4 hidden or system files (train/__MACOSX, train/a/.hidden.png, train/a/Thumbs.db, ...)',
    ]);
  });

  it('tells of endings without number by the first and the rest', async () => {
    await writeImages(data.folder, ['train/a/0.png'], size);
    await put(...Array.from({ length: 40 }, (_, index) => `train/a/scan.${String(index).padStart(3, '0')}`));
    const found = (await data.open(FOLDERS)).summary.leftOut ?? [];
    expect(found.length).toBeLessThan(20);
    expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(40);
  });

  it('reads the sub-folders of a class as Keras does: by path, the class’s own pictures first', async () => {
    const paths = ['train/b/9.png', 'train/b/s/1.png', 'train/b/s-2/0.png', 'train/b/s/deep/0.png', 'train/a/x/0.png'];
    await writeImages(data.folder, paths, size);
    const dataset = await data.open(FOLDERS);
    // Python sorts the paths of the folders: "b", "b/s", "b/s-2", "b/s/deep".
    expect(names(dataset)).toStrictEqual([
      'train/a/x/0.png',
      'train/b/9.png',
      'train/b/s/1.png',
      'train/b/s-2/0.png',
      'train/b/s/deep/0.png',
    ]);
    expect(await labelsOf(dataset, 'train')).toStrictEqual([0, 1, 1, 1, 1]);
    expect(placesText(dataset.summary)).toBe('training from train/, 4 images of these in sub-folders');
  });

  it('follows links to folders and to pictures', async () => {
    await writeImages(data.volume, ['elsewhere/0.png', 'one.png'], size);
    await mkdir(join(data.folder, 'train/a'), { recursive: true });
    await symlink(join(data.volume, 'elsewhere'), join(data.folder, 'train/b'));
    await symlink(join(data.volume, 'elsewhere'), join(data.folder, 'train/a/more'));
    await symlink(join(data.volume, 'one.png'), join(data.folder, 'train/a/one.png'));
    const dataset = await data.open(FOLDERS);
    expect(names(dataset)).toStrictEqual(['train/a/one.png', 'train/b/0.png', 'train/a/more/0.png']);
    expect(texts(dataset)).toStrictEqual([]);
  });

  it.each([
    ['train', 'validation', 'test'],
    ['train', 'val', 'test'],
    ['train', 'valid', 'test'],
    ['training', 'dev', 'testing'],
    ['Train', 'VALID', 'Test'],
    ['Training', 'Validation', 'Testing'],
  ])('reads %s/, %s/ and %s/ as the splits', async (train, validation, test) => {
    await writeImages(data.folder, [`${train}/a/0.png`, `${validation}/a/0.png`, `${test}/a/0.png`], size);
    const { summary } = await data.open({ ...FOLDERS, validation: { fraction: '0.5' } });
    expect(summary).toMatchObject({ train: 1, validation: 1, test: 1, folders: { train, validation, test } });
    expect(placesText(summary)).toBe(`training from ${train}/, validation from ${validation}/, test from ${test}/`);
    expect(summary.leftOut).toBeUndefined();
  });

  it('reads one of several folders for a split, the exact and usual name first, and names the others', async () => {
    const folders = ['train', 'Train', 'val', 'valid', 'validation'];
    await writeImages(
      data.folder,
      folders.map((folder) => `${folder}/a/0.png`),
      size,
    );
    const { summary } = await data.open(FOLDERS);
    expect(summary.folders).toStrictEqual({ train: 'train', validation: 'validation' });
    expect(summary.leftOut?.map(({ what }) => what)).toStrictEqual(['Train', 'val', 'valid']);
  });

  it('says what there is where nothing is to train on', async () => {
    await writeImages(data.folder, ['roses/0.png', 'tulips/0.png'], size);
    await expectError(data.open(FOLDERS), 'DISTILL_E_DATASET_MISSING', 'train/', 'its folders are roses/, tulips/.');
  });

  it('says what is in a class folder without a picture', async () => {
    await writeImages(data.folder, ['train/a/0.png'], size);
    await put('train/b/0.heic', 'train/b/1.heic');
    await expectError(data.open(FOLDERS), 'DISTILL_E_DATASET_EMPTY', 'train/b/', '2 .heic files', 'convert them');
  });

  it('sorts classes by code point, as Python does', async () => {
    const classes = ['\u{1f600}', '\uff5e', 'b', 'B'];
    await writeImages(
      data.folder,
      classes.map((name) => `train/${name}/0.png`),
      size,
    );
    expect((await data.open(FOLDERS)).classNames).toStrictEqual(['B', 'b', '\uff5e', '\u{1f600}']);
  });

  it('reads files and classes whose names are no UTF-8', async () => {
    const latin1 = (text: string): Buffer =>
      Buffer.concat([Buffer.from(`${data.folder}/`), Buffer.from(text, 'latin1')]);
    await mkdir(latin1('train/caf\xe9'), { recursive: true });
    await writeFile(latin1('train/caf\xe9/\xfc.png'), await imageFile('one', size));
    await writeImages(data.folder, ['train/a/0.png'], size);
    const dataset = await data.open(FOLDERS);
    expect(dataset.classNames).toStrictEqual(['a', 'caf\\xe9']);
    expect(await labelsOf(dataset, 'train')).toStrictEqual([0, 1]);
    expect(dataset.summary.unreadable).toBeUndefined();
  });

  it('counts a link to nothing and one to itself as unreadable, with the cause', async () => {
    await writeImages(data.folder, ['train/a/0.png', 'train/a/1.png'], size);
    await symlink('gone.png', join(data.folder, 'train/a/2.png'));
    await symlink('3.png', join(data.folder, 'train/a/3.png'));
    await mkdir(join(data.volume, 'folder.png'));
    await symlink(join(data.volume, 'folder.png'), join(data.folder, 'train/a/4.png'));
    await expectError(
      data.open({ ...FOLDERS, maxUnreadable: 2 }),
      'DISTILL_E_DATASET_UNREADABLE_IMAGES',
      '3 unreadable images, 2 allowed: train/a/2.png is a link to a file that is not there; train/a/3.png is a link that leads back to itself; train/a/4.png is not a file.',
    );
    const { summary } = await data.open({ ...FOLDERS, maxUnreadable: 3 });
    expect(summary.unreadable?.map(({ name }) => name)).toStrictEqual([
      'train/a/2.png',
      'train/a/3.png',
      'train/a/4.png',
    ]);
  });

  it('reads pictures of every format in one class', async () => {
    const formats = ['png', 'jpeg', 'webp', 'gif', 'tiff'] as const;
    await writeImages(data.folder, ['train/a/0.png'], size);
    for (const format of formats) {
      const { default: sharp } = await import('sharp');
      const file = await sharp(await imageFile('x', size))
        .toFormat(format)
        .toBuffer();
      await writeFile(join(data.folder, `train/a/1.${format.toUpperCase()}`), file);
    }
    expect(names(await data.open(FOLDERS))).toHaveLength(1 + formats.length);
  });
});

describe('an unlabelled folder', () => {
  it('reads sub-folders and tells the rest', async () => {
    await writeImages(data.folder, ['train/1.png', 'train/x/0.png', 'valid/0.png', 'loose.png'], size);
    await put('train/x/readme.md');
    const dataset = await data.open({ format: 'UnlabelledFolder', labels: 'None' });
    expect(names(dataset)).toStrictEqual(['train/1.png', 'train/x/0.png']);
    expect(dataset.summary).toMatchObject({ train: 2, validation: 1, nested: 1 });
    expect(texts(dataset)).toStrictEqual([
      '1 picture beside the folders that are read (loose.png)',
      '1 .md file (train/x/readme.md)',
    ]);
  });
});
