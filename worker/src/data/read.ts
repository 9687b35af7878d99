import { join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import { decodeImage, resizePixels } from './decode.ts';
import { fileName } from './listing.ts';
import { type DatasetData, type FilePart, type PackedPart, type Sample, type Split, UNLABELLED } from './types.ts';

/** Reading of one sample, the same in the training thread and in the loader's. */

/** Copies a planar image (all red, all green, all blue) to channels last. */
function interleave(planes: Uint8Array, channels: number): Uint8Array {
  const area = planes.length / channels;
  const pixels = new Uint8Array(planes.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let from = channel * area, to = channel; to < pixels.length; from++, to += channels) {
      pixels[to] = planes[from] ?? 0;
    }
  }
  return pixels;
}

/** Pixels of a packed sample, channels last; may be a view of the shared bytes. */
function packedPixels(part: PackedPart, position: number): Uint8Array {
  const start = position * part.stride + part.pixelOffset;
  const [height, width, channels] = part.shape;
  const stored = part.bytes.subarray(start, start + height * width * channels);
  return part.layout === 'Planar' ? interleave(stored, channels) : stored;
}

function packedName(part: PackedPart, position: number): string {
  let index = position;
  for (const { name, count } of part.files) {
    if (index < count) return `${name}, sample ${index}`;
    index -= count;
  }
  return `sample ${position}`;
}

async function readPacked(data: DatasetData, part: PackedPart, position: number): Promise<Uint8Array> {
  const pixels = packedPixels(part, position);
  const [height, width] = data.imageShape;
  if (part.shape[0] === height && part.shape[1] === width) return pixels;
  return resizePixels({ pixels, shape: part.shape }, data.imageShape, data.resize);
}

async function readFilePixels(data: DatasetData, part: FilePart, position: number): Promise<Uint8Array> {
  const name = fileName(part, position);
  const { imageShape: shape, resize } = data;
  return (await decodeImage(join(part.root, name), { shape, resize, name })).pixels;
}

/** Name of a sample for a message: its file, and where one file holds many its number there. */
export function sampleName(data: DatasetData, split: Split, index: number): string {
  const { part, samples } = data.splits[split];
  const position = samples[index] ?? 0;
  return part.kind === 'packed' ? packedName(part, position) : fileName(part, position);
}

/** A sample of a split in the data set's image shape. @throws DistillError as `Dataset.read` */
export async function readSample(data: DatasetData, split: Split, index: number): Promise<Sample> {
  const { part, samples } = data.splits[split];
  const position = samples[index];
  if (position === undefined) {
    throw new DistillError('DISTILL_E_INTERNAL', `Sample ${index} of the ${samples.length} in ${split} was asked for.`);
  }
  const label = part.labels?.[position] ?? UNLABELLED;
  const pixels =
    part.kind === 'packed' ? await readPacked(data, part, position) : await readFilePixels(data, part, position);
  return { pixels, shape: data.imageShape, label };
}
