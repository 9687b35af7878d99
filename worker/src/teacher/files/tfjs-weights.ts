import { DistillError } from '@distillation/api/errors';
import type { Entry } from '../graph/entries.ts';
import type { Dialect } from './dialect.ts';
import { isArray, type JsonObject, objectOf, stringOf } from './json.ts';
import { pathKey, type Place, sharedLayers } from '../graph/sharing.ts';
import { topContainer } from '../topology.ts';
import { weightOrder, type WeightSlot } from './weight-order.ts';
import { findNamed, hasName, type WeightEntry, type WeightSource } from '../weights.ts';

/** Assigns the weights in a LayersModel's manifest to layers. */

interface NamedModel {
  readonly path: string;
  readonly topology: JsonObject;
  readonly dialect: Dialect;
}

/**
 * The weights by name, each assigned to one layer. When layers were renamed after their weights had been created, or nested models
 * contain layers of equal names, names are ambiguous; then the order decides, if only one order fits the names.
 * @throws DISTILL_E_TEACHER_FORMAT, on use, when neither decides.
 */
export function namedWeights(model: NamedModel, entries: readonly WeightEntry[]): WeightSource {
  let assigned: Assigned | undefined;
  return {
    get: (layer, name) => {
      assigned ??= assign(model, entries);
      const key = slotKey({ path: layer.path, name });
      const found = assigned.weights.get(key);
      if (found !== undefined) return found.read();
      // A weight counts as missing only when no unassigned one could be it.
      if (!assigned.isOpen.has(key)) return undefined;
      throw new DistillError(
        'DISTILL_E_TEACHER_FORMAT',
        `The teacher ${model.path} calls its weights otherwise than its layers, and their order does not tell either which one is the weight ${name} of layer ${JSON.stringify(layer.name)}.`,
        { subject: `${layer.name}/${name}` },
      );
    },
  };
}

interface Assigned {
  readonly weights: ReadonlyMap<string, WeightEntry>;
  /** Weights that have candidates of which none can be preferred. */
  readonly isOpen: ReadonlySet<string>;
}

const slotKey = ({ path, name }: Pick<WeightSlot, 'path' | 'name'>): string => pathKey([...path, name]);

function assign(model: NamedModel, entries: readonly WeightEntry[]): Assigned {
  const orders = ordersOf(model);
  const [slots = []] = orders;
  const claims = new Map<WeightEntry, WeightSlot[]>();
  for (const slot of slots) {
    const found = findNamed(entries, slot, slot.name);
    if (found !== undefined) claims.set(found, [...(claims.get(found) ?? []), slot]);
  }
  const weights = new Map<string, WeightEntry>();
  for (const [entry, [slot, ...others]] of claims) {
    if (slot !== undefined && others.length === 0) weights.set(slotKey(slot), entry);
  }
  if (slots.every((slot) => weights.has(slotKey(slot)))) return { weights, isOpen: new Set() };
  const fitting = orders.filter((order) => fits(order, entries, weights));
  const results = new Map(fitting.map((order) => [order.map(slotKey).join(), order]));
  const [order] = results.values();
  if (order !== undefined && results.size === 1) {
    return { weights: new Map(zip(order, entries).map(([slot, entry]) => [slotKey(slot), entry])), isOpen: new Set() };
  }
  const sure = new Set(weights.values());
  const isOpen = slots.filter(
    (slot) => !weights.has(slotKey(slot)) && entries.some((entry) => !sure.has(entry) && hasName(entry, slot)),
  );
  return { weights, isOpen: new Set(isOpen.map(slotKey)) };
}

/** Whether the weights can be in this order, by their own names and by those already assigned. */
function fits(
  order: readonly WeightSlot[],
  entries: readonly WeightEntry[],
  known: ReadonlyMap<string, WeightEntry>,
): boolean {
  if (order.length !== entries.length) return false;
  return zip(order, entries).every(
    ([slot, entry]) => hasName(entry, slot) && (known.get(slotKey(slot)) ?? entry) === entry,
  );
}

function zip(order: readonly WeightSlot[], entries: readonly WeightEntry[]): [WeightSlot, WeightEntry][] {
  return order.flatMap((slot, index) => {
    const entry = entries[index];
    return entry === undefined ? [] : [[slot, entry] as [WeightSlot, WeightEntry]];
  });
}

/**
 * The possible orders of the weights of all layers. TensorFlow.js writes a model's weights as those of one nested model; its
 * converter writes them layer by layer as it finds them in a `.h5`, whose layers may be sorted by name.
 */
function ordersOf({ topology, dialect }: NamedModel): readonly (readonly WeightSlot[])[] {
  const top = topContainer(topology);
  const firstPlaces = sharedLayers(top);
  const placeOf = (entry: Entry): Place => firstPlaces.get(pathKey(entry.path)) ?? entry;
  const numbering = { dialect, placeOf };
  const whole: Entry = {
    name: top.name,
    className: stringOf(topology['class_name'], 'model class_name'),
    config: isArray(topology['config']) ? { layers: topology['config'] } : objectOf(topology['config'], 'model config'),
    raw: {},
    path: [],
    store: [],
    firstApplication: 0,
  };
  const layerByLayer = (layers: readonly Entry[]): WeightSlot[] =>
    layers.flatMap((layer) => weightOrder(layer, numbering));
  const byName = top.layers.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return dialect === 'TensorFlow.js'
    ? [weightOrder(whole, numbering)]
    : [layerByLayer(top.layers), layerByLayer(byName)];
}
