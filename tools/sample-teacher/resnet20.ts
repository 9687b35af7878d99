import type { Tf } from '../../worker/src/backend/tf.ts';
import type { Network } from '../../worker/src/teacher/graph/graph.ts';
import { Draft, type Drawn } from './draft.ts';

/** ResNet-20 for small images (He et al. 2016, §4.2), with projections (option B) where a stage halves the resolution. */

const FILTERS = [16, 32, 64] as const;
const BLOCKS = 3;

/**
 * A freshly initialized network for 32x32x3 images: a 3x3 convolution, three stages of three residual blocks of two 3x3 convolutions each,
 * every convolution followed by a batch normalisation, global average pooling, and a dense layer that gives logits. 274,042 parameters for ten
 * classes. The initial weights depend only on (seed, layer).
 */
export function buildResnet20(tf: Tf, { classes, seed }: { classes: number; seed: number }): Promise<Network> {
  const draft = new Draft(seed);
  const relu = (name: string, x: Drawn): Drawn =>
    draft.layer(name, { className: 'Activation', config: { activation: 'relu' }, inputs: [x] });
  /** Convolution and batch normalisation; the latter has the bias. */
  const normalized = (name: string, x: Drawn, options: { kernel: number; filters: number; stride: number }): Drawn =>
    draft.normalization(`${name}_bn`, draft.convolution(name, x, { ...options, bias: false }));

  let x = relu('stem_relu', normalized('stem', draft.image, { kernel: 3, filters: 16, stride: 1 }));
  for (const [stage, filters] of FILTERS.entries()) {
    for (let block = 1; block <= BLOCKS; block++) {
      const name = `stage${stage + 1}_block${block}`;
      const stride = stage > 0 && block === 1 ? 2 : 1;
      const first = normalized(`${name}_conv1`, x, { kernel: 3, filters, stride });
      const second = normalized(`${name}_conv2`, relu(`${name}_relu1`, first), { kernel: 3, filters, stride: 1 });
      const shortcut = stride === 1 ? x : normalized(`${name}_projection`, x, { kernel: 1, filters, stride });
      x = relu(
        `${name}_relu2`,
        draft.layer(`${name}_add`, { className: 'Add', config: {}, inputs: [second, shortcut] }),
      );
    }
  }
  x = draft.layer('gap', {
    className: 'GlobalAveragePooling2D',
    config: { data_format: 'channels_last' },
    inputs: [x],
  });
  return draft.build(tf, { name: 'resnet20_cifar', output: draft.dense('predictions', x, classes) });
}
