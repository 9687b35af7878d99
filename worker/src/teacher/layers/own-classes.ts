import type { JsonObject } from '../files/json.ts';
import { ownClass } from './refusals.ts';

/** Where Keras' own classes are, in all of its versions: `keras.layers`, `keras.src.models.functional`, `tf_keras.src.engine`. */
const KERAS = /^(tf_keras|keras|keras_core|tensorflow\.keras|tensorflow\.python\.keras)(\.|$)/;

/**
 * Refuses a class that has the name of one of Keras' and is another. A `.keras` archive says of each object in which module its
 * class is, of a class of the user's own none or another than Keras', and as what it is registered. A `.h5` says it of registered
 * classes alone, in their names. Pure.
 * @throws DISTILL_E_TEACHER_LAYER
 */
export function refuseOwnClass(name: string, className: string, raw: JsonObject): void {
  const { module, registered_name: registered } = raw;
  const isRegistered = className.includes('>') || (typeof registered === 'string' && registered.includes('>'));
  const isKeras = module === undefined || (typeof module === 'string' && KERAS.test(module));
  if (isRegistered || !isKeras) throw ownClass(name, typeof registered === 'string' ? registered : className);
}
