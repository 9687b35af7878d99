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

type PixelFunction = (pixel: number) => number;

const f = Math.fround;

function table(source: number, value: PixelFunction): ChannelTable {
  return { source, values: Float32Array.from({ length: 256 }, (_, pixel) => value(pixel)) };
}

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
  readonly scaled: PixelFunction;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** (scaled pixel - mean) / std, each step rounded to float32. */
function standardised({ scaled, mean, std }: Affine, channels: number): ChannelTable[] {
  const means = perChannel('mean', mean, channels);
  const stds = perChannel('std', std, channels);
  if (stds.some((value) => f(value) === 0)) throw invalid('std', 'is zero, which would divide by zero');
  return means.map((centre, channel) =>
    table(channel, (pixel) => f(f(scaled(pixel) - f(centre)) / f(stds[channel] ?? 1))),
  );
}

/**
 * Tables of the preprocessing, one per output channel.
 * @throws DistillError DISTILL_E_MANIFEST_INVALID when the mode does not fit the number of channels
 */
export function channelTables(spec: PreprocessingSpec, channels: number): ChannelTable[] {
  if ((spec.mode === 'Caffe' || spec.mode === 'Torch') && channels !== 3) {
    throw invalid('mode', `${spec.mode} is defined for 3 channels, the teacher takes ${channels}`);
  }
  switch (spec.mode) {
    case 'None':
      return Array.from({ length: channels }, (_, channel) => table(channel, (pixel) => pixel));
    case 'Caffe':
      return CAFFE_MEAN_BGR.map((mean, channel) => table(2 - channel, (pixel) => f(pixel - f(mean))));
    case 'Tf':
      return Array.from({ length: channels }, (_, channel) => table(channel, (pixel) => f(f(pixel / 127.5) - 1)));
    case 'Torch':
      return standardised({ scaled: (pixel) => f(pixel / 255), mean: TORCH_MEAN, std: TORCH_STD }, channels);
    case 'Custom': {
      const scale = f(Number(spec.scale ?? '1'));
      const mean = spec.mean?.map(Number) ?? [0];
      const std = spec.std?.map(Number) ?? [1];
      return standardised({ scaled: (pixel) => f(pixel * scale), mean, std }, channels);
    }
  }
}
