import type { Graph, GraphLayer, GraphNode } from './graph/graph.ts';
import { INPUT, type Part, without, type Placed } from './layers/parts.ts';
import { rewrite } from './layers/rewrites.ts';
import { outputShape, type Shape } from './layers/shapes.ts';
import type { LayerWeights } from './weights.ts';
import type { WeightArray } from './layers/weight-array.ts';

/**
 * Rewrites layers that TensorFlow.js lacks, or computes differently from Keras, into layers that it has, with the same output
 * (layers/rewrites.ts).
 */
export interface Lowered {
  readonly graph: Graph;
  readonly weights: LayerWeights;
}

/**
 * The graph in layers of TensorFlow.js. Its input has one fixed size.
 * @throws DISTILL_E_TEACHER_LAYER for a layer that cannot be expressed, such as a Normalization that does not have one value per
 * channel.
 */
export function lower(graph: Graph, weights: LayerWeights): Lowered {
  return new Lowering(graph, weights).run();
}

/** A layer that needs no further rewriting; its inputs are `INPUT` and layers of the same list. */
interface Final {
  readonly layer: GraphLayer;
  readonly inputs: readonly string[];
  readonly weights: ReadonlyMap<string, WeightArray>;
}

class Lowering {
  readonly #graph: Graph;
  readonly #weights: LayerWeights;
  readonly #names: Set<string>;
  /** What each layer has been rewritten to, shared by all applications of a layer. */
  readonly #finals = new Map<string, readonly Final[]>();
  readonly #shapes = new Map<string, Shape>();
  readonly #outputs = new Map<string, string>();

  constructor(graph: Graph, weights: LayerWeights) {
    this.#graph = graph;
    this.#weights = weights;
    this.#names = new Set(graph.layers.keys());
  }

  run(): Lowered {
    const nodes: GraphNode[] = [];
    for (const node of this.#graph.nodes) nodes.push(...this.#nodesOf(node));
    const finals = [...this.#finals.values()].flat();
    const layers = new Map(finals.map(({ layer }) => [layer.name, layer]));
    const weights: LayerWeights = new Map(finals.map(({ layer, weights: own }) => [layer.name, new Map(own)]));
    return { graph: { ...this.#graph, layers, nodes, output: this.#outputOf(this.#graph.output) }, weights };
  }

  #outputOf(id: string): string {
    return this.#outputs.get(id) ?? id;
  }

  /** The nodes for one application of a layer. */
  #nodesOf(node: GraphNode): GraphNode[] {
    const layer = this.#graph.layers.get(node.layer);
    if (layer === undefined) return [node];
    const shapes = node.inputs.map((input) => this.#shapes.get(input) ?? []);
    const finals = this.#finals.get(layer.name) ?? this.#finish(layer, shapes);
    this.#finals.set(layer.name, finals);
    this.#shapes.set(node.id, outputShape(layer.className, layer.config, shapes) ?? []);
    // The id of a second application ends in `@1`, and so does that of each of its parts.
    const application = node.id.slice(node.layer.length);
    const inputs = node.inputs.map((input) => this.#outputOf(input));
    const result = finals.map((final) => ({
      id: `${final.layer.name}${application}`,
      layer: final.layer.name,
      inputs: final.inputs.flatMap((name) => (name === INPUT ? inputs : [`${name}${application}`])),
    }));
    this.#outputs.set(node.id, result.at(-1)?.id ?? node.id);
    return result;
  }

  #finish(layer: GraphLayer, shapes: readonly Shape[]): readonly Final[] {
    const { name, className, config, origin } = layer;
    const weights = this.#weights.get(name) ?? new Map<string, WeightArray>();
    const own = { name: '', className, config, inputs: [INPUT], weights, ...(origin === undefined ? {} : { origin }) };
    return this.#resolve(layer, own, shapes).map((final) =>
      final.layer.name === name
        ? { ...final, layer: { ...layer, ...final.layer, path: layer.path, store: layer.store } }
        : final,
    );
  }

  /** Rewrites a part, and the parts that it becomes, until nothing is left to rewrite. */
  #resolve(owner: GraphLayer, part: Part, shapes: readonly Shape[]): readonly Final[] {
    const [input = []] = shapes;
    const weights = part.weights ?? new Map<string, WeightArray>();
    const name = part.name === '' ? owner.name : part.name;
    const placed: Placed = { name: owner.name, className: part.className, config: part.config, weights, input };
    const replaced = rewrite(placed);
    if (replaced === undefined) {
      const config = { name, ...without(part.config, 'name') };
      const origin = part.origin === undefined ? {} : { origin: part.origin };
      return [
        {
          layer: { name, className: part.className, config, path: [name], store: [], ...origin },
          inputs: [INPUT],
          weights,
        },
      ];
    }
    const outputs = new Map<string, string>();
    const known = new Map<string, Shape>();
    return replaced.flatMap((each) => {
      const takes = each.inputs.flatMap((source) => (source === INPUT ? shapes : [known.get(source) ?? []]));
      const full = each.name === '' ? part.name : this.#unused(`${name}_${each.name}`);
      // The part that keeps the layer's name also keeps its weights and its origin, unless it has others.
      const same = each.name === '' && each.className === part.className;
      const kept = same ? { weights, ...(part.origin === undefined ? {} : { origin: part.origin }) } : {};
      const finals = this.#resolve(owner, { ...kept, ...each, name: full }, takes);
      const sources = each.inputs.map((source) => (source === INPUT ? INPUT : (outputs.get(source) ?? source)));
      outputs.set(each.name, finals.at(-1)?.layer.name ?? full);
      known.set(each.name, outputShape(each.className, each.config, takes) ?? []);
      return finals.map((final) => ({
        ...final,
        inputs: final.inputs.flatMap((source) => (source === INPUT ? sources : [source])),
      }));
    });
  }

  #unused(name: string): string {
    if (this.#names.has(name)) return this.#unused(`${name}_`);
    this.#names.add(name);
    return name;
  }
}
