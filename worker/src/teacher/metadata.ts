import { applications, type Graph, type GraphLayer, isPreparation } from './graph/graph.ts';
import { isObject, type Json, type JsonObject } from './files/json.ts';
import type { Lowered } from './lower.ts';
import { outputsOf, type TeacherOutputs } from './graph/output.ts';

/**
 * What the configs of an exported network cannot express, for reading it as a teacher again: the users' names of the layers, what
 * they were before they were rewritten, and the kind of the outputs if the job stated it. It is stored in the `userDefinedMetadata` of
 * a LayersModel, which TensorFlow.js passes on unchanged, and in the `metadata.json` of a `.keras` file. Pure.
 */

const OWN = 'distillation';

/** What is known of an exported network besides its graph. */
interface Exported {
  /** Names of the layers in the file. */
  readonly names: ReadonlyMap<string, string>;
  /** Kind of the outputs, when it is known from elsewhere than the layers. */
  readonly outputs?: TeacherOutputs | undefined;
}

/** The metadata of an exported network; undefined when the configs say everything. */
export function metadataOf(graph: Graph, { names, outputs }: Exported): JsonObject | undefined {
  const layers: Record<string, JsonObject> = {};
  for (const name of applications(graph).keys()) {
    const written = names.get(name) ?? name;
    const origin = graph.layers.get(name)?.origin;
    const annotation = { ...(written !== name && { name }), ...(origin !== undefined && { origin }) };
    if (Object.keys(annotation).length > 0) layers[written] = annotation;
  }
  const own = {
    ...(Object.keys(layers).length > 0 && { layers }),
    ...(outputs !== undefined && outputs !== outputsOf(graph) && { outputs }),
  };
  return Object.keys(own).length === 0 ? undefined : { [OWN]: own };
}

/** The kind of the outputs according to the metadata; undefined when it is not stated there. */
export function statedOutputs(metadata: Json | undefined): TeacherOutputs | undefined {
  const { outputs } = ownPart(metadata);
  return outputs === 'Logits' || outputs === 'Probabilities' ? outputs : undefined;
}

/** Our own part of metadata that may hold other things. */
function ownPart(metadata: Json | undefined): JsonObject {
  const own = isObject(metadata) ? metadata[OWN] : undefined;
  return isObject(own) ? own : {};
}

interface LayerMetadata {
  readonly name?: string;
  readonly origin?: string;
}

/** The network with the names and origins from its metadata; unchanged when there are none of ours. */
export function withMetadata(lowered: Lowered, metadata: Json | undefined): Lowered {
  const annotations = layerMetadata(metadata);
  if (annotations.size === 0) return lowered;
  const { graph, weights } = lowered;
  const names = new Map([...graph.layers.keys()].map((built) => [built, annotations.get(built)?.name ?? built]));
  // Names that have since been made ambiguous are ignored.
  const isUnique = new Set(names.values()).size === names.size;
  const nameOf = (built: string): string => (isUnique ? (names.get(built) ?? built) : built);
  const ids = new Map(graph.nodes.map(({ id, layer }) => [id, `${nameOf(layer)}${id.slice(layer.length)}`]));
  const idOf = (id: string): string => ids.get(id) ?? id;
  const layers = [...graph.layers.values()].map((layer) =>
    annotated(layer, nameOf(layer.name), annotations.get(layer.name)),
  );
  return {
    graph: {
      ...graph,
      layers: new Map(layers.map((layer) => [layer.name, layer])),
      nodes: graph.nodes.map(({ id, layer, inputs }) => ({
        id: idOf(id),
        layer: nameOf(layer),
        inputs: inputs.map(idOf),
      })),
      input: idOf(graph.input),
      output: idOf(graph.output),
    },
    weights: new Map([...weights].map(([built, own]) => [nameOf(built), own])),
  };
}

function annotated(layer: GraphLayer, name: string, annotation: LayerMetadata | undefined): GraphLayer {
  const origin = annotation?.origin ?? layer.origin;
  const named = { ...layer, name, path: [name], ...(origin !== undefined && { origin }) };
  return { ...named, config: { ...layer.config, name, ...(isPreparation(named) && { trainable: false }) } };
}

/** By the layer's name in the file. */
function layerMetadata(metadata: Json | undefined): ReadonlyMap<string, LayerMetadata> {
  const { layers } = ownPart(metadata);
  const annotations = Object.entries(isObject(layers) ? layers : {}).map(
    ([built, annotation]): [string, LayerMetadata] => {
      const { name, origin } = isObject(annotation) ? annotation : {};
      return [built, { ...(typeof name === 'string' && { name }), ...(typeof origin === 'string' && { origin }) }];
    },
  );
  return new Map(annotations);
}
