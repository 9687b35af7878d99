import { isObject, type Json } from '../files/json.ts';

/** In what numbers a layer of Keras computes: a name, or a policy as an object. */

/** Floating point, in which a layer here computes the same to rounding. */
const FLOATS = new Set(['float16', 'bfloat16', 'float32', 'float64', 'mixed_float16', 'mixed_bfloat16']);

/**
 * The name of a policy: `mixed_float16`, `int8_from_float32`. The object of a policy that is not known stays what it is.
 */
export function policyName(value: Json): Json {
  if (!isObject(value)) return value;
  const { config } = value;
  if (!isObject(config)) return value;
  const { name, mode, source_name: source } = config;
  if (typeof mode === 'string') return `${mode}_from_${typeof source === 'string' ? source : 'float32'}`;
  return typeof name === 'string' ? name : value;
}

/** What to do instead of a policy that is not computed; undefined for one that is. */
export function dtypeWayOut(value: Json): string | undefined {
  const name = policyName(value);
  if (name === null || (typeof name === 'string' && FLOATS.has(name))) return undefined;
  return typeof name === 'string' && /^u?int\d+$|^bool$/.test(name)
    ? 'Let the layer compute in floating point.'
    : 'Save the model as it was before it was quantised.';
}
