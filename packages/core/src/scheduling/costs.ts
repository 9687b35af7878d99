import type { BlockCost, LayerInfo, Plan } from '@distillation/api/plan';

/**
 * Costs of blocks, from one of three sources: estimated from arithmetic and memory traffic, recorded by earlier jobs, or measured by timing a few
 * steps during planning. Schedulers use only their ratios; costs in seconds also give the user a time.
 */

/** Cost of a training step relative to a forward pass: forward, input gradient and weight gradient each take about the same arithmetic. */
export const TRAINING = 3;

/**
 * How many multiply-accumulates of a convolution take as long as reading or writing one number of a feature map in memory. It decides what
 * layers of few channels cost, and the depthwise ones: they move much and compute little.
 *
 * Fitted to quarter-width VGG16 on one core with AVX-512 (steps as graphs, two bins each, 45,000 images): of the paper's blocks 55.2 s beside 46.7 s
 * in the two bins and 88 s in one, of low-rank ones 32.5 s beside 49.2 s. 20 predicts the ratios 1.18, 1.59 and 0.66 as 1.21, 1.62 and 0.67;
 * multiply-accumulates alone 2.2, 1.2 and 1.1. Of an H100 the data sheet says 40, of a V100 31: there what moves weighs more still.
 */
const MACS_PER_ELEMENT = 20;

/** What a forward pass of one sample takes. */
export interface Effort {
  readonly macs: number;
  /** Numbers of feature maps that its operations read and write. */
  readonly elements: number;
}

/** In multiply-accumulates of a convolution whose numbers are at hand. */
const workOf = ({ macs, elements }: Effort): number => macs + MACS_PER_ELEMENT * elements;

type PrefixOf = Pick<LayerInfo, 'prefixMacs' | 'prefixElements'>;

/** Of the teacher's forward pass up to a layer, for one sample. */
export const prefixWork = ({ prefixMacs, prefixElements = 0 }: PrefixOf): number =>
  workOf({ macs: prefixMacs, elements: prefixElements });

/**
 * Estimated cost of a block for one sample, in multiply-accumulates: `prefix` is the teacher's forward pass up to the layer, `own` comes of the forward pass of the
 * block and its loss. Loading and augmentation run on other threads and are not counted.
 */
export const estimateCost = (layer: PrefixOf, block: Effort): BlockCost => ({
  prefix: prefixWork(layer),
  own: TRAINING * workOf(block),
});

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
