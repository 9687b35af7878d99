import { DistillError } from '@distillation/api/errors';
import type { Shape3 } from '@distillation/api/plan';
import { plural } from '@distillation/api/format';
import { sharedBytes } from '../shared.ts';
import type { PackedPart } from '../types.ts';

/** Converts between grey and colour as the teacher requires. */

/**
 * Luma of RGB pixels that lie channels last, as Pillow's `convert('L')` computes it, which Keras' `color_mode='grayscale'` uses:
 * ITU-R 601-2, in 16-bit fixed point.
 *
 * @param strides from one pixel to the next, and from one channel to the next
 */
export function luma(pixels: Uint8Array, strides: readonly [number, number], out: Uint8Array): void {
  const [step, channel] = strides;
  for (let at = 0, from = 0; at < out.length; at++, from += step) {
    const [red, green, blue] = [pixels[from] ?? 0, pixels[from + channel] ?? 0, pixels[from + 2 * channel] ?? 0];
    out[at] = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
  }
}

/** @throws DistillError DISTILL_E_DATASET_CHANNELS when images cannot be converted to the teacher's number of channels */
export function requireChannels(what: string, stored: number | undefined, wanted: number): void {
  const known = (channels: number): boolean => channels === 1 || channels === 3;
  if (stored === wanted || (known(wanted) && (stored === undefined || known(stored)))) return;
  const have = stored === undefined ? 'are grey or colour' : `have ${plural(stored, 'channel')}`;
  throw new DistillError(
    'DISTILL_E_DATASET_CHANNELS',
    `The teacher takes ${plural(wanted, 'channel')}, but ${what} ${have}.`,
    {
      subject: what,
    },
  );
}

/** Samples of one size, converted to the teacher's number of channels. */
export function convertPart(part: PackedPart, channels: number): PackedPart {
  const [height, width, stored] = part.shape;
  if (stored === channels) return part;
  const shape: Shape3 = [height, width, channels];
  if (stored === 1) return { ...part, layout: 'Repeated', shape };
  const area = height * width;
  const count = part.files.reduce((sum, run) => sum + run.count, 0);
  const bytes = sharedBytes(count * area);
  for (let sample = 0; sample < count; sample++) {
    const start = sample * part.stride + part.pixelOffset;
    luma(
      part.bytes.subarray(start, start + 3 * area),
      part.layout === 'Planar' ? [1, area] : [3, 1],
      bytes.subarray(sample * area, (sample + 1) * area),
    );
  }
  return { ...part, bytes, stride: area, pixelOffset: 0, layout: 'Interleaved', shape };
}
