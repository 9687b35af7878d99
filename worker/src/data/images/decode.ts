import type Decoder from 'sharp';
import type { Metadata, Sharp } from 'sharp';
import { DistillError } from '@distillation/api/errors';
import type { Shape3 } from '@distillation/api/plan';
import type { Resize } from '../types.ts';
import { decodeBmp } from './bmp.ts';
import { luma } from './channels.ts';
import { imageKind, notAnImage } from './kinds.ts';

/** Decoding and resizing of images. */

let loading: Promise<typeof Decoder> | undefined;

/** Loads the decoder with the first image: workers on packed files do without it and start sooner. */
function decoder(): Promise<typeof Decoder> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    // One image uses one core: the loader runs in parallel (spec.dataset.loaderThreads), not libvips. Each image is decoded once,
    // so a cache is useless.
    sharp.concurrency(1);
    sharp.cache(false);
    return sharp;
  });
  return loading;
}

export interface Pixels {
  readonly pixels: Uint8Array;
  readonly shape: Shape3;
}

interface DecodeOptions {
  /** Shape of the result, with one channel or three; when absent, the image's own in RGB. */
  readonly shape?: Shape3;
  readonly resize: Resize;
  /** Named in errors. */
  readonly name: string;
}

function resized(image: Sharp, shape: Shape3, resize: Resize): Sharp {
  const [height, width] = shape;
  // Bilinear with antialiasing on reduction, as image classifiers are commonly trained with.
  return image.resize({
    width,
    height,
    fit: resize === 'Stretch' ? 'fill' : 'cover',
    position: 'centre',
    kernel: 'linear',
  });
}

/** The error for an image whose size is not the teacher's. */
export function shapeError(name: string, found: readonly number[], wanted: Shape3): DistillError {
  return new DistillError(
    'DISTILL_E_DATASET_SHAPE',
    `${name} is ${found.slice(0, 2).join('x')} (height x width), but ${wanted.slice(0, 2).join('x')} is expected.`,
    { subject: name },
  );
}

/** The error for an image that counts towards `maxUnreadable`; the reason is a phrase that follows its name. */
export function unreadable(name: string, reason: string, cause?: unknown): UnreadableError {
  return new UnreadableError(name, reason, cause);
}

/** An image that cannot be read, which `maxUnreadable` may tolerate. */
export class UnreadableError extends DistillError {
  readonly reasonInWords: string;

  constructor(name: string, reason: string, cause?: unknown) {
    super('DISTILL_E_DATASET_UNREADABLE_IMAGES', `${name} ${reason}.`, { subject: name, cause });
    this.reasonInWords = reason;
  }
}

/** Resizes raw pixels; the number of channels stays. */
export async function resizePixels(source: Pixels, shape: Shape3, resize: Resize): Promise<Uint8Array> {
  const [height, width, channels] = source.shape;
  const raw = { height, width, channels: channels as 1 | 2 | 3 | 4 };
  const sharp = await decoder();
  const image = resized(sharp(source.pixels, { raw }), shape, resize);
  // sharp makes three channels of one unless it is given the colour space.
  const data = await (channels === 1 ? image.toColourspace('b-w') : image).raw().toBuffer();
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

const isGrey = ({ space }: Metadata): boolean => space === 'b-w' || space === 'grey16';

/** Accepts values of 8 bits, or of 16 bits, which are halved to 8; the range of floats is unknown. */
function requirePixels({ depth, space }: Metadata): void {
  if (depth !== 'uchar' && depth !== 'ushort')
    throw new Error(`it holds values of type ${depth}, not 8-bit or 16-bit pixels`);
  if (space === 'multiband') throw new Error('its channels are neither grey nor colours');
}

async function rawPixels(image: Sharp, space: 'b-w' | 'srgb' | 'cmyk'): Promise<Pixels> {
  const inSpace = (space === 'cmyk' ? image.pipelineColourspace('cmyk') : image).toColourspace(space);
  const { data, info } = await inSpace.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return {
    pixels: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    shape: [info.height, info.width, info.channels],
  };
}

/**
 * CMYK to RGB as in Pillow, without a colour profile: each of R, G, B is (255 - ink) (255 - K) / 255, rounded.
 * @param pixels four channels, 0 means no ink
 */
function fromInks({ pixels, shape: [height, width] }: Pixels): Pixels {
  const rgb = new Uint8Array(height * width * 3);
  for (let pixel = 0; pixel < height * width; pixel++) {
    const light = 255 - (pixels[4 * pixel + 3] ?? 0);
    for (let ink = 0; ink < 3; ink++) {
      const product = (pixels[4 * pixel + ink] ?? 0) * light + 128;
      rgb[3 * pixel + ink] = light - (((product >> 8) + product) >> 8);
    }
  }
  return { pixels: rgb, shape: [height, width, 3] };
}

/** Pixels in RGB to pixels of one channel. */
function greyed({ pixels, shape: [height, width] }: Pixels): Pixels {
  const grey = new Uint8Array(height * width);
  luma(pixels, [3, 1], grey);
  return { pixels: grey, shape: [height, width, 1] };
}

/** Raw pixels in the requested shape. @throws DistillError DISTILL_E_DATASET_SHAPE */
async function fitted(source: Pixels, { name, shape, resize }: DecodeOptions): Promise<Pixels> {
  if (shape === undefined) return source;
  const converted = shape[2] === 1 ? greyed(source) : source;
  const [height, width] = source.shape;
  if (height === shape[0] && width === shape[1]) return converted;
  if (resize === 'None') throw shapeError(name, source.shape, shape);
  return { pixels: await resizePixels(converted, shape, resize), shape };
}

/**
 * Decodes an image file: JPEG, PNG, WebP, GIF and TIFF (its first image), BMP, AVIF. As in Keras, transparency is dropped, colour
 * profiles are not applied, and an EXIF orientation is applied only in TIFF. Grey, palette and CMYK images become RGB for a teacher
 * with three channels; colours become luma for one with one channel.
 * @throws DistillError DISTILL_E_DATASET_UNREADABLE_IMAGES, DISTILL_E_DATASET_SHAPE
 */
export async function decodeImage(file: Uint8Array, options: DecodeOptions): Promise<Pixels> {
  const { name, resize, shape } = options;
  const alien = notAnImage(file);
  if (alien !== undefined) throw unreadable(name, alien);
  try {
    if (imageKind(file) === 'BMP') return await fitted(decodeBmp(file), options);
    const sharp = await decoder();
    // Keras uses the stored numbers, whatever colours a profile assigns to them.
    const stored = sharp(file, { failOn: 'error', ignoreIcc: true }).removeAlpha();
    // Pillow applies the orientation of TIFF files and of no other kind.
    const turns = imageKind(file) === 'TIFF';
    const image = turns ? stored.autoOrient() : stored;
    const metadata = await image.metadata();
    requirePixels(metadata);
    if (metadata.space === 'cmyk') return await fitted(fromInks(await rawPixels(image, 'cmyk')), options);
    // Converted to grey before resizing, as in Keras.
    if (shape?.[2] === 1 && !isGrey(metadata)) return await fitted(await rawPixels(image, 'srgb'), options);
    const { width, height } = turns ? metadata.autoOrient : metadata;
    const fits = shape === undefined || (height === shape[0] && width === shape[1]);
    if (!fits && resize === 'None') throw shapeError(name, [height, width], shape);
    const sized = shape === undefined || resize === 'None' ? image : resized(image, shape, resize);
    return await rawPixels(sized, shape?.[2] === 1 ? 'b-w' : 'srgb');
  } catch (thrown) {
    if (thrown instanceof DistillError) throw thrown;
    throw unreadable(name, `cannot be decoded: ${decoderWords(thrown)}`, thrown);
  }
}

/** A decoder's message as a part of a sentence. */
function decoderWords(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return (text.trim().split('\n')[0] ?? '').replace(/[.\s]+$/, '');
}
