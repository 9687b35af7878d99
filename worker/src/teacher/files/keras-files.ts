import { DistillError } from '@distillation/api/errors';
import { type Dialect, dialectOf } from './dialect.ts';
import type { GraphLayer } from '../graph/graph.ts';
import { withHdf5, type Hdf5 } from './hdf5.ts';
import { isObject, type Json, type JsonObject, objectOf, parseJson } from './json.ts';
import type { ModelContents } from './contents.ts';
import { topContainer } from '../topology.ts';
import { pathKey, type Place, sharedLayers } from '../graph/sharing.ts';
import { storedNames, weightOrder } from './weight-order.ts';
import type { Entry } from '../graph/entries.ts';
import { findNamed, type WeightEntry, type WeightSource } from '../weights.ts';
import type { WeightArray } from '../layers/weight-array.ts';
import { readZip } from './zip.ts';

/**
 * A whole-model `.h5` file of Keras 2 or 3: the attribute `model_config`, and under `model_weights` one group per top-level layer,
 * whose attribute `weight_names` lists its weights in order.
 * @throws DISTILL_E_TEACHER_CORRUPT, DISTILL_E_TEACHER_FORMAT (a file with weights alone).
 */
export async function readKerasH5<T>(content: Buffer, subject: string, use: (model: ModelContents) => T): Promise<T> {
  return withHdf5(content, subject, (file) => {
    const config = file.text('', 'model_config');
    if (config === undefined) {
      throw new DistillError(
        'DISTILL_E_TEACHER_FORMAT',
        `The teacher ${subject} is an HDF5 file without a model: it has no attribute model_config (weights alone?).`,
        { subject },
      );
    }
    const dialect = dialectOf(file.text('', 'keras_version'), 'Keras2');
    if (file.text('', 'backend') === 'theano') {
      throw new DistillError(
        'DISTILL_E_TEACHER_FORMAT',
        `The teacher ${subject} was saved by Keras on Theano, which turns the kernels of convolutions round.`,
        { subject },
      );
    }
    const topology = modelObject(config, `model_config in ${subject}`);
    const training = file.text('', 'training_config');
    const loss = training === undefined ? {} : compiledLoss(trainingConfig(training));
    return use({ topology, dialect, ...loss, weights: h5Weights(file, topology, dialect) });
  });
}

/**
 * A `.keras` archive (Keras 3): `config.json`, and `model.weights.h5` with the weights numbered by layer.
 * @throws DISTILL_E_TEACHER_CORRUPT, DISTILL_E_TEACHER_FORMAT (a zip archive of another kind).
 */
export async function readKeras<T>(content: Buffer, subject: string, use: (model: ModelContents) => T): Promise<T> {
  const files = readZip(content, subject);
  const config = files.get('config.json');
  const weights = files.get('model.weights.h5');
  if (config === undefined || weights === undefined) {
    const missing = config === undefined ? 'config.json' : 'model.weights.h5';
    throw new DistillError(
      'DISTILL_E_TEACHER_FORMAT',
      `The teacher ${subject} is a zip archive without ${missing}, so it is not a .keras file.`,
      { subject },
    );
  }
  const topology = modelObject(config.toString('utf8'), `config.json in ${subject}`);
  const compiled = topology['compile_config'];
  const metadata = archiveMetadata(files.get('metadata.json'), subject);
  // Keras 2 writes archives of the same kind, in which some configs mean something else.
  const dialect = dialectOf(metadata['keras_version'], 'Keras3');
  return withHdf5(weights, `${subject} (model.weights.h5)`, (file) =>
    use({ topology, dialect, metadata, ...compiledLoss(compiled), weights: archiveWeights(file) }),
  );
}

function archiveMetadata(content: Buffer | undefined, subject: string): JsonObject {
  return content === undefined ? {} : modelObject(content.toString('utf8'), `metadata.json in ${subject}`);
}

/** The network does not need it, so an unreadable one is ignored. */
function trainingConfig(text: string): Json | undefined {
  try {
    return parseJson(text, 'training_config');
  } catch {
    return undefined;
  }
}

function compiledLoss(compiled: Json | undefined): Pick<ModelContents, 'loss'> {
  const loss = isObject(compiled) ? compiled['loss'] : undefined;
  return loss === undefined ? {} : { loss };
}

function modelObject(text: string, what: string): JsonObject {
  return objectOf(parseJson(text, what), what);
}

function h5Weights(file: Hdf5, topology: JsonObject, dialect: Dialect): WeightSource {
  const top = topContainer(topology);
  const firstPlaces = sharedLayers(top);
  const placeOf = (entry: Entry): Place => firstPlaces.get(pathKey(entry.path)) ?? entry;
  const orders = new Map<string, readonly string[]>();
  const orderOf = (group: string): readonly string[] => {
    const known = orders.get(group);
    if (known !== undefined) return known;
    const entry = top.layers.find(({ name }) => name === group);
    const slots = entry === undefined ? [] : weightOrder(entry, { dialect, placeOf });
    const order = slots.map(({ path, name }) => pathKey([...path, name]));
    orders.set(group, order);
    return order;
  };
  const groups = new Map<string, WeightEntry[]>();
  const groupOf = (name: string): WeightEntry[] => {
    const known = groups.get(name);
    if (known !== undefined) return known;
    const names = file.texts(`model_weights/${name}`, 'weight_names') ?? [];
    const entries = names.map((weight) => ({
      // Keras 2 appends TensorFlow's `:0`.
      path: weight.replace(/:\d+$/, '').split('/'),
      read: () => numbersAt(file, `model_weights/${name}/${weight}`),
    }));
    groups.set(name, entries);
    return entries;
  };
  return {
    get: (layer, name, index) => {
      const group = layer.path[0] ?? layer.name;
      const entries = groupOf(group);
      // Keras finds weights by their order, whatever their names.
      const order = layer.path.length === 1 ? storedNames(layer) : orderOf(group);
      const position = layer.path.length === 1 ? index : order.indexOf(pathKey([...layer.path, name]));
      // The group then contains something else too, so the names have to decide.
      const found = entries.length === order.length ? entries[position] : findNamed(entries, layer, name);
      return found?.read();
    },
  };
}

function archiveWeights(file: Hdf5): WeightSource {
  return {
    get: (layer, _name, index) => {
      const folder = folders(layer).find((candidate) => file.has(candidate));
      return folder === undefined ? undefined : file.numbers(`${folder}/vars/${index}`);
    },
  };
}

/** Keras 3 nests layers in `layers`, the same format of Keras 2.13 and later in `_layer_checkpoint_dependencies`. */
function folders(layer: GraphLayer): string[] {
  return ['layers', '_layer_checkpoint_dependencies'].map((list) =>
    layer.store.map((part) => `${list}/${part}`).join('/'),
  );
}

function numbersAt(file: Hdf5, path: string): WeightArray {
  const found = file.numbers(path);
  if (found !== undefined) return found;
  throw new DistillError(
    'DISTILL_E_TEACHER_CORRUPT',
    `The teacher's file lists the weight ${path} but does not contain it.`,
    {
      subject: path,
    },
  );
}
