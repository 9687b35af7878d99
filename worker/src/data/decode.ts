import sharp, { type Sharp } from 'sharp';
import { DistillError } from '@distillation/api/errors';
import type { Shape3 } from '@distillation/api/plan';
import type { Resize } from './types.ts';

/** Decoding and resizing of images. */

// One image occupies one core; parallelism is the loader's (spec.dataset.loaderThreads), not libvips'. Decoded once, so nothing to cache.
sharp.concurrency(1);
sharp.cache(false);

export interface Pixels {
  readonly pixels: Uint8Array;
  readonly shape: Shape3;
}

export interface DecodeOptions {
  /** Shape to deliver; absent: as it is, in RGB. */
  readonly shape?: Shape3;
  readonly resize: Resize;
  /** Named in errors. */
  readonly name: string;
}

function resized(image: Sharp, shape: Shape3, resize: Resize): Sharp {
  const [height, width] = shape;
  // Bilinear, with the antialiasing of a reduction: what image classifiers are commonly trained with.
  return image.resize({
    width,
    height,
    fit: resize === 'Stretch' ? 'fill' : 'cover',
    position: 'centre',
    kernel: 'linear',
  });
}

/** The error for an image that has another shape than the teacher takes. */
export function shapeError(name: string, found: readonly number[], wanted: Shape3): DistillError {
  return new DistillError(
    'DISTILL_E_DATASET_SHAPE',
    `${name} is ${found.join('x')} (height x width x channels), but ${wanted.join('x')} is expected.`,
    { subject: name },
  );
}

/** Resizes raw pixels; the number of channels stays. */
export async function resizePixels(source: Pixels, shape: Shape3, resize: Resize): Promise<Uint8Array> {
  const [height, width, channels] = source.shape;
  const raw = { height, width, channels: channels as 1 | 2 | 3 | 4 };
  const image = resized(sharp(source.pixels, { raw }), shape, resize);
  // sharp turns one channel into three unless told the colour space.
  const data = await (channels === 1 ? image.toColourspace('b-w') : image).raw().toBuffer();
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * Decodes a JPEG or PNG file. Grey, palette, CMYK and transparent images become RGB for a teacher of three channels; a teacher of
 * one channel takes grey images only.
 * @throws DistillError DISTILL_E_DATASET_UNREADABLE_IMAGES, DISTILL_E_DATASET_SHAPE
 */
export async function decodeImage(path: string, options: DecodeOptions): Promise<Pixels> {
  const { name, resize, shape } = options;
  const grey = shape?.[2] === 1;
  try {
    const image = sharp(path, { failOn: 'error' }).removeAlpha();
    const { channels: stored, width, height, space } = await image.metadata();
    if (grey && space !== 'b-w' && space !== 'grey16') throw shapeError(name, [height, width, stored], shape);
    if (shape !== undefined && resize === 'None' && (height !== shape[0] || width !== shape[1])) {
      throw shapeError(name, [height, width, shape[2]], shape);
    }
    const sized = shape === undefined || resize === 'None' ? image : resized(image, shape, resize);
    const { data, info } = await sized
      .toColourspace(grey ? 'b-w' : 'srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return {
      pixels: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      shape: [info.height, info.width, info.channels],
    };
  } catch (thrown) {
    if (thrown instanceof DistillError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message.trim() : String(thrown);
    throw new DistillError('DISTILL_E_DATASET_UNREADABLE_IMAGES', `${name} cannot be decoded: ${reason}.`, {
      subject: name,
      cause: thrown,
    });
  }
}
