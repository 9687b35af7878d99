import { DistillError } from '@distillation/api/errors';
import { excerpt, type Json } from '../files/json.ts';

/** The refusal of a layer of an unknown class. `what`: the class, and what is wrong with it. */
export function unsupported(name: string, what: string): DistillError {
  return new DistillError(
    'DISTILL_E_TEACHER_LAYER',
    `The teacher's layer ${JSON.stringify(name)} is of the class ${what}, which cannot be rebuilt in TensorFlow.js.`,
    { subject: name },
  );
}

/** The refusal of a layer or model whose class is not one of Keras', whatever its name. */
export function ownClass(name: string, className: string): DistillError {
  return new DistillError(
    'DISTILL_E_TEACHER_LAYER',
    `The teacher's layer ${JSON.stringify(name)} is of a class of your own, ${className}, and a file does not say what such a class computes. Build the teacher of Keras' own layers, copy the weights, and save it again.`,
    { subject: name },
  );
}

/** A layer as named in messages. */
export interface Named {
  readonly name: string;
  readonly className: string;
}

/** A key of a layer's config with its value. */
type Setting = readonly [key: string, value: Json];

/** The refusal of a layer for one value of its config. `wayOut`: a sentence on what to do instead. */
export function refusedValue(layer: Named, setting: Setting, wayOut: string): DistillError {
  return refusal(layer, setting, `, which is not computed here. ${wayOut}`);
}

/** The refusal of a layer for an unknown key, since it could determine the output. */
export function unknownKey(layer: Named, setting: Setting): DistillError {
  const problem = '. What this key does to the output is not known here. Save the teacher without it.';
  return refusal(layer, setting, problem);
}

function refusal({ name, className }: Named, [key, value]: Setting, problem: string): DistillError {
  return new DistillError(
    'DISTILL_E_TEACHER_LAYER',
    `The teacher's layer ${JSON.stringify(name)} is of the class ${className} with ${key}=${excerpt(value)}${problem}`,
    { subject: name },
  );
}
