import type { Dialect } from './files/dialect.ts';
import { entryOf, isArray, isObject, type Json, type JsonObject, stringOf } from './files/json.ts';
import { type Activation, activationOf } from './layers/activations.ts';
import { policyName } from './layers/dtype-policy.ts';
import { COMMON, type LayerKind } from './layers/kind.ts';
import { KINDS } from './layers/kinds.ts';
import { type Named, refusedValue, unknownKey, unsupported } from './layers/refusals.ts';
import { refuseOwnClass } from './layers/own-classes.ts';
import { plainConfig } from './layers/values.ts';

/** Reads the configs of layers by the table in layers/kinds.ts. */

/** Whether a layer does nothing at inference. */
export function isIdentity(className: string): boolean {
  return entryOf(KINDS, className)?.identity === true;
}

/** Names of a layer's weights in TensorFlow.js' order, without the layer's name. */
export function weightNames(className: string, config: JsonObject): string[] {
  return entryOf(KINDS, className)?.weights?.(config) ?? [];
}

/** A layer as a file describes it. */
interface Configured extends Named {
  readonly config: JsonObject;
}

/**
 * The part of a Keras 2 or 3 config that determines the layer's output, with all values plain: what TensorFlow.js and lower.ts use.
 * @throws DISTILL_E_TEACHER_LAYER naming layer and class for an unknown class, and key and value for an unknown key or an
 * unsupported value.
 */
export function cleanConfig({ name, className, config }: Configured, dialect: Dialect): JsonObject {
  const kind = entryOf(KINDS, className);
  if (kind === undefined) throw unsupported(name, className);
  const plain = withPolicyName(plainConfig(config));
  checkAttributes({ name, className, kind }, plain, dialect);
  const clean: Record<string, Json> = { name };
  for (const [key, value] of Object.entries({ ...kind.defaults, ...handedOn(kind, plain) })) {
    if (value !== null && value !== undefined) clean[key] = value;
  }
  if ('activation' in kind.attributes) {
    const { activation } = plain;
    if (isObject(activation) && activation['class_name'] !== 'function')
      refuseOwnClass(name, stringOf(activation['class_name'], `activation of ${name}`), activation);
    clean['activation'] = cleanActivation(activationOf(plain['activation'] ?? null, dialect), name, dialect);
  }
  if (className === 'BatchNormalization' && isArray(clean['axis'])) clean['axis'] = clean['axis'][0] ?? -1;
  if (className === 'ReLU' && clean['max_value'] === Infinity) delete clean['max_value'];
  // Keras 3 renamed LeakyReLU's alpha.
  if (className === 'LeakyReLU') {
    clean['alpha'] = plain['alpha'] ?? plain['negative_slope'] ?? 0.3;
    delete clean['negative_slope'];
  }
  for (const key of kind.initializers ?? []) clean[key] = { class_name: 'Zeros', config: {} };
  return { ...clean, ...kind.loweringKeys?.(clean, dialect) };
}

/** Messages name the policy (`int8_from_float32`) instead of the object that describes it. */
function withPolicyName(config: JsonObject): JsonObject {
  const dtype = config['dtype'];
  return dtype === undefined ? config : { ...config, dtype: policyName(dtype) };
}

function checkAttributes(
  { name, className, kind }: Named & { readonly kind: LayerKind },
  config: JsonObject,
  dialect: Dialect,
): void {
  for (const [key, value = null] of Object.entries(config)) {
    const attribute = entryOf(kind.attributes, key) ?? entryOf(COMMON, key);
    if (attribute === undefined) throw unknownKey({ name, className }, [key, value]);
    const wayOut = attribute.wayOut?.(value, { config, dialect });
    if (wayOut !== undefined) throw refusedValue({ name, className }, [key, value], wayOut);
  }
}

/** The keys of a config that TensorFlow.js or lower.ts use, in the order of the table. */
function handedOn(kind: LayerKind, config: JsonObject): JsonObject {
  const keys = Object.entries(kind.attributes)
    .filter(([, { effect }]) => effect === 'computed' || effect === 'tuning')
    .map(([key]) => key);
  return Object.fromEntries(keys.filter((key) => key in config).map((key) => [key, config[key]]));
}

/** An activation that is a layer has a config of its own to be read. */
function cleanActivation(activation: Activation | undefined, name: string, dialect: Dialect): Json {
  if (activation === undefined) return 'linear';
  if (!isObject(activation)) return activation;
  const { class_name: className, config } = activation;
  return { class_name: className, config: cleanConfig({ name, className, config }, dialect) };
}
