import type { BlocksSpec } from '@distillation/api/job';
import type { BlockPlan, KeptLayer, LayerInfo } from '@distillation/api/plan';
import { DistillError } from '@distillation/api/errors';
import { count, plural } from '@distillation/api/format';
import { ACTIVATIONS } from '../blocks/forward.ts';
import { reasonsText } from '../teacher/graph/candidates.ts';
import { buildBlock } from '../blocks/architectures.ts';
import { blockCosts } from '../blocks/weights.ts';

/** A block before its cost is known. */
export type UncostedBlock = Omit<BlockPlan, 'cost'>;

/** Why no block can replace this layer; undefined when one can. */
function blockReason(layer: LayerInfo): string | undefined {
  if (!(layer.activation in ACTIVATIONS)) {
    return `its activation ${layer.activation} is not one a block can end in (${Object.keys(ACTIVATIONS).join(', ')})`;
  }
  const [height, width] = layer.strides;
  if (height !== width) return `its strides ${height}x${width} differ, which separable layers do not take`;
  const dilated = layer.dilation[0] > 1 || layer.dilation[1] > 1;
  if (dilated && height > 1) return 'it has both a stride and a dilation, which separable layers do not take';
  return undefined;
}

/**
 * Decides which candidates become blocks. A layer whose block would be no cheaper is kept (or refused, by `whenNotCheaper`), and
 * the numbers are reported: the paper's code made VGG16's first layer 2.8 times larger.
 * @throws DISTILL_E_NO_CANDIDATE when none is left, or when one is not cheaper and the job says `Fail`.
 */
export function planBlocks(
  candidates: readonly LayerInfo[],
  spec: BlocksSpec,
): { blocks: UncostedBlock[]; kept: KeptLayer[] } {
  const blocks: UncostedBlock[] = [];
  const kept: KeptLayer[] = [];
  for (const layer of candidates) {
    const reason = blockReason(layer);
    if (reason !== undefined) {
      kept.push({ layer, reason });
      continue;
    }
    const { params, macs } = blockCosts(buildBlock(layer, spec), layer.inputShape);
    if (spec.whenNotCheaper !== 'Train' && (params >= layer.params || macs >= layer.macs)) {
      const why = `a block would not be cheaper: ${plural(params, 'weight')} for ${count(layer.params)}, ${plural(macs, 'multiply-accumulate')} for ${count(layer.macs)}`;
      if (spec.whenNotCheaper === 'Fail') {
        throw new DistillError(
          'DISTILL_E_NO_CANDIDATE',
          `Layer ${layer.name}: ${why}, and spec.blocks.whenNotCheaper is Fail.`,
          { subject: layer.name },
        );
      }
      kept.push({ layer, reason: why });
      continue;
    }
    blocks.push({ name: layer.name, architecture: spec.architecture, layer, params, macs });
  }
  if (blocks.length === 0) {
    throw new DistillError(
      'DISTILL_E_NO_CANDIDATE',
      `No layer of the teacher is worth replacing: ${reasonsText(kept)}.`,
    );
  }
  return { blocks, kept };
}
