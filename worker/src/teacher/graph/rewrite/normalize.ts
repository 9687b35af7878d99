import { applications, type Graph, type GraphLayer, type GraphNode } from '../graph.ts';

/** Batch normalisation put into a network for the time of its training, between a convolution and its activation. */

export const EPSILON = 1e-3;
/** Of the moving averages: those of the last dozens of steps, in which the learning rate is low. */
const MOMENTUM = 0.9;

const CONVOLUTIONS = new Set(['Conv2D', 'SeparableConv2D']);
const ACTIVATIONS = new Set(['Activation', 'ReLU', 'LeakyReLU', 'ELU', 'PReLU']);

/** A name that no layer of the graph has. */
function free(graph: Graph, name: string): string {
  return graph.layers.has(name) ? free(graph, `${name}_`) : name;
}

/** Name of the normalisation that follows a layer of the graph. */
export const normalizationOf = (graph: Graph, layer: string): string => free(graph, `${layer}_normalized`);
const activationOf = (graph: Graph, layer: string): string => free(graph, `${layer}_activated`);

const own = ({ config }: GraphLayer): string => {
  const { activation } = config;
  return typeof activation === 'string' ? activation : 'linear';
};

/**
 * Convolutions of the graph that a normalisation can follow: applied once, with a bias that takes its shift when it is folded, and with an
 * activation behind them, their own or a layer. What has a normalisation behind it already is none of them.
 */
export function normalizable(graph: Graph): string[] {
  const uses = applications(graph);
  const followers = (id: string): GraphNode[] => graph.nodes.filter(({ inputs }) => inputs.includes(id));
  return [...graph.layers.values()]
    .filter((layer) => {
      const [node, ...others] = uses.get(layer.name) ?? [];
      if (node === undefined || others.length > 0) return false;
      if (!CONVOLUTIONS.has(layer.className) || layer.config['use_bias'] === false) return false;
      if (layer.config['data_format'] === 'channels_first') return false;
      if (own(layer) !== 'linear') return true;
      const [next, ...more] = followers(node.id);
      const kind = next && graph.layers.get(next.layer)?.className;
      return node.id !== graph.output && more.length === 0 && kind !== undefined && ACTIVATIONS.has(kind);
    })
    .map(({ name }) => name);
}

/** The graph with a batch normalisation behind each of these layers, in place of their biases and before their activations. Pure. */
export function normalizedGraph(graph: Graph, names: readonly string[]): Graph {
  const layers = new Map(graph.layers);
  const nodes: GraphNode[] = [];
  const renamed = new Map<string, string>();
  const current = (id: string): string => renamed.get(id) ?? id;
  const chosen = new Set(names);
  const add = (name: string, className: string, config: GraphLayer['config']): void => {
    layers.set(name, { name, className, config, path: [name], store: [] });
  };
  for (const node of graph.nodes) {
    nodes.push({ ...node, inputs: node.inputs.map(current) });
    const layer = graph.layers.get(node.layer);
    if (layer === undefined || !chosen.has(layer.name)) continue;
    layers.set(layer.name, { ...layer, config: { ...layer.config, use_bias: false, activation: 'linear' } });
    const normalization = normalizationOf(graph, layer.name);
    add(normalization, 'BatchNormalization', {
      axis: 3,
      momentum: MOMENTUM,
      epsilon: EPSILON,
      center: true,
      scale: true,
    });
    nodes.push({ id: normalization, layer: normalization, inputs: [node.id] });
    let last = normalization;
    if (own(layer) !== 'linear') {
      last = activationOf(graph, layer.name);
      add(last, 'Activation', { activation: own(layer) });
      nodes.push({ id: last, layer: last, inputs: [normalization] });
    }
    renamed.set(node.id, last);
  }
  return { ...graph, layers, nodes, output: current(graph.output) };
}
