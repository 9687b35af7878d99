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

/** The decoder, loaded with the first picture: workers on packed files need none, and start sooner. */
function decoder(): Promise<typeof Decoder> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    // One image occupies one core; parallelism is the loader's (spec.dataset.loaderThreads), not libvips'. Decoded once, so nothing to cache.
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
  /** Shape to deliver, of one channel or three; absent: as it is, in RGB. */
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

/** The error for an image of another size than the teacher takes. */
export function shapeError(name: string, found: readonly number[], wanted: Shape3): DistillError {
  return new DistillError(
    'DISTILL_E_DATASET_SHAPE',
    `${name} is ${found.slice(0, 2).join('x')} (height x width), but ${wanted.slice(0, 2).join('x')} is expected.`,
    { subject: name },
  );
}

/** The error for an image that is counted under `maxUnreadable`; the reason is a phrase that goes after its name. */
export function unreadable(name: string, reason: string, cause?: unknown): UnreadableError {
  return new UnreadableError(name, reason, cause);
}

/** An image that cannot be read, which `maxUnreadable` may let pass. */
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
  // sharp turns one channel into three unless told the colour space.
  const data = await (channels === 1 ? image.toColourspace('b-w') : image).raw().toBuffer();
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

const isGrey = ({ space }: Metadata): boolean => space === 'b-w' || space === 'grey16';

/** Values that 8 bits hold, or 16 that are halved to them; a float's range is anybody's guess. */
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
 * CMYK to RGB as Pillow does it, without a profile of inks: each of R, G, B is (255 - ink) (255 - K) / 255, rounded.
 * @param pixels four channels, 0 no ink
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

/** Raw pixels in the shape asked for. @throws DistillError DISTILL_E_DATASET_SHAPE */
async function fitted(source: Pixels, { name, shape, resize }: DecodeOptions): Promise<Pixels> {
  if (shape === undefined) return source;
  const converted = shape[2] === 1 ? greyed(source) : source;
  const [height, width] = source.shape;
  if (height === shape[0] && width === shape[1]) return converted;
  if (resize === 'None') throw shapeError(name, source.shape, shape);
  return { pixels: await resizePixels(converted, shape, resize), shape };
}

/**
 * Decodes an image file: JPEG, PNG, WebP, GIF and TIFF (the first picture of it), BMP, AVIF. As in Keras, transparency is dropped, a
 * colour profile not applied, an EXIF orientation only in TIFF. Grey, palette and CMYK images become RGB for a teacher of three
 * channels, colours become luma for one of one.
 * @throws DistillError DISTILL_E_DATASET_UNREADABLE_IMAGES, DISTILL_E_DATASET_SHAPE
 */
export async function decodeImage(file: Uint8Array, options: DecodeOptions): Promise<Pixels> {
  const { name, resize, shape } = options;
  const alien = notAnImage(file);
  if (alien !== undefined) throw unreadable(name, alien);
  try {
    if (imageKind(file) === 'BMP') return await fitted(decodeBmp(file), options);
    const sharp = await decoder();
    // Keras takes the numbers that the file holds, whatever colours a profile says they stand for.
    const stored = sharp(file, { failOn: 'error', ignoreIcc: true }).removeAlpha();
    // Pillow turns a TIFF as its orientation says, and no other kind.
    const turns = imageKind(file) === 'TIFF';
    const image = turns ? stored.autoOrient() : stored;
    const metadata = await image.metadata();
    requirePixels(metadata);
    if (metadata.space === 'cmyk') return await fitted(fromInks(await rawPixels(image, 'cmyk')), options);
    // Turned grey before it is resized, as Keras does.
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

/** What a decoder says, as a part of a sentence. */
function decoderWords(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return (text.trim().split('\n')[0] ?? '').replace(/[.\s]+$/, '');
}
