import { blockName, type Candidate, candidatesOf, layerKind } from '@distillation/api/candidates';
import { canonicalJson } from '@distillation/api/canonical';
import type { BlocksSpec } from '@distillation/api/job';
import type { BlockCost, BlockPlan, KeptLayer, LayerInfo, UntrainedCandidate } from '@distillation/api/plan';
import { DistillError } from '@distillation/api/errors';
import { estimateCost } from '@distillation/core/costs';
import { count, plural } from '@distillation/api/format';
import { ACTIVATIONS } from '../../blocks/forward.ts';
import { reasonsText } from '../../teacher/graph/candidates.ts';
import { buildBlock } from '../../blocks/architectures.ts';
import { blockCosts } from '../../blocks/weights.ts';

/** A block before its cost is known. */
export type UncostedBlock = Omit<BlockPlan, 'cost'>;

/** Why this candidate cannot replace this layer; undefined when it can. */
function blockReason(layer: LayerInfo, { architecture }: Candidate): string | undefined {
  if (!(layer.activation in ACTIVATIONS)) {
    return `its activation ${layer.activation} is not one a block can end in (${Object.keys(ACTIVATIONS).join(', ')})`;
  }
  // The inner convolution of a low-rank block is like the layer.
  if (architecture === 'LowRank') return undefined;
  if (layerKind(layer) !== 'Convolution') return 'separable layers replace only convolutions larger than 1x1';
  const [height, width] = layer.strides;
  if (height !== width) return `its strides ${height}x${width} differ, which separable layers do not take`;
  const dilated = layer.dilation[0] > 1 || layer.dilation[1] > 1;
  if (dilated && height > 1) return 'it has both a stride and a dilation, which separable layers do not take';
  return undefined;
}

interface Planned {
  /** In the order of the network, those of a layer in the order of the manifest. */
  readonly blocks: UncostedBlock[];
  /** Layers without a block. */
  readonly kept: KeptLayer[];
  /** Candidates without a block, of layers that have another one. */
  readonly untrained: UntrainedCandidate[];
  /** Estimated costs of the blocks for one sample. */
  readonly estimates: ReadonlyMap<string, BlockCost>;
}

/**
 * Decides which blocks are trained for which layers. A block that would be no cheaper than its layer is not (or is refused, by
 * `whenNotCheaper`), and the numbers are reported: the paper's code made VGG16's first layer 2.8 times larger. Nor is one that is the same
 * as an earlier one of its layer, as low-rank blocks of two ratios may be.
 * @throws DISTILL_E_NO_CANDIDATE when none is left, or when one is not cheaper and the job says `Fail`.
 */
export function planBlocks(layers: readonly LayerInfo[], spec: BlocksSpec): Planned {
  const estimates = new Map<string, BlockCost>();
  const planned: Planned = { blocks: [], kept: [], untrained: [], estimates };
  for (const layer of layers) {
    const { blocks, refused } = blocksOf(layer, spec);
    for (const { elements, ...block } of blocks) {
      planned.blocks.push(block);
      estimates.set(block.name, estimateCost(layer, { macs: block.macs, elements }));
    }
    if (blocks.length > 0) planned.untrained.push(...refused);
    else planned.kept.push({ layer, reason: [...new Set(refused.map(({ reason }) => reason))].join('; ') });
  }
  if (planned.blocks.length === 0) {
    throw new DistillError(
      'DISTILL_E_NO_CANDIDATE',
      `No layer of the teacher is worth replacing: ${reasonsText(planned.kept)}.`,
    );
  }
  return planned;
}

/** With the numbers that its operations read and write. */
type CountedBlock = UncostedBlock & { readonly elements: number };

/** @throws DISTILL_E_NO_CANDIDATE when a block is not cheaper and the job says `Fail`. */
function blocksOf(
  layer: LayerInfo,
  spec: BlocksSpec,
): { readonly blocks: CountedBlock[]; readonly refused: UntrainedCandidate[] } {
  const candidates = candidatesOf(spec);
  const blocks: CountedBlock[] = [];
  const refused: UntrainedCandidate[] = [];
  /** Blocks that are trained, by structure. */
  const known = new Map<string, string>();
  for (const candidate of candidates) {
    const name = blockName(layer.name, candidate, candidates);
    const unable = blockReason(layer, candidate);
    if (unable !== undefined) {
      refused.push({ block: name, reason: unable });
      continue;
    }
    const structure = buildBlock({ layer, ...candidate }, spec);
    const { params, macs, elements } = blockCosts(structure, layer.inputShape);
    const same = known.get(canonicalJson(structure));
    if (spec.whenNotCheaper !== 'Train' && (params >= layer.params || macs >= layer.macs)) {
      const reason = `a block would not be cheaper: ${plural(params, 'weight')} for ${count(layer.params)}, ${plural(macs, 'multiply-accumulate')} for ${count(layer.macs)}`;
      if (spec.whenNotCheaper === 'Fail') {
        throw new DistillError(
          'DISTILL_E_NO_CANDIDATE',
          `Layer ${layer.name}: ${reason}, and spec.blocks.whenNotCheaper is Fail.`,
          { subject: layer.name },
        );
      }
      refused.push({ block: name, reason });
    } else if (same !== undefined) {
      refused.push({ block: name, reason: `a block would be the same as ${same}` });
    } else {
      blocks.push({ name, ...candidate, layer, params, macs, elements });
      known.set(canonicalJson(structure), name);
    }
  }
  return { blocks, refused };
}
