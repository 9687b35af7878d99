import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { toRecords, unpackCifar10 } from './cifar10.ts';

it('writes a label byte, then the planes of red, green and blue', () => {
  const rgb = new Uint8Array(2 * 3072);
  rgb.set([10, 20, 30, 11, 21, 31]);
  rgb.set([1, 2, 3], 3072);
  const records = toRecords(rgb, [6, 9]);
  expect(records).toHaveLength(2 * 3073);
  expect([...records.subarray(0, 3)]).toStrictEqual([6, 10, 11]);
  expect([...records.subarray(1 + 1024, 3 + 1024)]).toStrictEqual([20, 21]);
  expect([...records.subarray(1 + 2048, 3 + 2048)]).toStrictEqual([30, 31]);
  expect([records[3073], records[3074], records[3074 + 1024], records[3074 + 2048]]).toStrictEqual([9, 1, 2, 3]);
});

it('rebuilds the six files from the package', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cifar10-'));
  try {
    const names = ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch'];
    const rows = (file: number): Uint8Array => Uint8Array.from({ length: 2 * 3072 }, (_, i) => (i * 7 + file) & 0xff);
    for (const [file, name] of names.entries()) {
      const raw = { width: 1024, height: 2, channels: 3 } as const;
      await writeFile(join(folder, `${name}.png`), await sharp(rows(file), { raw }).png().toBuffer());
    }
    await writeFile(join(folder, 'train_lables.json'), JSON.stringify([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    await writeFile(join(folder, 'test_lables.json'), JSON.stringify([8, 3]));
    await unpackCifar10(folder, folder);
    for (const [file, name] of names.entries()) {
      const labels = name === 'test_batch' ? [8, 3] : [2 * file, 2 * file + 1];
      const bytes = await readFile(join(folder, `${name}.bin`));
      expect(bytes.equals(toRecords(rows(file), labels)), name).toBe(true);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
