import type { AugmentationSpec } from '@distillation/api/job';
import type { Shape3 } from '@distillation/api/plan';
import { randomStream } from '@distillation/core/random';

/**
 * Random changes of training images (the paper's Section IV: rotate, flip, crop). The change of a sample depends on (seed, epoch,
 * sample) alone. Every draw is made whether it is used or not, so that switching one kind of change on does not alter the others.
 */

/** Pixels and their layout: (y, x, channel) is at y x strides[0] + x x strides[1] + channel x strides[2]. */
interface Turnable {
  readonly pixels: Uint8Array;
  readonly shape: Shape3;
  readonly strides: Shape3;
}

/** The change of one sample in one epoch. */
interface Change {
  /** Counter-clockwise rotation in radians. */
  readonly angle: number;
  /** Where the crop starts, in pixels of the unpadded image: -padding..padding. */
  readonly top: number;
  readonly left: number;
  readonly flipHorizontal: boolean;
  readonly flipVertical: boolean;
}

interface SampleKey {
  readonly seed: number;
  readonly epoch: number;
  /** Index within the split. */
  readonly sample: number;
}

/** Draws the change of a sample from the stream ('augment', seed, epoch, sample). */
export function drawChange(spec: AugmentationSpec, { seed, epoch, sample }: SampleKey): Change {
  const stream = randomStream('augment', seed, epoch, sample);
  const angle = (2 * stream.next() - 1) * ((spec.rotateDegrees * Math.PI) / 180);
  const top = stream.below(2 * spec.cropPadding + 1) - spec.cropPadding;
  const left = stream.below(2 * spec.cropPadding + 1) - spec.cropPadding;
  const horizontal = stream.next() < 0.5;
  const vertical = stream.next() < 0.5;
  return {
    angle,
    top,
    left,
    flipHorizontal: horizontal && spec.flipHorizontal === 'Enabled',
    flipVertical: vertical && spec.flipVertical === 'Enabled',
  };
}

/** Whether any sample is changed at all. */
export function isActive(spec: AugmentationSpec): boolean {
  const { flipHorizontal, flipVertical, cropPadding, rotateDegrees } = spec;
  return flipHorizontal === 'Enabled' || flipVertical === 'Enabled' || cropPadding > 0 || rotateDegrees > 0;
}

/** Index in 0..size-1 that reflection at both edges shows at `index` (the edge pixel is not repeated, as in numpy's `reflect`). */
export function reflect(index: number, size: number): number {
  if (index >= 0 && index < size) return index;
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const phase = ((index % period) + period) % period;
  return phase < size ? phase : period - phase;
}

/** Source position of each target position along one axis after crop and flip; written into `map`. */
export function axisMap(map: Int32Array, start: number, flipped: boolean): void {
  const size = map.length;
  for (let target = 0; target < size; target++) {
    map[target] = reflect((flipped ? size - 1 - target : target) + start, size);
  }
}

/**
 * Rotates an image about its centre, bilinear, with reflected surroundings; rounds half up to 8 bits.
 * @returns pixels, channels last
 */
export function rotate({ pixels, shape, strides }: Turnable, angle: number): Uint8Array {
  const [height, width, channels] = shape;
  const rotated = new Uint8Array(height * width * channels);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [centreY, centreX] = [(height - 1) / 2, (width - 1) / 2];
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // The image turns counter-clockwise on screen (y points down), so the source of a pixel lies clockwise from it.
      const sourceX = centreX + (x - centreX) * cos - (y - centreY) * sin;
      const sourceY = centreY + (x - centreX) * sin + (y - centreY) * cos;
      const floorX = Math.floor(sourceX);
      const floorY = Math.floor(sourceY);
      const shareX = sourceX - floorX;
      const shareY = sourceY - floorY;
      const left = reflect(floorX, width) * strides[1];
      const right = reflect(floorX + 1, width) * strides[1];
      const upper = reflect(floorY, height) * strides[0];
      const lower = reflect(floorY + 1, height) * strides[0];
      for (let channel = 0; channel < channels; channel++) {
        const at = channel * strides[2];
        const above = (pixels[upper + left + at] ?? 0) * (1 - shareX) + (pixels[upper + right + at] ?? 0) * shareX;
        const below = (pixels[lower + left + at] ?? 0) * (1 - shareX) + (pixels[lower + right + at] ?? 0) * shareX;
        rotated[to++] = Math.floor(above * (1 - shareY) + below * shareY + 0.5);
      }
    }
  }
  return rotated;
}
