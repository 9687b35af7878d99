import type { BlockCost, BlockPlan, LayerInfo, Plan } from '@distillation/api/plan';

/**
 * Costs of blocks, from one of three sources: estimated from multiply-accumulates, recorded by earlier jobs, or measured by timing a few
 * steps during planning. Schedulers use only their ratios; costs in seconds also give the user a time.
 */

/** Cost of a training step relative to a forward pass: forward, input gradient and weight gradient each take about the same arithmetic. */
export const TRAINING = 3;

/**
 * How many times longer a multiply-accumulate of a depthwise convolution takes than one of a dense convolution, including the elementwise
 * operations around it (ReLU, loss, their gradients), which scale with the same feature maps.
 *
 * One core with AVX-512, VGG16 at 32x32. Full width in TensorFlow.js, batch 64: 13 separate steps 2102 ms, fused 763 ms, one teacher
 * pass 229 ms, hence 39; single steps 94 ms (64 channels at 32x32) and 43 ms (256 at 8x8), hence 29 and 38. Quarter width in Keras:
 * 649, 246 and 55 ms, hence 13 to 17. 25 is the geometric mean of the two widths. It predicts 3.3 and 2.1 for separate / fused
 * where 2.75 and 2.64 were measured; `Recorded` costs correct it after the first job.
 */
const DEPTHWISE = 25;

/**
 * Estimated cost of a block for one sample, in multiply-accumulates of a dense convolution. `prefix` is the teacher's forward pass up
 * to the layer. Loading and augmentation run on other threads and are not counted.
 */
export function estimateCost(
  layer: Pick<LayerInfo, 'kernel' | 'inputShape' | 'outputShape' | 'prefixMacs'>,
  block: Pick<BlockPlan, 'macs' | 'architecture'>,
): BlockCost {
  if (block.architecture === 'LowRank') return { prefix: layer.prefixMacs, own: TRAINING * block.macs };
  const [height, width, channels] = layer.outputShape;
  const more = block.architecture.startsWith('Three') ? 2 : 1;
  // The first separable layer takes over the layer's kernel; the others are 3x3 (worker/src/blocks/architectures.ts).
  const perPosition = layer.kernel[0] * layer.kernel[1] * layer.inputShape[2] + more * 9 * channels;
  const depthwise = Math.min(block.macs, height * width * perPosition);
  return { prefix: layer.prefixMacs, own: TRAINING * (block.macs - depthwise + DEPTHWISE * depthwise) };
}

/** Costs by block name. */
export type Costs = ReadonlyMap<string, BlockCost>;

/** Costs for one sample. */
interface CostSources {
  readonly estimated: Costs;
  /** In seconds; may lack blocks, and is empty if there were no earlier jobs. */
  readonly recorded: Costs;
  /** In seconds; empty unless the planner timed some steps. */
  readonly measured: Costs;
}

/**
 * The costs for planning, for an epoch of `samples` samples, of every estimated block. A block that the source does not know gets its
 * estimate, scaled by the ratio of known to estimated costs of the other blocks (separately for prefix and own cost). If the source knows
 * no block, the estimates are used as they are.
 */
export function combineCosts(
  source: Plan['costSource'],
  sources: CostSources,
  samples: number,
): { readonly unit: Plan['costUnit']; readonly costs: Costs } {
  const { estimated } = sources;
  const known = { Estimated: new Map<string, BlockCost>(), Recorded: sources.recorded, Measured: sources.measured }[
    source
  ];
  const pairs = [...estimated].flatMap(([name, estimate]) => {
    const cost = known.get(name);
    return cost === undefined ? [] : [{ cost, estimate }];
  });
  const epoch = ({ prefix, own }: BlockCost): BlockCost => ({ prefix: samples * prefix, own: samples * own });
  if (pairs.length === 0) {
    return { unit: 'MAC', costs: new Map([...estimated].map(([name, cost]) => [name, epoch(cost)])) };
  }
  const scale = (part: keyof BlockCost): number => {
    const counted = pairs.reduce((sum, { estimate }) => sum + estimate[part], 0);
    return counted > 0 ? pairs.reduce((sum, { cost }) => sum + cost[part], 0) / counted : 0;
  };
  const [prefix, own] = [scale('prefix'), scale('own')];
  const fill = (estimate: BlockCost): BlockCost => ({ prefix: prefix * estimate.prefix, own: own * estimate.own });
  return {
    unit: 'Second',
    costs: new Map([...estimated].map(([name, estimate]) => [name, epoch(known.get(name) ?? fill(estimate))])),
  };
}
