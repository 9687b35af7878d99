import { type Container, isModel, readContainer } from './containers.ts';
import type { Entry } from './entries.ts';
import { isDeepStrictEqual } from 'node:util';
import { isArray, isObject, type Json } from '../files/json.ts';

/** Identifies where a layer occurs: its names and its stored names, from the outermost model inwards. */
export interface Place {
  readonly path: readonly string[];
  readonly store: readonly string[];
}

/** A path as the key of a map: names may hold any character. */
export function pathKey(path: readonly string[]): string {
  return JSON.stringify(path);
}

/**
 * For each further place of a layer or nested model that occurs in several models, its first place: the one under which a `.keras`
 * archive stores the weights. Keras gives every mention after the first a `shared_object_id`, but the first one only if both are in
 * the same model. Since they are one object, the first has the same name and class.
 */
export function sharedLayers(top: Container): Map<string, Place> {
  const firstPlaces = new Map<string, Place>();
  const seen: Entry[] = [];
  const byId = new Map<unknown, Place>();
  const walk = (container: Container): void => {
    for (const entry of container.layers) {
      const id = entry.raw['shared_object_id'];
      const first = id === undefined ? undefined : (byId.get(id) ?? onlyMatch(seen, entry));
      if (first !== undefined) firstPlaces.set(pathKey(entry.path), first);
      const place = first ?? { path: entry.path, store: entry.store };
      if (id !== undefined) byId.set(id, place);
      // Layers inside a model that has occurred before are already known.
      if (first !== undefined) continue;
      seen.push(entry);
      if (isModel(entry.className)) walk(readContainer(entry.className, entry.config, place));
    }
  };
  walk(top);
  return firstPlaces;
}

/** The only one of the layers seen with the name, class and settings of `entry`; undefined when there are several. */
function onlyMatch(seen: readonly Entry[], entry: Entry): Place | undefined {
  const matches = seen.filter(
    ({ name, className, config }) =>
      name === entry.name &&
      className === entry.className &&
      isDeepStrictEqual(settings(config), settings(entry.config)),
  );
  return matches.length === 1 ? matches[0] : undefined;
}

/** A config without the marks on its objects, which some mentions have and others lack. */
function settings(value: Json | undefined): Json {
  if (isArray(value)) return value.map(settings);
  if (!isObject(value)) return value ?? null;
  const kept = Object.entries(value).filter(([key]) => key !== 'shared_object_id');
  return Object.fromEntries(kept.map(([key, item]) => [key, settings(item)]));
}
