import { type Container, type Entry, isModel, readContainer } from './containers.ts';
import { isDeepStrictEqual } from 'node:util';
import { isArray, isObject, type Json } from '../files/json.ts';

/** Where a layer is known from: its names and its stored names, from the outermost model inwards. */
export interface Place {
  readonly path: readonly string[];
  readonly store: readonly string[];
}

/** A path as the key of a map: names may hold any character. */
export function pathKey(path: readonly string[]): string {
  return JSON.stringify(path);
}

/**
 * For each further place of a layer or nested model that is in several models, its first place: the one under which a
 * `.keras` archive keeps the weights. Keras gives every mention after the first a `shared_object_id`, but the first one only
 * where both stand in the same model; there being one object, the first has the same name and class.
 */
export function sharedLayers(top: Container): Map<string, Place> {
  const firstPlaces = new Map<string, Place>();
  const seen: Entry[] = [];
  const byId = new Map<unknown, Place>();
  const walk = (container: Container): void => {
    for (const entry of container.layers) {
      const id = entry.raw['shared_object_id'];
      const first = id === undefined ? undefined : (byId.get(id) ?? onlyTwin(seen, entry));
      if (first !== undefined) firstPlaces.set(pathKey(entry.path), first);
      const place = first ?? { path: entry.path, store: entry.store };
      if (id !== undefined) byId.set(id, place);
      // What a model holds that was met before is known from there.
      if (first !== undefined) continue;
      seen.push(entry);
      if (isModel(entry.className)) walk(readContainer(entry.className, entry.config, place));
    }
  };
  walk(top);
  return firstPlaces;
}

/** The one layer among those seen that has the name, the class and the settings of `entry`; undefined when several have. */
function onlyTwin(seen: readonly Entry[], entry: Entry): Place | undefined {
  const twins = seen.filter(
    ({ name, className, config }) =>
      name === entry.name &&
      className === entry.className &&
      isDeepStrictEqual(settings(config), settings(entry.config)),
  );
  return twins.length === 1 ? twins[0] : undefined;
}

/** A config without the marks on the objects in it, which are there in one mention and not in another. */
function settings(value: Json | undefined): Json {
  if (isArray(value)) return value.map(settings);
  if (!isObject(value)) return value ?? null;
  const kept = Object.entries(value).filter(([key]) => key !== 'shared_object_id');
  return Object.fromEntries(kept.map(([key, item]) => [key, settings(item)]));
}
