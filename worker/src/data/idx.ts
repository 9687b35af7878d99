import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { DistillError } from '@distillation/api/errors';
import { plural } from '@distillation/api/format';
import { firstFile, namedInstead, readShared } from './files.ts';
import type { FormatOptions, FormatReader } from './format.ts';
import { sha256 } from '@distillation/ledger/envelope';
import { sharedBytes, sharedLabels } from './shared.ts';
import type { PackedPart } from './types.ts';

/**
 * IDX, the format of MNIST and Fashion-MNIST (Y. LeCun): big-endian; a magic number (two zero bytes, the type, the number of
 * dimensions), the dimensions, the values. Only unsigned bytes are supported; images are grey (n, h, w) or in colour (n, h, w, c).
 */

const UNSIGNED_BYTE = 0x08;

interface IdxArray {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly values: Uint8Array<SharedArrayBuffer>;
}

/** SHA-256 of each file read, by name. */
type Hashes = Map<string, string>;

function corrupt(name: string, what: string, cause?: unknown): DistillError {
  return new DistillError('DISTILL_E_DATASET_CORRUPT', `${name} ${what}.`, { subject: name, cause });
}

/** Reads the header of an IDX file's bytes. @throws DistillError DISTILL_E_DATASET_CORRUPT */
function parseIdx(name: string, bytes: Uint8Array<SharedArrayBuffer>): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rank = bytes[3] ?? 0;
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0 || rank === 0) throw corrupt(name, 'is not an IDX file');
  if (bytes[2] !== UNSIGNED_BYTE) throw corrupt(name, `holds IDX type ${bytes[2] ?? 0}, not unsigned bytes (8)`);
  const start = 4 + 4 * rank;
  if (bytes.length < start) throw corrupt(name, 'is cut off within its header');
  const dimensions = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = start + dimensions.reduce((product, size) => product * size, 1);
  if (bytes.length !== expected) {
    throw corrupt(
      name,
      `has ${plural(bytes.length, 'byte')}, but its header (${dimensions.join(' x ')}) asks for ${expected}`,
    );
  }
  return { name, dimensions, values: bytes.subarray(start) };
}

async function load(folder: string, stem: string, hashes: Hashes): Promise<IdxArray> {
  const [images = '', kind = ''] = stem.split(/-(?=idx)/);
  const spellings = [stem, `${images}.${kind}`].flatMap((name) => [name, `${name}.gz`]);
  const name = await firstFile(folder, spellings);
  if (name === undefined) {
    const missing = new DistillError('DISTILL_E_DATASET_MISSING', `${folder} has no ${stem} (nor ${stem}.gz).`, {
      subject: stem,
    });
    return namedInstead(missing, folder);
  }
  const raw = await readShared(join(folder, name));
  hashes.set(name, sha256(raw));
  if (!name.endsWith('.gz')) return parseIdx(name, raw);
  const unpacked = await promisify(gunzip)(new Uint8Array(raw)).catch((cause: unknown) => {
    throw corrupt(name, 'cannot be decompressed', cause);
  });
  const bytes = sharedBytes(unpacked.length);
  bytes.set(unpacked);
  return parseIdx(name, bytes);
}

function checkLabels(images: IdxArray, labels: IdxArray, classes: number | undefined): void {
  const [count] = images.dimensions;
  if (labels.dimensions.length !== 1 || labels.dimensions[0] !== count) {
    throw corrupt(
      labels.name,
      `has ${labels.dimensions.join(' x ')} labels for the ${plural(count ?? 0, 'image')} of ${images.name}`,
    );
  }
  const wrong = classes === undefined ? -1 : labels.values.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new DistillError(
      'DISTILL_E_DATASET_LABEL',
      `Sample ${wrong} of ${labels.name} has label ${labels.values[wrong] ?? 0}, but the teacher knows the classes 0 to ${(classes ?? 0) - 1}.`,
      { subject: labels.name },
    );
  }
}

interface PartOptions extends FormatOptions {
  readonly hashes: Hashes;
}

async function loadPart(folder: string, prefix: string, options: PartOptions): Promise<PackedPart> {
  const { hashes } = options;
  const images = await load(folder, `${prefix}-images-idx3-ubyte`, hashes);
  const [count = 0, height = 0, width = 0, channels = 1] = images.dimensions;
  if (images.dimensions.length < 3 || images.dimensions.length > 4 || height * width * channels === 0) {
    throw corrupt(images.name, `has the dimensions ${images.dimensions.join(' x ')}, not (images, height, width)`);
  }
  const part = {
    kind: 'packed',
    bytes: images.values,
    stride: height * width * channels,
    pixelOffset: 0,
    layout: 'Interleaved',
    shape: [height, width, channels],
    files: [{ name: images.name, count }],
  } as const;
  if (!options.labelled) return part;
  const labels = await load(folder, `${prefix}-labels-idx1-ubyte`, hashes);
  checkLabels(images, labels, options.classes);
  return { ...part, labels: sharedLabels(labels.values), labelsFile: labels.name };
}

/** Files `{train,t10k}-{images-idx3,labels-idx1}-ubyte`, plain or .gz, also spelled with a dot before `idx`. */
export const readIdx: FormatReader = async (folder, options) => {
  const hashes: Hashes = new Map();
  const train = await loadPart(folder, 'train', { ...options, hashes });
  const largest = train.labels?.reduce((most, label) => Math.max(most, label), -1) ?? -1;
  const test = await loadPart(folder, 't10k', { ...options, hashes, classes: options.classes ?? largest + 1 });
  if (train.shape.join() !== test.shape.join()) {
    const [first, second] = [train, test].map((part) => `${part.files[0]?.name ?? ''} of ${part.shape.join('x')}`);
    throw new DistillError('DISTILL_E_DATASET_CORRUPT', `The images differ in size: ${first ?? ''}, ${second ?? ''}.`);
  }
  return {
    train,
    test,
    classNames: Array.from({ length: largest + 1 }, (_, label) => String(label)),
    used: [...hashes.keys()],
    hashes,
    cut: 'Last',
  };
};
