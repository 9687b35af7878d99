import { execFile } from 'node:child_process';
import { readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { DatasetSpec } from '@distillation/api/job';
import { imageFile, noise, writeCifar10, writeImages } from '../../../test/data-files.ts';
import { dataFolder, expectError, zeroMiddle } from '../../../test/data.ts';
import type { Dataset } from '../types.ts';
import type { HashProgress, PlannedData } from './hashing.ts';

/** The data of a job must be exactly those that it was planned for. */

const data = dataFolder();
const size = { height: 40, width: 60 };
const FOLDERS: Partial<DatasetSpec> = { format: 'ImageFolder', validation: { fraction: '0.25' } };
const IMAGES = ['a', 'b'].flatMap((label) => [0, 1, 2, 3].map((index) => `train/${label}/${index}.png`));

const plannedOf = ({ summary, record }: Dataset): PlannedData => ({ summary, ...(record && { record }) });
const path = (name: string): string => join(data.folder, name);

async function readAll(dataset: Dataset): Promise<void> {
  for (const split of ['train', 'validation', 'test'] as const) {
    for (let index = 0; index < dataset.splits[split].count; index++) await dataset.read(split, index);
  }
}

describe('the hash of packed data', () => {
  it('is of every byte that is read, and of nothing else', async () => {
    await writeCifar10(data.folder, 10);
    const before = (await data.open({})).summary;
    expect(before.hashOf).toBe('Contents');
    await writeFile(path('readme.html'), 'x');
    expect((await data.open({})).summary.sha256).toBe(before.sha256);
    await zeroMiddle(data, 'data_batch_1.bin');
    expect((await data.open({})).summary.sha256).not.toBe(before.sha256);
  });

  it('must be that of the plan: a file that changed is named', async () => {
    await writeCifar10(data.folder, 10);
    const planned = plannedOf(await data.open({}));
    expect((await data.open({}, { planned })).summary).toStrictEqual(planned.summary);
    await zeroMiddle(data, 'data_batch_3.bin');
    await expectError(data.open({}, { planned }), 'DISTILL_E_DATASET_CHANGED', 'data/data_batch_3.bin');
    // Without the record of the files, only the hash of the whole remains.
    await expectError(
      data.open({}, { planned: { summary: planned.summary } }),
      'DISTILL_E_DATASET_CHANGED',
      planned.summary.sha256,
    );
  });
});

describe('the hash of image folders', () => {
  it('is of splits, names and whole contents of what is read', async () => {
    await writeImages(data.folder, IMAGES, size);
    const before = (await data.open(FOLDERS)).summary.sha256;
    expect((await data.open(FOLDERS)).summary.sha256).toBe(before);
    // Without labels another image is held out, which changes the training.
    expect((await data.open({ ...FOLDERS, labels: 'None' })).summary.sha256).not.toBe(before);
    const whole = { ...FOLDERS, validation: { fraction: '0' } };
    const all = (await data.open(whole)).summary.sha256;
    expect((await data.open({ ...whole, labels: 'None' })).summary.sha256).toBe(all);
    await zeroMiddle(data, 'train/b/2.png');
    const changed = (await data.open(FOLDERS)).summary.sha256;
    expect(changed).not.toBe(before);
    await rename(path('train/b/2.png'), path('train/b/2.jpg'));
    expect((await data.open(FOLDERS)).summary.sha256).not.toBe(changed);
  });

  it('leaves out what limits leave out, which is not even opened', async () => {
    await writeImages(data.folder, IMAGES, size);
    const limited = { ...FOLDERS, limits: { train: 2, validation: 1 } };
    const before = await data.open(limited);
    expect(before.summary).toMatchObject({ train: 2, validation: 1 });
    await writeFile(path('train/b/3.png'), 'no picture');
    expect((await data.open(limited)).summary.sha256).toBe(before.summary.sha256);
  });

  it('costs the workers nothing to open, and is compared whenever a picture is read', async () => {
    await writeImages(data.folder, IMAGES, size);
    const planned = plannedOf(await data.open(FOLDERS));
    const known = (): never => {
      throw new Error('nothing is to be hashed');
    };
    const opened = await data.open(FOLDERS, { planned, known });
    expect(opened.summary).toStrictEqual(planned.summary);
    await readAll(opened);
    await zeroMiddle(data, 'train/a/1.png');
    const again = await data.open({ ...FOLDERS, maxUnreadable: 5 }, { planned, known });
    await expectError(readAll(again), 'DISTILL_E_DATASET_CHANGED', 'train/a/1.png is not as it was');
    await rm(path('train/a/1.png'));
    await symlink('elsewhere.png', path('train/a/1.png'));
    const linked = await data.open({ ...FOLDERS, maxUnreadable: 5 }, { planned, known });
    await expectError(readAll(linked), 'DISTILL_E_DATASET_CHANGED', 'train/a/1.png was read', 'a link to a file');
  });

  it('goes on with data that were copied: times do not matter, contents do', async () => {
    await writeImages(data.folder, IMAGES, size);
    const planned = plannedOf(await data.open(FOLDERS));
    for (const name of IMAGES) {
      const bytes = await readFile(path(name));
      await rm(path(name));
      await writeFile(path(name), bytes);
      await utimes(path(name), 1, 1);
    }
    const opened = await data.open(FOLDERS, { planned });
    await readAll(opened);
    expect(opened.summary).toStrictEqual(planned.summary);
  });

  it('names files that came or went, before anything is read', async () => {
    await writeImages(data.folder, IMAGES, size);
    const planned = plannedOf(await data.open(FOLDERS));
    await writeImages(data.folder, ['train/a/4.png', 'train/a/5.png'], size);
    await expectError(
      data.open(FOLDERS, { planned }),
      'DISTILL_E_DATASET_CHANGED',
      'train/a/4.png was not there when the job was planned, and 1 other file came or went.',
    );
    for (const name of ['train/a/4.png', 'train/a/5.png', 'train/b/0.png']) await rm(path(name));
    await expectError(
      data.open(FOLDERS, { planned }),
      'DISTILL_E_DATASET_CHANGED',
      'train/b/0.png was read when the job was planned and is not there now.',
    );
  });

  it('is made again where its record is gone, damaged or of another plan', async () => {
    await writeImages(data.folder, IMAGES, size);
    const opened = await data.open(FOLDERS);
    const { summary, record } = plannedOf(opened);
    const other = Buffer.from((record ?? new Uint8Array()).map((byte, at) => (at === 20 ? byte ^ 1 : byte)));
    for (const planned of [{ summary }, { summary, record: other }, { summary, record: Buffer.from('x') }]) {
      expect((await data.open(FOLDERS, { planned })).record).toStrictEqual(record);
    }
    await zeroMiddle(data, 'train/b/2.png');
    await expectError(data.open(FOLDERS, { planned: { summary } }), 'DISTILL_E_DATASET_CHANGED', summary.sha256);
  });

  it('remembers what could not be opened: it must not be there all of a sudden', async () => {
    await writeImages(data.folder, IMAGES, size);
    await symlink('later.png', path('train/a/9.png'));
    const spec = { ...FOLDERS, validation: { fraction: '0' }, maxUnreadable: 1 };
    const planned = plannedOf(await data.open(spec));
    expect(Buffer.from(planned.record ?? []).toString()).toContain('\n# could not be opened: train/a/9.png\n');
    const opened = await data.open(spec, { planned });
    await expectError(opened.read('train', 8), 'DISTILL_E_DATASET_UNREADABLE_IMAGES', 'train/a/9.png');
    await writeFile(path('train/a/later.png'), await imageFile('later', size));
    await expectError(opened.read('train', 8), 'DISTILL_E_DATASET_CHANGED', 'train/a/9.png could not be opened');
  });

  it('is written as sha256sum checks it, whatever the names are', async () => {
    await writeImages(data.folder, [...IMAGES, 'train/a/with space.png', 'train/a/back\\slash\nnewline.png'], size);
    const { record } = plannedOf(await data.open(FOLDERS));
    await writeFile(join(data.volume, 'data.sha256'), record ?? '');
    const { stdout } = await promisify(execFile)('sha256sum', ['--strict', '-c', '../data.sha256'], {
      cwd: data.folder,
    });
    expect(stdout.match(/: OK$/gm)).toHaveLength(IMAGES.length + 2);
    await zeroMiddle(data, 'train/a/0.png');
    await expect(
      promisify(execFile)('sha256sum', ['--strict', '-c', '../data.sha256'], { cwd: data.folder }),
    ).rejects.toThrow();
  });
});

describe('hashing', () => {
  it('tells how far it is', async () => {
    await writeImages(data.folder, IMAGES, size);
    const seen: HashProgress[] = [];
    await data.open(FOLDERS, { onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ files, of }) => [files, of])).toStrictEqual(
      IMAGES.map((_, index) => [index + 1, IMAGES.length]),
    );
    expect(seen.at(-1)?.bytes).toBeGreaterThan(IMAGES.length * 1000);
  });
});

describe('data that an earlier version planned', () => {
  it.each([
    ['cifar', {}, '2071251f827141ea88cc972b810f8fe5255d1eb8445e20f27fe3b3654266304f'],
    ['images', { format: 'ImageFolder' }, '44758e2a248ff7a93bd61f05123730918fdb50dea9b6ad768da82a0a6bbe1fa2'],
  ] as const)('are known by its hash: %s', async (kind, spec, sha256) => {
    if (kind === 'cifar') await writeCifar10(data.folder, 4);
    else {
      const folders = ['train/b', 'train/a', 'val/a', 'test/b'];
      const files = folders.flatMap((folder) => [0, 1, 2, 3, 4].map((index) => `${folder}/${index}.png`));
      await writeImages(data.folder, files, { height: 6, width: 8 });
    }
    const opened = await data.open(spec);
    expect(await opened.edges()).toBe(sha256);
    const { hashOf, ...rest } = opened.summary;
    expect(hashOf).toBe('Contents');
    const planned = { summary: { ...rest, sha256 } };
    const again = await data.open(spec, { planned });
    expect(again.summary).toStrictEqual(planned.summary);
    expect(again.record).toBeUndefined();
    await readAll(again);
    const name = kind === 'cifar' ? 'test_batch.bin' : 'test/b/0.png';
    await writeFile(
      path(name),
      kind === 'cifar' ? noise(3073, 'other') : await imageFile('other', { height: 6, width: 8 }),
    );
    const failing = data.open({ ...spec, labels: 'None' }, { planned });
    await expectError(failing, 'DISTILL_E_DATASET_CHANGED', 'an earlier version planned the job');
  });
});
