import { type Candidate, layerKind } from '@distillation/api/candidates';
import { readDecimal } from '@distillation/api/decimal';
import type { Architecture, BlocksSpec } from '@distillation/api/job';
import type { LayerInfo } from '@distillation/api/plan';
import { DEPENDENT_DEFAULTS } from '@distillation/api/dependent-defaults';
import type { BlockLayer, BlockStructure, BuildBlock, LayerOptions, SeparableLayer } from './structure.ts';

/**
 * A chain of depthwise-separable layers in place of a convolution. The first has the convolution's kernel size, stride, padding and
 * dilation, so that the output has the same shape; the others are 3x3 with stride 1 and `same` padding. Only inner layers end in
 * ReLU; the last is linear, and is followed by the activation of the replaced layer.
 */
function separableChain(layer: LayerInfo, count: number, options: LayerOptions): BlockStructure {
  const inChannels = layer.inputShape[2];
  const outChannels = layer.outputShape[2];
  const layers = Array.from({ length: count }, (_, i): SeparableLayer => {
    const first = i === 0;
    const last = i === count - 1;
    return {
      kind: 'Separable',
      name: `sep${i + 1}`,
      kernel: first ? layer.kernel : [3, 3],
      strides: first ? layer.strides : [1, 1],
      padding: first ? layer.padding : 'same',
      dilation: first ? layer.dilation : [1, 1],
      inChannels: first ? inChannels : outChannels,
      outChannels,
      bias: options.bias,
      normalize: options.normalize && !last,
      activation: last ? 'linear' : 'relu',
    };
  });
  return { layers, activation: layer.activation };
}

/**
 * Adds a skip connection: from the block's input if its shape is that of the output, otherwise from the output of the
 * first layer.
 */
function withSkip(layer: LayerInfo, structure: BlockStructure): BlockStructure {
  const sameShape = layer.inputShape.every((size, i) => size === layer.outputShape[i]);
  return { ...structure, skipFrom: sameShape ? -1 : 0 };
}

const chain =
  (count: number): BuildBlock =>
  (layer, options) =>
    separableChain(layer, count, options);
const chainWithSkip =
  (count: number): BuildBlock =>
  (layer, options) =>
    withSkip(layer, separableChain(layer, count, options));

/**
 * Number of channels that a low-rank block keeps of so many: the nearest multiple of `rankMultiple`, which is the least. All of them, without a
 * projection, where that saves none.
 */
const rankOf = (channels: number, { ratio, rankMultiple }: Pick<LayerOptions, 'ratio' | 'rankMultiple'>): number =>
  Math.min(channels, Math.max(1, Math.round((channels * ratio) / rankMultiple)) * rankMultiple);

/**
 * A low-rank block: a 1x1 convolution onto fewer channels, a convolution like the replaced one between them, a 1x1 convolution to
 * the output channels, with nothing between: a Tucker-2 decomposition of the replaced kernel (Kim et al. 2016, arXiv:1511.06530).
 * A projection that keeps all channels is left out. One bias, at the end. A 1x1 convolution and a dense layer become two of their
 * kind: `lowRankProduct`.
 */
function lowRank(layer: LayerInfo, options: LayerOptions): BlockStructure {
  const kind = layerKind(layer);
  if (kind !== 'Convolution') return lowRankProduct(layer, kind, options);
  const { bias } = options;
  const [inChannels, outChannels] = [layer.inputShape[2], layer.outputShape[2]];
  const [inRank, outRank] = [rankOf(inChannels, options), rankOf(outChannels, options)];
  const common = { kind: 'Convolution', bias: false, normalize: false, activation: 'linear' } as const;
  const pointwise = { ...common, kernel: [1, 1], strides: [1, 1], padding: 'same', dilation: [1, 1] } as const;
  const { kernel, strides, padding, dilation } = layer;
  const chain: BlockLayer[] = [
    { ...pointwise, name: 'reduce', inChannels, outChannels: inRank },
    { ...common, name: 'core', kernel, strides, padding, dilation, inChannels: inRank, outChannels: outRank },
    { ...pointwise, name: 'expand', inChannels: outRank, outChannels },
  ];
  const needed = chain.filter(({ name }) =>
    name === 'reduce' ? inRank < inChannels : name === 'expand' ? outRank < outChannels : true,
  );
  const layers = needed.map((each, i) => (i === needed.length - 1 ? { ...each, bias } : each));
  return { layers, activation: layer.activation };
}

/**
 * A product of two matrices in place of that of a 1x1 convolution or a dense layer: onto the share of the smaller side that is kept, and to the
 * output, with nothing between. The first takes the stride.
 */
function lowRankProduct(layer: LayerInfo, of: 'Pointwise' | 'Dense', options: LayerOptions): BlockStructure {
  const [inChannels, outChannels] = [layer.inputShape[2], layer.outputShape[2]];
  const rank = rankOf(Math.min(inChannels, outChannels), options);
  const common = {
    kind: of === 'Dense' ? 'Dense' : 'Convolution',
    kernel: [1, 1],
    dilation: [1, 1],
    padding: 'same',
    normalize: false,
    activation: 'linear',
  } as const;
  const layers: BlockLayer[] = [
    { ...common, name: 'reduce', strides: layer.strides, inChannels, outChannels: rank, bias: false },
    { ...common, name: 'expand', strides: [1, 1], inChannels: rank, outChannels, bias: options.bias },
  ];
  return { layers, activation: layer.activation };
}

/** The architectures of Figure 2 of the paper (Blakeney et al. 2020, arXiv:2012.03096), which chose (a), and the low-rank one. */
const ARCHITECTURES: Readonly<Record<Architecture, BuildBlock>> = {
  /** (a) */
  TwoLayer: chain(2),
  /** (b) */
  ThreeLayer: chain(3),
  /** (c) */
  TwoLayerSkip: chainWithSkip(2),
  /** (d) */
  ThreeLayerSkip: chainWithSkip(3),
  LowRank: lowRank,
};

/** What decides the structure of a block, beside its layer. */
type BlockOptions = Pick<BlocksSpec, 'bias' | 'batchNormalization' | 'rankMultiple'>;

/** The replacement for a layer (section 3.2, Figure 2). Its output has the shape of the layer's for every stride, padding and dilation. */
export function buildBlock(
  { layer, architecture, ratio }: Candidate & { readonly layer: LayerInfo },
  options: BlockOptions,
): BlockStructure {
  return ARCHITECTURES[architecture](layer, {
    bias: options.bias === 'Enabled',
    normalize: options.batchNormalization === 'Enabled',
    ratio: readDecimal(ratio ?? DEPENDENT_DEFAULTS.ratio),
    rankMultiple: options.rankMultiple ?? DEPENDENT_DEFAULTS.rankMultiple,
  });
}
