import { zipSync } from 'fflate';
import { internalError } from '@distillation/api/errors';
import type { Weight } from '@distillation/ledger/tensors';
import { readWeights } from '../../../teacher/build.ts';
import type { JsonObject } from '../../../teacher/files/json.ts';
import type { Network } from '../../../teacher/graph/graph.ts';
import { weightNames } from '../../../teacher/layers.ts';
import { metadataOf } from '../../../teacher/metadata.ts';
import { weightName } from '../../../teacher/weights.ts';
import type { About } from '../export.ts';
import { kerasNames } from './names.ts';
import { type KerasNetwork, kerasNetwork } from './network.ts';
import { type StoredWeights, weightsFile } from './weights-file.ts';

/** The version of the format, which later ones read; before it, a model's only output was written in another way. */
const KERAS_VERSION = '3.4.0';

/**
 * The network as a `.keras` file of Keras 3, not compiled. The bytes depend on the network and the description alone: no dates, no
 * counters of the process, nothing of the backend that computed it.
 * @throws DISTILL_E_EXPORT_LAYER for a layer that Keras lacks.
 */
export async function kerasFile(network: Network, about: About = {}): Promise<Uint8Array> {
  const { graph } = network;
  const described = kerasNetwork(graph);
  const metadata = {
    keras_version: KERAS_VERSION,
    ...about.description,
    ...metadataOf(graph, { names: kerasNames(graph), outputs: about.outputs }),
  };
  const json = (content: JsonObject): Uint8Array => Buffer.from(JSON.stringify(content));
  const files = {
    // With a fourth file Keras unpacks the archive to look for others.
    'metadata.json': json(metadata),
    'config.json': json(described.config),
    'model.weights.h5': await weightsFile([
      { path: '', name: graph.name, weights: [] },
      ...storedWeights(network, described),
    ]),
  };
  // The first date that a zip archive can hold, in local time, as zip has it.
  return zipSync(files, { level: 0, mtime: new Date(1980, 0, 1) });
}

function storedWeights(network: Network, { groups }: KerasNetwork): StoredWeights[] {
  const weights = new Map(readWeights(network).map((weight) => [weight.name, weight]));
  const own = (layer: string): Weight[] => {
    const { className = '', config = {} } = network.graph.layers.get(layer) ?? {};
    return weightNames(className, config).map((name) => {
      const weight = weights.get(weightName(layer, name));
      if (weight === undefined) throw internalError(`The layer ${layer} has no weight ${name}.`, { subject: layer });
      return weight;
    });
  };
  return groups.map(({ group, name, layer }) => ({
    path: `layers/${group}`,
    name,
    weights: layer === undefined ? [] : own(layer),
  }));
}
