import type { Architecture, BlocksSpec } from '@distillation/api/job';
import type { LayerInfo } from '@distillation/api/plan';
import type { BlockStructure, BuildBlock, LayerOptions, SeparableLayer } from './structure.ts';

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

/** The architectures of Figure 2 of the paper (Blakeney et al. 2020, arXiv:2012.03096), which chose (a). */
const ARCHITECTURES: Readonly<Record<Architecture, BuildBlock>> = {
  /** (a) */
  TwoLayer: chain(2),
  /** (b) */
  ThreeLayer: chain(3),
  /** (c) */
  TwoLayerSkip: chainWithSkip(2),
  /** (d) */
  ThreeLayerSkip: chainWithSkip(3),
};

/** The replacement for a layer (section 3.2, Figure 2). Its output has the shape of the layer's for every stride, padding and dilation. */
export function buildBlock(
  layer: LayerInfo,
  spec: Pick<BlocksSpec, 'architecture' | 'bias' | 'batchNormalization'>,
): BlockStructure {
  return ARCHITECTURES[spec.architecture](layer, {
    bias: spec.bias === 'Enabled',
    normalize: spec.batchNormalization === 'Enabled',
  });
}
