import type { JsonObject } from '../files/json.ts';
import { ownClass } from './refusals.ts';

/** Modules of Keras' own classes, in all of its versions: `keras.layers`, `keras.src.models.functional`, `tf_keras.src.engine`. */
const KERAS = /^(tf_keras|keras|keras_core|tensorflow\.keras|tensorflow\.python\.keras)(\.|$)/;

/**
 * Refuses a custom class that has the name of one of Keras'. A `.keras` archive names each object's module, which for a user's
 * class is missing or not one of Keras', and its registered name. A `.h5` gives that only for registered classes, in their names.
 * Pure.
 * @throws DISTILL_E_TEACHER_LAYER
 */
export function refuseOwnClass(name: string, className: string, raw: JsonObject): void {
  const { module, registered_name: registered } = raw;
  const isRegistered = className.includes('>') || (typeof registered === 'string' && registered.includes('>'));
  const isKeras = module === undefined || (typeof module === 'string' && KERAS.test(module));
  if (isRegistered || !isKeras) throw ownClass(name, typeof registered === 'string' ? registered : className);
}
