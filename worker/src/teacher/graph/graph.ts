import type { LayersModel } from '@tensorflow/tfjs';
import type { JsonObject } from '../files/json.ts';

/**
 * The network as plain data: layers (which have weights) and nodes (applications of a layer), flat, in topological order. Nested
 * models and Sequential chains have been inlined and identities removed (topology.ts), so that every consumer of the graph sees one
 * simple form. Shapes come from the built model.
 */

export interface GraphLayer {
  /** Unique in the graph; a layer of a nested model is called `<model>_<layer>` only if its own name is taken. */
  readonly name: string;
  readonly className: string;
  /** Config with Keras' keys, only those that TensorFlow.js needs to compute the same output. */
  readonly config: JsonObject;
  /** Names from the outermost model inwards, as in the file. */
  readonly path: readonly string[];
  /** Where a `.keras` archive keeps the weights: class-based names from the outermost model inwards. */
  readonly store: readonly string[];
  /** What the layer was before it was rewritten for TensorFlow.js, such as `Conv2D with 4 groups`. */
  readonly origin?: string;
}

export interface GraphNode {
  /** The layer's name; for the second and later applications of a shared layer `<layer>@1`, `<layer>@2`, ... */
  readonly id: string;
  readonly layer: string;
  /** Ids of the nodes whose outputs it takes, in order. */
  readonly inputs: readonly string[];
}

export interface Graph {
  readonly name: string;
  readonly layers: ReadonlyMap<string, GraphLayer>;
  /** In topological order; only the nodes that the output depends on. */
  readonly nodes: readonly GraphNode[];
  /** Id of the one input node. */
  readonly input: string;
  /** Id of the one output node. */
  readonly output: string;
}

/** A graph and the model built from it (build.ts): layers have the same names in both. */
export interface Network {
  readonly graph: Graph;
  readonly model: LayersModel;
}

/** Nodes by id. */
export function nodesById(graph: Graph): Map<string, GraphNode> {
  return new Map(graph.nodes.map((node) => [node.id, node]));
}

/** Nodes by layer: each application of each layer. */
export function applications(graph: Graph): Map<string, GraphNode[]> {
  const result = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) result.set(node.layer, [...(result.get(node.layer) ?? []), node]);
  return result;
}

/** All nodes that must run to compute the outputs of `ids`, including these; stops at nodes in `known`. */
export function ancestors(graph: Graph, ids: Iterable<string>, known: ReadonlySet<string> = new Set()): Set<string> {
  const byId = nodesById(graph);
  const seen = new Set<string>();
  const open = [...ids];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id) || known.has(id)) continue;
    seen.add(id);
    open.push(...(byId.get(id)?.inputs ?? []));
  }
  return seen;
}

/** Everything whose value depends on node `id`, itself included. */
export function descendants(graph: Graph, id: string): Set<string> {
  const seen = new Set([id]);
  for (const node of graph.nodes) if (node.inputs.some((input) => seen.has(input))) seen.add(node.id);
  return seen;
}

/** Layers without learnt weights that were rewritten as layers with weights, and that fine-tuning must not change. */
export function preparationLayers(graph: Graph): string[] {
  return [...graph.layers.values()].filter(isPreparation).map((layer) => layer.name);
}

/** The origin of the layer that makes two scores from one (two-classes.ts). */
export const TWO_CLASSES = 'TwoClasses';

const PREPARATIONS = new Set(['Normalization', 'Rescaling', 'Channels', TWO_CLASSES]);

export function isPreparation({ origin }: GraphLayer): boolean {
  return origin !== undefined && PREPARATIONS.has(origin);
}
