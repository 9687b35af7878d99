import type { LayerInfo } from '@distillation/api/plan';

interface LayerBase {
  readonly name: string;
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: 'same' | 'valid';
  readonly dilation: readonly [number, number];
  readonly inChannels: number;
  readonly outChannels: number;
  readonly bias: boolean;
  readonly normalize: boolean;
  /** Activation after this layer; the last layer uses `BlockStructure.activation` instead. */
  readonly activation: 'relu' | 'linear';
}

/** One depthwise-separable convolution: depthwise, pointwise (+ bias), optional batch normalisation, activation. */
export interface SeparableLayer extends LayerBase {
  readonly kind: 'Separable';
}

/** One convolution: kernel (+ bias), optional batch normalisation, activation. */
interface ConvolutionLayer extends LayerBase {
  readonly kind: 'Convolution';
}

/** One dense layer: a matrix (+ bias), activation. Kernel and strides are 1: positions, if there are any, do not meet. */
interface DenseLayer extends LayerBase {
  readonly kind: 'Dense';
}

export type BlockLayer = SeparableLayer | ConvolutionLayer | DenseLayer;

/** Name of the batch normalisation after a layer; in Keras it is a layer of its own. */
export const normalizationName = ({ name }: BlockLayer): string => `${name}_bn`;

/** A replacement block as data: everything needed to count, run, train and export it. */
export interface BlockStructure {
  readonly layers: readonly BlockLayer[];
  /**
   * Where the skip connection starts: -1 is the block's input, 0 the first layer's output; absent, there is none. It is added to
   * the last layer's output before the final activation, as in a residual block.
   */
  readonly skipFrom?: -1 | 0;
  /** Final activation: that of the replaced layer. */
  readonly activation: string;
}

/** Builds one of the architectures for a layer. */
export type BuildBlock = (layer: LayerInfo, options: LayerOptions) => BlockStructure;

export interface LayerOptions {
  readonly bias: boolean;
  readonly normalize: boolean;
  /** Share of the channels that a low-rank block keeps on both sides, in (0, 1). */
  readonly ratio: number;
  /** The number of channels that it keeps is a multiple of this. */
  readonly rankMultiple: number;
}
