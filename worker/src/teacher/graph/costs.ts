import { internalError } from '@distillation/api/errors';
import type { Effort } from '@distillation/core/costs';
import { applications, type Graph, type GraphNode, type Network } from './graph.ts';
import { numbersOf } from '../files/json.ts';
import { builtLayer } from './names.ts';

/** Shape of one sample at a node's output, without the batch dimension. */
export type SampleShape = readonly number[];

/** The output shape of every node, as the built model has it. */
export function nodeShapes(network: Network): Map<string, SampleShape> {
  const { graph } = network;
  const shapes = new Map<string, SampleShape>();
  for (const [name, nodes] of applications(graph)) {
    const layer = builtLayer(network, name);
    nodes.forEach((node, application) => {
      const output = layer.getOutputAt(application);
      const [tensor] = Array.isArray(output) ? output : [output];
      shapes.set(
        node.id,
        (tensor?.shape ?? []).slice(1).map((size) => size ?? 0),
      );
    });
  }
  return shapes;
}

/** The cost of a layer: weights (trainable or not), and multiply-accumulates for one sample over all its applications. */
interface LayerCost {
  readonly name: string;
  readonly className: string;
  readonly params: number;
  readonly macs: number;
}

interface ModelCosts {
  readonly params: number;
  readonly macs: number;
  /** In the order of the network. */
  readonly layers: readonly LayerCost[];
  /** By node (one application of a layer), for one sample. */
  readonly nodes: ReadonlyMap<string, Effort>;
}

/**
 * Weights and multiply-accumulates of a network. Convolutions (also depthwise, separable, transposed), dense layers and batch
 * normalisations (one per value) are counted; biases, activations, pooling and additions are not.
 */
export function modelCosts(network: Network): ModelCosts {
  const { graph } = network;
  const shapes = nodeShapes(network);
  const nodes = new Map(
    graph.nodes.map((node): [string, Effort] => {
      const macs = macsOf(graph, node, shapes);
      const className = graph.layers.get(node.layer)?.className ?? '';
      return [node.id, { macs, elements: elementsOf({ macs, className, node }, shapes) }];
    }),
  );
  const layers = [...applications(graph)].map(([name, applied]) => ({
    name,
    className: graph.layers.get(name)?.className ?? '',
    params: builtLayer(network, name).countParams(),
    macs: sum(applied.map((node) => nodes.get(node.id)?.macs ?? 0)),
  }));
  return {
    params: sum(layers.map((layer) => layer.params)),
    macs: sum(layers.map((layer) => layer.macs)),
    layers,
    nodes,
  };
}

function macsOf(graph: Graph, node: GraphNode, shapes: ReadonlyMap<string, SampleShape>): number {
  const layer = graph.layers.get(node.layer);
  const output = shapes.get(node.id) ?? [];
  const input = shapes.get(node.inputs[0] ?? '') ?? [];
  if (layer === undefined) throw internalError(`No layer ${node.layer} in the graph.`);
  const { className, config } = layer;
  const channelsFirst = config['data_format'] === 'channels_first';
  const channels = (shape: SampleShape): number => (channelsFirst ? shape[0] : shape.at(-1)) ?? 0;
  const positions = (shape: SampleShape): number => product(shape) / channels(shape);
  const kernel = product(kernelSize(config['kernel_size'], input.length - 1));
  switch (className) {
    case 'Conv1D':
    case 'Conv2D':
    case 'Conv3D':
      return positions(output) * kernel * channels(input) * channels(output);
    case 'Conv2DTranspose':
      return positions(input) * kernel * channels(input) * channels(output);
    case 'DepthwiseConv2D':
      return positions(output) * kernel * channels(output);
    case 'SeparableConv2D': {
      const middle = channels(input) * (numbersOf(config['depth_multiplier'])?.[0] ?? 1);
      return positions(output) * middle * (kernel + channels(output));
    }
    case 'Dense':
      return product(output) * (input.at(-1) ?? 0);
    case 'BatchNormalization':
      return product(output);
    default:
      return 0;
  }
}

/** Layers without multiply-accumulates that still cost a pass over memory. The others name the same numbers again, or go with the layer before them. */
const PASSES = /Pooling|^(Add|Subtract|Multiply|Average|Maximum|Minimum|Concatenate)/;

/** Numbers of feature maps that a node with so many multiply-accumulates reads and writes. */
function elementsOf({ macs, className, node }: Read, shapes: ReadonlyMap<string, SampleShape>): number {
  if (macs === 0 && !PASSES.test(className)) return 0;
  return sum([...node.inputs, node.id].map((id) => product(shapes.get(id) ?? [])));
}

interface Read {
  readonly macs: number;
  readonly className: string;
  readonly node: GraphNode;
}

/** A layer's kernel size; in Keras one number may stand for all dimensions. */
export function kernelSize(value: Parameters<typeof numbersOf>[0], rank: number): readonly number[] {
  const sizes = numbersOf(value) ?? [1];
  return sizes.length === rank ? sizes : Array.from({ length: rank }, () => sizes[0] ?? 1);
}

function product(values: readonly number[]): number {
  return values.reduce((total, value) => total * value, 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
