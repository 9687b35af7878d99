import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noise, writeImages } from '../../../test/data-files.ts';
import { dataFolder, expectError, labelsOf } from '../../../test/data.ts';

const data = dataFolder();

describe('UnlabelledFolder', () => {
  it('has samples without labels and holds out every n-th', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `train/${index}.png`);
    await writeImages(data.folder, names, { height: 6, width: 8 });
    const dataset = await data.open({ format: 'UnlabelledFolder', validation: { fraction: '0.2' } });
    expect(dataset.summary).toMatchObject({ train: 8, validation: 2, test: 0, classes: 0, labelled: false });
    expect(await labelsOf(dataset, 'validation')).toStrictEqual([-1, -1]);
    expect((await dataset.read('validation', 0)).pixels).toStrictEqual(noise(144, 'train/4.png'));
  });

  it('tells an empty folder', async () => {
    await mkdir(join(data.folder, 'train'));
    await expectError(data.open({ format: 'UnlabelledFolder' }), 'DISTILL_E_DATASET_EMPTY', 'data');
  });
});
