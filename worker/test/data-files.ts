import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { DatasetSpec } from '@distillation/api/job';
import { streamKey } from '@distillation/core/random';

/** Small data sets of reproducible noise for tests. */

/** Uniform noise. */
export function noise(length: number, ...name: readonly (string | number)[]): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => streamKey('noise', ...name, index) & 0xff);
}

/** A dataset section with its defaults. */
export function datasetSpec(overrides: Partial<DatasetSpec>): DatasetSpec {
  return {
    path: 'data',
    format: 'Cifar10',
    validation: { fraction: '0.1' },
    limits: {},
    resize: 'None',
    augmentation: { flipHorizontal: 'Disabled', flipVertical: 'Disabled', cropPadding: 0, rotateDegrees: 0 },
    batchSize: 8,
    labels: 'Used',
    loaderThreads: 1,
    maxUnreadable: 0,
    ...overrides,
  };
}

async function write(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

/** Records of a CIFAR binary file; `label` gives the label bytes of a record. */
export function cifarRecords(name: string, count: number, label: (index: number) => readonly number[]): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, index) => Buffer.concat([Buffer.from(label(index)), noise(3072, name, index)])),
  );
}

/** CIFAR-10 in miniature: `perFile` records in each of the six files, labels 0..9 in turn. */
export async function writeCifar10(folder: string, perFile: number): Promise<void> {
  const names = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`);
  for (const name of [...names, 'test_batch.bin']) {
    await write(
      join(folder, name),
      cifarRecords(name, perFile, (index) => [index % 10]),
    );
  }
}

/** An IDX file of unsigned bytes. */
export function idx(dimensions: readonly number[], values: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.set([0, 0, 8, dimensions.length]);
  dimensions.forEach((size, axis) => header.writeUInt32BE(size, 4 + 4 * axis));
  return Buffer.concat([header, values]);
}

interface ImageOptions {
  readonly height: number;
  readonly width: number;
  readonly channels?: 1 | 3 | 4;
  readonly format?: 'png' | 'jpeg';
}

/** An encoded image of noise. */
export async function imageFile(name: string, options: ImageOptions): Promise<Buffer> {
  const { height, width, channels = 3, format = 'png' } = options;
  const raw = { height, width, channels };
  const image = sharp(noise(height * width * channels, name), { raw });
  return (channels === 1 ? image.toColourspace('b-w') : image).toFormat(format).toBuffer();
}

/** Writes images at these paths of a folder. */
export async function writeImages(folder: string, paths: readonly string[], options: ImageOptions): Promise<void> {
  for (const path of paths) {
    const format = path.endsWith('.png') ? 'png' : 'jpeg';
    await write(join(folder, path), await imageFile(path, { ...options, format }));
  }
}
