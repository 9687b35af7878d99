import { DistillError } from '@distillation/api/errors';
import type { PreprocessingSpec } from '@distillation/api/job';
import { plural } from '@distillation/api/format';

/**
 * How 8-bit pixels become the teacher's input. A pixel has 256 possible values, so each output channel is a table of 256 floats,
 * computed with the same float32 operations in the same order as Keras' `imagenet_utils.preprocess_input`.
 */

/** ImageNet means and deviations as in Keras: caffe in BGR order and 0..255, torch in RGB order and 0..1. */
const CAFFE_MEAN_BGR = [103.939, 116.779, 123.68];
const TORCH_MEAN = [0.485, 0.456, 0.406];
const TORCH_STD = [0.229, 0.224, 0.225];

/** One output channel: the input channel that it comes from, and its value for each pixel value. */
export interface ChannelTable {
  readonly source: number;
  readonly values: Float32Array;
}

export type Arithmetic = 'multiply' | 'divide' | 'subtract';

/** An operation on every pixel, in single precision: with one number for all channels, or one for each. */
interface Step {
  readonly operation: Arithmetic;
  readonly values: readonly number[];
}

/** What is done to the pixels of an image, in this order. */
interface PreprocessingSteps {
  /** For each output channel the input channel that it comes from. */
  readonly sources: readonly number[];
  readonly steps: readonly Step[];
}

const f = Math.fround;

function invalid(field: string, message: string): DistillError {
  const subject = `spec.teacher.preprocessing.${field}`;
  return new DistillError('DISTILL_E_MANIFEST_INVALID', `${subject}: ${message}.`, { subject });
}

/** One value per channel, from a list with one value per channel or one for all. */
function perChannel(field: 'mean' | 'std', values: readonly number[], channels: number): number[] {
  if (values.length !== 1 && values.length !== channels) {
    throw invalid(
      field,
      `${plural(values.length, 'value')} for images of ${plural(channels, 'channel')}; give ${channels}, or one for all`,
    );
  }
  return Array.from({ length: channels }, (_, channel) => values[channel] ?? values[0] ?? 0);
}

interface Affine {
  readonly scaled: Step;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** (scaled pixel - mean) / std. */
function standardised({ scaled, mean, std }: Affine, channels: number): Step[] {
  const means = perChannel('mean', mean, channels);
  const stds = perChannel('std', std, channels);
  if (stds.some((value) => f(value) === 0)) throw invalid('std', 'is zero, which would divide by zero');
  return [scaled, { operation: 'subtract', values: means }, { operation: 'divide', values: stds }];
}

/**
 * The preprocessing as arithmetic, each step rounded to float32.
 * @throws DistillError DISTILL_E_MANIFEST_INVALID when the mode does not fit the number of channels
 */
export function preprocessingSteps(spec: PreprocessingSpec, channels: number): PreprocessingSteps {
  if ((spec.mode === 'Caffe' || spec.mode === 'Torch') && channels !== 3) {
    throw invalid('mode', `${spec.mode} is defined for 3 channels, the teacher takes ${channels}`);
  }
  const sources = Array.from({ length: channels }, (_, channel) => channel);
  switch (spec.mode) {
    case 'None':
      return { sources, steps: [] };
    case 'Caffe':
      return { sources: [2, 1, 0], steps: [{ operation: 'subtract', values: CAFFE_MEAN_BGR }] };
    case 'Tf':
      return {
        sources,
        steps: [
          { operation: 'divide', values: [127.5] },
          { operation: 'subtract', values: [1] },
        ],
      };
    case 'Torch': {
      const scaled: Step = { operation: 'divide', values: [255] };
      return { sources, steps: standardised({ scaled, mean: TORCH_MEAN, std: TORCH_STD }, channels) };
    }
    case 'Custom': {
      const scaled: Step = { operation: 'multiply', values: [Number(spec.scale ?? '1')] };
      const mean = spec.mean?.map(Number) ?? [0];
      const std = spec.std?.map(Number) ?? [1];
      return { sources, steps: standardised({ scaled, mean, std }, channels) };
    }
  }
}

const COMPUTE: Readonly<Record<Arithmetic, (a: number, b: number) => number>> = {
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  subtract: (a, b) => a - b,
};

/**
 * Tables of the preprocessing, one per output channel.
 * @throws DistillError DISTILL_E_MANIFEST_INVALID when the mode does not fit the number of channels
 */
export function channelTables(spec: PreprocessingSpec, channels: number): ChannelTable[] {
  const { sources, steps } = preprocessingSteps(spec, channels);
  return sources.map((source, channel) => ({
    source,
    values: Float32Array.from({ length: 256 }, (_, pixel) =>
      steps.reduce(
        (value, { operation, values }) => f(COMPUTE[operation](value, f(values[channel] ?? values[0] ?? 0))),
        pixel,
      ),
    ),
  }));
}

/**
 * The 8-bit pixels that the preprocessing made these values of, [..., channels] as they are. Where it makes the same of two pixels, either.
 */
export function pixelsOf(images: Float32Array, tables: readonly ChannelTable[]): Uint8Array {
  const channels = tables.length;
  const known = tables.map(({ values }) => new Map([...values].map((value, pixel) => [value, pixel])));
  const pixels = new Uint8Array(images.length);
  for (let start = 0; start < images.length; start += channels) {
    tables.forEach(({ source }, channel) => {
      pixels[start + source] = known[channel]?.get(images[start + channel] ?? NaN) ?? 0;
    });
  }
  return pixels;
}
