import { join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import { plural } from '@distillation/api/format';
import { namedInstead, readShared, readText } from './files.ts';
import { sha256 } from '@distillation/ledger/envelope';
import type { FormatOptions, FormatReader } from './format.ts';
import { sharedBytes, sharedLabels } from './shared.ts';
import type { PackedPart } from './types.ts';

/**
 * The binary version of CIFAR-10 and CIFAR-100 (A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009):
 * records of the label bytes, then 32x32 red, green and blue planes.
 */

const SHAPE = [32, 32, 3] as const;
const PIXELS = 3072;

interface CifarLayout {
  readonly format: string;
  readonly trainFiles: readonly string[];
  readonly testFile: string;
  readonly namesFile: string;
  readonly classes: number;
  /** Label bytes of a record; the last one is the class. */
  readonly labelBytes: number;
}

interface RecordFile {
  readonly name: string;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

function checkRecords(file: RecordFile, stride: number, format: string): void {
  if (file.bytes.length > 0 && file.bytes.length % stride === 0) return;
  throw new DistillError(
    'DISTILL_E_DATASET_CORRUPT',
    `${file.name} has ${plural(file.bytes.length, 'byte')}, not a positive multiple of the ${plural(stride, 'byte')} of a ${format} record.`,
    { subject: file.name },
  );
}

function readLabels(files: readonly RecordFile[], layout: CifarLayout): Int32Array<SharedArrayBuffer> {
  const stride = layout.labelBytes + PIXELS;
  const labels: number[] = [];
  for (const { name, bytes } of files) {
    for (let index = 0; index * stride < bytes.length; index++) {
      const label = bytes[index * stride + layout.labelBytes - 1] ?? 0;
      if (label >= layout.classes) {
        throw new DistillError(
          'DISTILL_E_DATASET_LABEL',
          `Sample ${index} of ${name} has label ${label}, but ${layout.format} has the classes 0 to ${layout.classes - 1}.`,
          { subject: name },
        );
      }
      labels.push(label);
    }
  }
  return sharedLabels(labels);
}

function concatenate(files: readonly RecordFile[]): Uint8Array<SharedArrayBuffer> {
  const [only] = files;
  if (files.length === 1 && only !== undefined) return only.bytes;
  const all = sharedBytes(files.reduce((sum, file) => sum + file.bytes.length, 0));
  let at = 0;
  for (const { bytes } of files) {
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}

function toPart(files: readonly RecordFile[], layout: CifarLayout, options: FormatOptions): PackedPart {
  const stride = layout.labelBytes + PIXELS;
  for (const file of files) checkRecords(file, stride, layout.format);
  return {
    kind: 'packed',
    bytes: concatenate(files),
    stride,
    pixelOffset: layout.labelBytes,
    layout: 'Planar',
    shape: SHAPE,
    files: files.map(({ name, bytes }) => ({ name, count: bytes.length / stride })),
    ...(options.labelled ? { labels: readLabels(files, layout) } : {}),
  };
}

function cifarReader(layout: CifarLayout): FormatReader {
  return async (folder, options) => {
    const hashes = new Map<string, string>();
    const load = async (names: readonly string[]): Promise<PackedPart> => {
      const files: RecordFile[] = [];
      for (const name of names) {
        const bytes = await readShared(join(folder, name)).catch((error: unknown) => namedInstead(error, folder));
        hashes.set(name, sha256(bytes));
        files.push({ name, bytes });
      }
      return toPart(files, layout, options);
    };
    const names = (await readText(join(folder, layout.namesFile)))?.split('\n').filter((name) => name !== '');
    return {
      train: await load(layout.trainFiles),
      test: await load([layout.testFile]),
      classNames:
        names?.length === layout.classes ? names : Array.from({ length: layout.classes }, (_, label) => String(label)),
      used: [...layout.trainFiles, layout.testFile, layout.namesFile],
      hashes,
      cut: 'Last',
    };
  };
}

export const readCifar10: FormatReader = cifarReader({
  format: 'Cifar10',
  trainFiles: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
  testFile: 'test_batch.bin',
  namesFile: 'batches.meta.txt',
  classes: 10,
  labelBytes: 1,
});

/** The class is the fine label; the coarse one before it is not read. */
export const readCifar100: FormatReader = cifarReader({
  format: 'Cifar100',
  trainFiles: ['train.bin'],
  testFile: 'test.bin',
  namesFile: 'fine_label_names.txt',
  classes: 100,
  labelBytes: 2,
});
