import { plural } from '@distillation/api/format';
import { numbersOf } from '../files/json.ts';
import { refusedOperation } from '../operations.ts';
import type { WeightArray } from './weight-array.ts';
import { INPUT, type Part, type Placed } from './parts.ts';

/** The class that topology.ts gives a reordering of channels, such as RGB to BGR. Its config has `indices`, a list or `Reversed`. */
export const CHANNELS = 'Channels';

/**
 * A reordering of an image's channels as a 1x1 convolution with zeros and ones, which gives exactly the same numbers.
 * @throws DISTILL_E_TEACHER_LAYER when the channels are not those of an image, or one does not exist.
 */
export function reorderedChannels({ name, config, input }: Placed): readonly Part[] {
  const [, , channels] = input;
  if (input.length !== 3 || channels === undefined || !Number.isInteger(channels)) {
    throw refusedOperation({ name }, 'a reordering of something other than the channels of an image');
  }
  const indices = numbersOf(config['indices']) ?? Array.from({ length: channels }, (_, c) => channels - 1 - c);
  const last = Math.max(...indices);
  if (last >= channels)
    throw refusedOperation({ name }, `channel ${last} of an image of ${plural(channels, 'channel')}`);
  return [
    {
      name: '',
      className: 'Conv2D',
      config: {
        filters: indices.length,
        kernel_size: [1, 1],
        use_bias: false,
        kernel_initializer: { class_name: 'Zeros', config: {} },
        // Belongs to the preprocessing of images, which fine-tuning must not change.
        trainable: false,
      },
      inputs: [INPUT],
      weights: new Map([['kernel', selection(channels, indices)]]),
      origin: CHANNELS,
    },
  ];
}

/** A kernel [1, 1, in, out] whose output channel o is input channel `indices[o]`. */
function selection(channels: number, indices: readonly number[]): WeightArray {
  const data = new Float32Array(channels * indices.length);
  indices.forEach((index, out) => (data[index * indices.length + out] = 1));
  return { shape: [1, 1, channels, indices.length], data };
}
