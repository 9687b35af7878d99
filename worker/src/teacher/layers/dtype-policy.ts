import { isObject, type Json } from '../files/json.ts';

/** The dtype policy of a Keras layer: a name, or a policy as an object. */

/** Floating-point types, for which a layer here computes the same up to rounding. */
const FLOATS = new Set(['float16', 'bfloat16', 'float32', 'float64', 'mixed_float16', 'mixed_bfloat16']);

/** The name of a policy: `mixed_float16`, `int8_from_float32`. The object of an unknown policy is returned unchanged. */
export function policyName(value: Json): Json {
  if (!isObject(value)) return value;
  const { config } = value;
  if (!isObject(config)) return value;
  const { name, mode, source_name: source } = config;
  if (typeof mode === 'string') return `${mode}_from_${typeof source === 'string' ? source : 'float32'}`;
  return typeof name === 'string' ? name : value;
}

/** What to do instead of an unsupported policy; undefined for a supported one. */
export function dtypeWayOut(value: Json): string | undefined {
  const name = policyName(value);
  if (name === null || (typeof name === 'string' && FLOATS.has(name))) return undefined;
  return typeof name === 'string' && /^u?int\d+$|^bool$/.test(name)
    ? 'Let the layer compute in floating point.'
    : 'Save the model as it was before it was quantised.';
}
