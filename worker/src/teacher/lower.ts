import type { Graph, GraphLayer, GraphNode } from './graph.ts';
import { isArray, numbersOf } from './json.ts';
import { unsupported } from './layers.ts';
import type { WeightArray, Weights } from './weights.ts';

/**
 * Rewrites what TensorFlow.js has no layer for into layers it has, with the same output:
 * a grouped Conv2D becomes a dense one with zeros between the groups, Normalization and a per-channel Rescaling a 1x1
 * depthwise convolution, global pooling with `keepdims` a pooling and a Reshape.
 */
export interface Lowered {
  readonly graph: Graph;
  readonly weights: Weights;
}

/** @throws DISTILL_E_TEACHER_LAYER for a Normalization that is not one value a channel. */
export function lower(graph: Graph, weights: Weights): Lowered {
  const layers = new Map(graph.layers);
  const changed: Weights = new Map(weights);
  for (const layer of graph.layers.values()) {
    const own = weights.get(layer.name) ?? new Map<string, WeightArray>();
    const affine = affineOf(layer, own);
    if (affine !== undefined) {
      layers.set(layer.name, depthwise(layer));
      changed.set(layer.name, affine);
    } else if (layer.className === 'Conv2D' && typeof layer.config['groups'] === 'number') {
      const groups = layer.config['groups'];
      layers.set(layer.name, withoutKey(layer, 'groups', `Conv2D with ${groups} groups`));
      const kernel = own.get('kernel');
      if (kernel !== undefined) changed.set(layer.name, new Map(own).set('kernel', ungroup(kernel, groups)));
    }
  }
  return { graph: keepDimensions({ ...graph, layers }), weights: changed };
}

function withoutKey(layer: GraphLayer, key: string, origin?: string): GraphLayer {
  const config = Object.fromEntries(Object.entries(layer.config).filter(([name]) => name !== key));
  return origin === undefined ? { ...layer, config } : { ...layer, config, origin };
}

/** A grouped kernel [h, w, in/groups, out] as a dense one [h, w, in, out]: zero where input and output are of two groups. */
function ungroup(kernel: WeightArray, groups: number): WeightArray {
  const [height = 0, width = 0, depth = 0, out = 0] = kernel.shape;
  const outPerGroup = out / groups;
  const channels = depth * groups;
  const data = new Float32Array(height * width * channels * out);
  for (let position = 0; position < height * width; position++) {
    for (let c = 0; c < depth; c++) {
      for (let o = 0; o < out; o++) {
        const channel = Math.floor(o / outPerGroup) * depth + c;
        data[(position * channels + channel) * out + o] = kernel.data[(position * depth + c) * out + o] ?? 0;
      }
    }
  }
  return { shape: [height, width, channels, out], data };
}

/** Kernel and bias of the 1x1 depthwise convolution that a Normalization or per-channel Rescaling is; undefined for others. */
function affineOf(layer: GraphLayer, own: ReadonlyMap<string, WeightArray>): Map<string, WeightArray> | undefined {
  const { config, className } = layer;
  if (className === 'Rescaling' && isArray(config['scale'])) {
    const scale = numbersOf(config['scale']) ?? [];
    const offset = numbersOf(config['offset']) ?? [0];
    return affine(
      scale,
      scale.map((_, c) => offset[c % offset.length] ?? 0),
    );
  }
  if (className !== 'Normalization') return undefined;
  const axis = config['axis'];
  const mean = numbersOf(config['mean']) ?? [...(own.get('mean')?.data ?? [])];
  const variance = numbersOf(config['variance']) ?? [...(own.get('variance')?.data ?? [])];
  const lastAxis = numbersOf(axis)?.every((value) => value === -1 || value === 3) === true;
  if (!lastAxis || mean.length < 1 || mean.length !== variance.length || config['invert'] === true) {
    throw unsupported(layer.name, 'Normalization other than of one mean and variance a channel');
  }
  // Keras divides by max(sqrt(variance), epsilon).
  const scale = variance.map((value) => 1 / Math.max(Math.sqrt(value), 1e-7));
  return affine(
    scale,
    mean.map((value, c) => -value * (scale[c] ?? 1)),
  );
}

function affine(scale: readonly number[], offset: readonly number[]): Map<string, WeightArray> {
  const channels = scale.length;
  return new Map([
    ['depthwise_kernel', { shape: [1, 1, channels, 1], data: Float32Array.from(scale) }],
    ['bias', { shape: [channels], data: Float32Array.from(offset) }],
  ]);
}

function depthwise(layer: GraphLayer): GraphLayer {
  const zeros = { class_name: 'Zeros', config: {} };
  const config = {
    name: layer.name,
    kernel_size: [1, 1],
    strides: [1, 1],
    padding: 'valid',
    use_bias: true,
    activation: 'linear',
    depthwise_initializer: zeros,
    bias_initializer: zeros,
    // Part of how images are prepared: no fine-tuning should move it.
    trainable: false,
  };
  return { ...layer, className: 'DepthwiseConv2D', config, origin: layer.className };
}

/** Gives each global pooling with `keepdims` a Reshape to [1, 1, channels] behind it. */
function keepDimensions(graph: Graph): Graph {
  const layers = new Map(graph.layers);
  const renamed = new Map<string, string>();
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes) {
    nodes.push({ ...node, inputs: node.inputs.map((input) => renamed.get(input) ?? input) });
    const layer = graph.layers.get(node.layer);
    if (layer === undefined || !('keepdims' in layer.config)) continue;
    layers.set(layer.name, withoutKey(layer, 'keepdims'));
    if (layer.config['keepdims'] !== true) continue;
    const name = unusedName(layers, `${layer.name}_keepdims`);
    // TensorFlow.js cannot tell the channels of a Reshape to [1, 1, -1].
    const channels = channelsAt(graph, node);
    if (channels === undefined) throw unsupported(layer.name, `${layer.className} with keepdims on unknown channels`);
    const target = { name, target_shape: [1, 1, channels] };
    layers.set(name, { name, className: 'Reshape', config: target, path: [name], store: [], origin: layer.className });
    nodes.push({ id: name, layer: name, inputs: [node.id] });
    renamed.set(node.id, name);
  }
  return { ...graph, layers, nodes, output: renamed.get(graph.output) ?? graph.output };
}

/** Number of channels (last dimension) that a node puts out; undefined behind a layer that rearranges dimensions. */
function channelsAt(graph: Graph, node: GraphNode): number | undefined {
  const layer = graph.layers.get(node.layer);
  if (layer === undefined) return undefined;
  const { className, config } = layer;
  const inputs = node.inputs.flatMap((input) => graph.nodes.filter(({ id }) => id === input));
  const [first] = inputs;
  if (typeof config['filters'] === 'number') return config['filters'];
  if (typeof config['units'] === 'number') return config['units'];
  if (first === undefined)
    return numbersOf(isArray(config['batch_input_shape']) ? config['batch_input_shape'].at(-1) : undefined)?.[0];
  if (['Flatten', 'Reshape', 'Permute'].includes(className)) return undefined;
  const channels = channelsAt(graph, first);
  if (className === 'DepthwiseConv2D') return (channels ?? NaN) * (numbersOf(config['depth_multiplier'])?.[0] ?? 1);
  if (className !== 'Concatenate') return channels;
  return inputs.reduce((total, input) => total + (channelsAt(graph, input) ?? NaN), 0);
}

function unusedName(layers: ReadonlyMap<string, GraphLayer>, name: string): string {
  return layers.has(name) ? unusedName(layers, `${name}_`) : name;
}
