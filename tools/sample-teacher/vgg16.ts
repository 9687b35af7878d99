import type { Tf } from '../../worker/src/backend/tf.ts';
import type { JsonObject } from '../../worker/src/teacher/files/json.ts';
import type { Network } from '../../worker/src/teacher/graph/graph.ts';
import { Draft } from './draft.ts';

/** VGG16 for small images (Simonyan and Zisserman 2015, configuration D), without its two large dense layers. */

/** Convolutions and their filters in each of the five groups at width 1. */
const GROUPS = [
  { convolutions: 2, filters: 64 },
  { convolutions: 2, filters: 128 },
  { convolutions: 3, filters: 256 },
  { convolutions: 3, filters: 512 },
  { convolutions: 3, filters: 512 },
] as const;

const POOLING: JsonObject = { pool_size: [2, 2], strides: [2, 2], padding: 'valid', data_format: 'channels_last' };

interface Vgg16Options {
  /** Factor on the number of filters; 0.25 gives 16 to 128. */
  readonly width: number;
  readonly classes: number;
  readonly seed: number;
}

/**
 * A freshly initialized network for 32x32x3 images: 13 3x3 convolutions with ReLU, max pooling after each of five groups, global average
 * pooling, and a dense layer that gives logits. The initial weights depend only on (seed, layer).
 */
export function buildVgg16(tf: Tf, { width, classes, seed }: Vgg16Options): Promise<Network> {
  const draft = new Draft(seed);
  let x = draft.image;
  for (const [group, { convolutions, filters }] of GROUPS.entries()) {
    for (let index = 1; index <= convolutions; index++) {
      const options = { kernel: 3, filters: Math.round(filters * width), activation: 'relu' } as const;
      x = draft.convolution(`block${group + 1}_conv${index}`, x, options);
    }
    x = draft.layer(`block${group + 1}_pool`, { className: 'MaxPooling2D', config: POOLING, inputs: [x] });
  }
  x = draft.layer('gap', {
    className: 'GlobalAveragePooling2D',
    config: { data_format: 'channels_last' },
    inputs: [x],
  });
  return draft.build(tf, { name: 'vgg16_cifar', output: draft.dense('predictions', x, classes) });
}
