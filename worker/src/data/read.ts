import { internalError } from '@distillation/api/errors';
import type { Shape3 } from '@distillation/api/plan';
import { readPlanned } from './identity/read-planned.ts';
import { fileName } from './folders/listing.ts';
import { shownName } from './folders/names.ts';
import { decodeImage, resizePixels } from './images/decode.ts';
import { type DatasetData, type FilePart, type PackedPart, type Sample, type Split, UNLABELLED } from './types.ts';

/** Reads one sample, in the same way in the training thread and in the loader's. */

/** A sample in place, without a copy; pixel (y, x, channel) is at y x strides[0] + x x strides[1] + channel x strides[2]. */
export interface SampleView extends Sample {
  readonly strides: Shape3;
}

/** A view of pixels that lie channels last. */
export function interleavedView(pixels: Uint8Array, shape: Shape3, label: number): SampleView {
  return { pixels, shape, label, strides: [shape[1] * shape[2], shape[2], 1] };
}

/** Copies a view to channels last. */
function interleave({ pixels, shape, strides }: SampleView): Uint8Array {
  const [height, width, channels] = shape;
  const copy = new Uint8Array(height * width * channels);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = y * strides[0] + x * strides[1];
      for (let channel = 0; channel < channels; channel++) copy[to++] = pixels[from + channel * strides[2]] ?? 0;
    }
  }
  return copy;
}

function packedView(part: PackedPart, position: number): SampleView {
  const { shape, stride, pixelOffset, layout } = part;
  const [height, width, channels] = shape;
  const start = position * stride + pixelOffset;
  const pixels = part.bytes.subarray(start, start + height * width * channels);
  const label = part.labels?.[position] ?? UNLABELLED;
  if (layout === 'Interleaved') return interleavedView(pixels, shape, label);
  return { pixels, shape, label, strides: [width, 1, layout === 'Planar' ? height * width : 0] };
}

function packedName(part: PackedPart, position: number): string {
  let index = position;
  for (const { name, count } of part.files) {
    if (index < count) return `${name}, sample ${index}`;
    index -= count;
  }
  return `sample ${position}`;
}

/** Name of a sample for a message: its file and, if the file holds many, its number in it. */
export function sampleName(data: DatasetData, split: Split, index: number): string {
  const { part, samples } = data.splits[split];
  const position = samples[index] ?? 0;
  return part.kind === 'packed' ? packedName(part, position) : shownName(fileName(part, position));
}

function positionOf(data: DatasetData, split: Split, index: number): number {
  const { samples } = data.splits[split];
  const position = samples[index];
  if (position !== undefined) return position;
  throw internalError(`Sample ${index} of the ${samples.length} in ${split} was asked for.`);
}

/** A packed sample that needs no resizing, synchronously and without a copy; undefined for all others. */
export function viewSample(data: DatasetData, split: Split, index: number): SampleView | undefined {
  const { part } = data.splits[split];
  const [height, width] = data.imageShape;
  if (part.kind !== 'packed' || part.shape[0] !== height || part.shape[1] !== width) return undefined;
  return packedView(part, positionOf(data, split, index));
}

async function readFileSample(data: DatasetData, part: FilePart, position: number): Promise<SampleView> {
  const { imageShape: shape, resize } = data;
  const name = shownName(fileName(part, position));
  const { pixels } = await decodeImage(await readPlanned(part, position), { shape, resize, name });
  return interleavedView(pixels, shape, part.labels?.[position] ?? UNLABELLED);
}

/** A sample of a split in the data set's image shape, channels last. @throws DistillError as `Dataset.read` */
export async function readSample(data: DatasetData, split: Split, index: number): Promise<SampleView> {
  const { part } = data.splits[split];
  const position = positionOf(data, split, index);
  if (part.kind === 'files') return readFileSample(data, part, position);
  const stored = packedView(part, position);
  const pixels = interleave(stored);
  if (viewSample(data, split, index) !== undefined) return interleavedView(pixels, part.shape, stored.label);
  const resized = await resizePixels({ pixels, shape: part.shape }, data.imageShape, data.resize);
  return interleavedView(resized, data.imageShape, stored.label);
}
