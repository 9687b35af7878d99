import type { GraphLayer } from '../graph/graph.ts';
import { isModel, readContainer } from '../graph/containers.ts';
import type { Entry } from '../graph/entries.ts';
import type { Dialect } from './dialect.ts';
import { weightNames } from '../layers.ts';
import { pathKey, type Place } from '../graph/sharing.ts';

/**
 * The order in which Keras writes the weights of a nested model to a `.h5`. It is all that identifies them, since variables keep
 * their names when a layer is renamed. Pure.
 */

/** One weight of a layer in a nested model. */
export interface WeightSlot {
  readonly path: readonly string[];
  /** Of the layer. */
  readonly className: string;
  readonly name: string;
}

/** Weights that are never trained, whatever `trainable` says. */
const FIXED = new Set(['moving_mean', 'moving_variance', 'mean', 'variance', 'count']);

/** What determines the order besides the model itself. */
interface Numbering {
  readonly dialect: Dialect;
  /** The first place of a layer that occurs in several models. */
  readonly placeOf: (entry: Entry) => Place;
}

interface Slots {
  readonly trainable: readonly WeightSlot[];
  readonly fixed: readonly WeightSlot[];
}

/**
 * The weights of a nested model in order: first the trainable ones, then the others, each layer by layer. Keras 2 and TensorFlow.js
 * sort the parts of a frozen model in this way too; Keras 3 keeps the order of a frozen model's weights.
 */
export function weightOrder(entry: Entry, numbering: Numbering): WeightSlot[] {
  const { trainable, fixed } = slotsOf(entry, numbering);
  const seen = new Set<string>();
  // A layer that occurs twice has its weights once.
  return [...trainable, ...fixed].filter(({ path, name }) => {
    const key = pathKey([...path, name]);
    return !seen.has(key) && seen.add(key);
  });
}

function slotsOf(entry: Entry, numbering: Numbering): Slots {
  const frozen = entry.config['trainable'] === false;
  if (!isModel(entry.className)) {
    const own = ownSlots(entry, numbering);
    const fixed = own.filter(({ name }) => FIXED.has(name));
    return frozen ? { trainable: [], fixed: own } : { trainable: own.filter((slot) => !fixed.includes(slot)), fixed };
  }
  const layers = layersOf(entry, numbering);
  const parts = layers.map((layer) => slotsOf(layer, numbering));
  const trainable = parts.flatMap((part) => part.trainable);
  const fixed = parts.flatMap((part) => part.fixed);
  if (!frozen) return { trainable, fixed };
  const inFileOrder = (part: Entry): WeightSlot[] =>
    isModel(part.className) ? layersOf(part, numbering).flatMap(inFileOrder) : ownSlots(part, numbering);
  const all = numbering.dialect !== 'Keras3' ? [...trainable, ...fixed] : layers.flatMap(inFileOrder);
  return { trainable: [], fixed: all };
}

function layersOf(entry: Entry, { placeOf }: Numbering): readonly Entry[] {
  return readContainer(entry.className, entry.config, placeOf(entry)).layers;
}

function ownSlots(entry: Entry, { placeOf }: Numbering): WeightSlot[] {
  return storedNames(entry).map((name) => ({ path: placeOf(entry).path, className: entry.className, name }));
}

/** Names of a layer's weights in a `.h5`: those that determine its output and those that only accompany them. */
export function storedNames({ className, config }: Pick<GraphLayer, 'className' | 'config'>): string[] {
  const names = weightNames(className, config);
  return className === 'Normalization' && names.length > 0 ? [...names, 'count'] : names;
}
