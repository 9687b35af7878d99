import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { DistillError, internalError } from '@distillation/api/errors';
import type { Weight } from '@distillation/ledger/tensors';
import type { Tf } from '../backend/tf.ts';
import { applications, type Graph, type Network } from './graph/graph.ts';
import type { Json, JsonObject } from './files/json.ts';
import { builtLayer, builtName, builtNames, ownName } from './graph/names.ts';
import { corrupt, weightName } from './weights.ts';

/** The graph as a functional config, as `tf.loadLayersModel` and Keras-compatible tools read it. */
export function toTopology(graph: Graph): JsonObject {
  const position = new Map<string, Json>();
  const layers: Json[] = [];
  for (const [name, nodes] of applications(graph)) {
    nodes.forEach((node, index) => position.set(node.id, [builtName(graph, name), index, 0]));
  }
  for (const [name, nodes] of applications(graph)) {
    const layer = graph.layers.get(name);
    if (layer === undefined) throw internalError(`Layer ${name} is applied and not defined.`);
    const inbound = nodes.map((node) => node.inputs.map((input) => [...(position.get(input) as Json[]), {}]));
    layers.push({
      class_name: layer.className,
      name: builtName(graph, name),
      config: { ...layer.config, name: builtName(graph, name) },
      inbound_nodes: layer.className === 'InputLayer' ? [] : inbound,
    });
  }
  return {
    class_name: 'Model',
    config: {
      name: graph.name,
      layers,
      input_layers: [position.get(graph.input)],
      output_layers: [position.get(graph.output)],
    } as JsonObject,
    keras_version: 'tfjs-layers 4.22.0',
    backend: 'tensor_flow.js',
  };
}

/**
 * Builds the model of a graph and sets its weights; weights of layers that are not in the graph are ignored.
 * @throws DISTILL_E_TEACHER_LAYER when TensorFlow.js does not accept the layers, DISTILL_E_TEACHER_CORRUPT when a weight is missing
 * or has another shape.
 */
export async function buildModel(tf: Tf, graph: Graph, weights: readonly Weight[]): Promise<LayersModel> {
  let model: LayersModel;
  try {
    model = await tf.models.modelFromJSON(toTopology(graph) as never);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new DistillError(
      'DISTILL_E_TEACHER_LAYER',
      `TensorFlow.js cannot put the teacher's layers together: ${problem.replace(/[.\s]+$/, '')}.`,
      { cause },
    );
  }
  try {
    assignWeights(tf, { graph, model }, weights);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}

/**
 * Sets the weights of a built model; weights of layers that are not in the graph are ignored.
 * @throws DISTILL_E_TEACHER_CORRUPT when a weight is missing or has another shape.
 */
export function assignWeights(tf: Tf, { graph, model }: Network, weights: readonly Weight[]): void {
  const byName = new Map(weights.map((weight) => [weight.name, weight]));
  for (const [name, built] of builtNames(graph)) {
    setWeights(tf, { name, built: model.getLayer(built) }, byName);
  }
}

function setWeights(
  tf: Tf,
  { name: layer, built }: { readonly name: string; readonly built: LayersModel['layers'][number] },
  weights: ReadonlyMap<string, Weight>,
): void {
  if (built.weights.length === 0) return;
  const tensors: Tensor[] = [];
  try {
    for (const variable of built.weights) {
      const name = ownName(variable);
      const weight = weights.get(weightName(layer, name));
      if (weight === undefined) throw corrupt(layer, name, 'is not in the file');
      if (weight.shape.join() !== variable.shape.join()) {
        throw corrupt(layer, name, `has the shape [${weight.shape.join()}], not [${variable.shape.join()}]`);
      }
      tensors.push(tf.tensor(weight.data, [...weight.shape], 'float32'));
    }
    built.setWeights(tensors);
  } finally {
    tf.dispose(tensors);
  }
}

/** Copies of all weights of a network. */
export function readWeights(network: Network): Weight[] {
  return [...network.graph.layers.keys()].flatMap((layer) =>
    layerWeights(network, layer).map((weight) => ({ ...weight, name: weightName(layer, weight.name) })),
  );
}

/** Copies of a layer's weights, under their own names within it. */
export function layerWeights(network: Network, layer: string): Weight[] {
  return builtLayer(network, layer).weights.map((variable) => {
    const tensor = variable.read();
    return { name: ownName(variable), shape: tensor.shape, data: Float32Array.from(tensor.dataSync()) };
  });
}

/**
 * Kernel and bias of a convolution or a dense layer.
 * @throws DISTILL_E_INTERNAL when the layer has no kernel
 */
export function kernelAndBias(network: Network, layer: string): { kernel: Float32Array; bias?: Float32Array } {
  const weights = new Map(layerWeights(network, layer).map(({ name, data }) => [name, data]));
  const [kernel, bias] = [weights.get('kernel'), weights.get('bias')];
  if (kernel === undefined) throw internalError(`The layer ${layer} has no kernel.`, { subject: layer });
  return { kernel, ...(bias !== undefined && { bias }) };
}
