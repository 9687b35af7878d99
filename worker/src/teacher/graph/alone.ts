import { internalError } from '@distillation/api/errors';
import type { LayerInfo } from '@distillation/api/plan';
import type { Tf } from '../../backend/tf.ts';
import { buildModel, layerWeights } from '../build.ts';
import { weightName } from '../weights.ts';
import { nodeShapes } from './costs.ts';
import { layerEnds } from './cut.ts';
import { applications, type Graph, type GraphLayer, type Network } from './graph.ts';

/**
 * A layer of a network as a network of its own, with copies of its weights; the caller disposes of the model.
 * @throws DISTILL_E_INTERNAL for a layer that is not in the network
 */
export async function layerAlone(tf: Tf, network: Network, { name }: Pick<LayerInfo, 'name'>): Promise<Network> {
  const layer = network.graph.layers.get(name);
  const ends = layerEnds(name, applications(network.graph).get(name) ?? []);
  if (layer === undefined) throw internalError(`The layer ${name} is not in the network.`, { subject: name });
  const input: GraphLayer = {
    name: `${name}_alone_input`,
    className: 'InputLayer',
    config: { batch_input_shape: [null, ...(nodeShapes(network).get(ends.input) ?? [])], dtype: 'float32' },
    path: [],
    store: [],
  };
  const graph: Graph = {
    name: network.graph.name,
    layers: new Map([input, layer].map((each) => [each.name, each])),
    nodes: [
      { id: input.name, layer: input.name, inputs: [] },
      { id: name, layer: name, inputs: [input.name] },
    ],
    input: input.name,
    output: name,
  };
  const weights = layerWeights(network, name).map((weight) => ({ ...weight, name: weightName(name, weight.name) }));
  return { graph, model: await buildModel(tf, graph, weights) };
}
