import type { Weight } from '@distillation/ledger/tensors';
import type { Tf } from '../../backend/tf.ts';
import { type LayerWeights, lowRankStart, statisticsOf } from '../../blocks/low-rank-start.ts';
import { principalComponents } from '../../blocks/principal-components.ts';
import { type Multiply, productStart } from '../../blocks/product-start.ts';
import type { BlockStructure } from '../../blocks/structure.ts';
import type { LayerMoments } from './moments.ts';

/** The start of a block of a layer, whose decompositions are the same for all its blocks. */
type Starter = (structure: BlockStructure) => Weight[];

/** @param blocks all blocks of the layer that will be started */
export function starterOf(
  tf: Tf,
  moments: LayerMoments,
  { weights, blocks }: { readonly weights: LayerWeights; readonly blocks: readonly BlockStructure[] },
): Starter {
  if (moments.kind === 'Convolution') {
    const statistics = statisticsOf(moments);
    return (structure) => lowRankStart(structure, weights, statistics);
  }
  const ranks = blocks.map(({ layers }) => layers[0]?.outChannels ?? 0);
  const components = principalComponents(moments, weights.kernel, Math.max(...ranks));
  const multiply: Multiply = (a, b) =>
    tf.tidy(() =>
      Float32Array.from(tf.matMul(tf.tensor2d(a.data, [...a.shape]), tf.tensor2d(b.data, [...b.shape])).dataSync()),
    );
  return (structure) => productStart(structure, { weights, components, outputMean: moments.outputMean }, multiply);
}
