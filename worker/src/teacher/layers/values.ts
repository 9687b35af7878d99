import { isArray, isObject, type Json, type JsonObject } from '../files/json.ts';

/**
 * A config's value as plain JSON. Keras writes arrays and tuples that it was given as objects (`__numpy__`, `__tensor__`,
 * `__tuple__`), and early Keras 2 writes scalars as `{type: 'ndarray', value}`.
 */
export function plainValue(value: Json | undefined): Json {
  if (value === undefined) return null;
  if (isArray(value)) return value.map(plainValue);
  if (!isObject(value)) return value;
  const { class_name: className, config, items } = value;
  if (className === '__tuple__' && isArray(items)) return items.map(plainValue);
  if ((className === '__numpy__' || className === '__tensor__') && isObject(config)) return plainValue(config['value']);
  if (value['type'] === 'ndarray' && value['value'] !== undefined) return plainValue(value['value']);
  return value;
}

/** A config with all values plain. */
export function plainConfig(config: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, plainValue(value)]));
}
