import { BATCH_NORM_EPSILON } from './forward.ts';
import { type BlockLayer, type BlockStructure, normalizationName } from './structure.ts';

/** A node of a block's graph in Keras terms; `@input` names the block's input. */
interface BlockNode {
  readonly name: string;
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly string[];
}

/** A block as standard Keras layers, to replace a layer of the teacher. */
export interface BlockGraph {
  readonly nodes: readonly BlockNode[];
  /** Name of the node whose output replaces that of the layer. */
  readonly output: string;
}

const CLASS_NAMES = { Separable: 'SeparableConv2D', Convolution: 'Conv2D', Dense: 'Dense' } as const;

function configOf(layer: BlockLayer): BlockNode['config'] {
  const common = { use_bias: layer.bias, activation: 'linear' };
  if (layer.kind === 'Dense') return { units: layer.outChannels, ...common };
  return {
    filters: layer.outChannels,
    kernel_size: [...layer.kernel],
    strides: [...layer.strides],
    padding: layer.padding,
    dilation_rate: [...layer.dilation],
    ...(layer.kind === 'Separable' && { depth_multiplier: 1 }),
    ...common,
    data_format: 'channels_last',
  };
}

/**
 * The block as SeparableConv2D, Conv2D or Dense, BatchNormalization, Activation and Add layers, which any TensorFlow.js or Keras loads. The weights
 * are named after these nodes from the start: `sep1/depthwise_kernel` is the weight `depthwise_kernel` of the node `sep1`.
 */
export function exportBlock(structure: BlockStructure): BlockGraph {
  const nodes: BlockNode[] = [];
  const push = (name: string, className: string, node: Omit<BlockNode, 'name' | 'className'>): string => {
    nodes.push({ name, className, ...node });
    return name;
  };
  let current = '@input';
  let skip = structure.skipFrom === -1 ? current : undefined;
  structure.layers.forEach((layer, i) => {
    current = push(layer.name, CLASS_NAMES[layer.kind], { inputs: [current], config: configOf(layer) });
    if (layer.normalize) {
      current = push(normalizationName(layer), 'BatchNormalization', {
        inputs: [current],
        config: { axis: 3, momentum: 0.99, epsilon: BATCH_NORM_EPSILON, center: true, scale: true },
      });
    }
    if (layer.activation === 'relu') {
      current = push(`${layer.name}_relu`, 'Activation', { inputs: [current], config: { activation: 'relu' } });
    }
    if (structure.skipFrom === i) skip = current;
  });
  if (skip !== undefined) current = push('add', 'Add', { inputs: [current, skip], config: {} });
  if (structure.activation !== 'linear') {
    current = push('activation', 'Activation', { inputs: [current], config: { activation: structure.activation } });
  }
  return { nodes, output: current };
}
