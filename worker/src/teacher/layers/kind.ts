import type { Dialect } from '../files/dialect.ts';
import type { JsonObject } from '../files/json.ts';
import { type Attribute, none } from './attributes.ts';
import { dtypeWayOut } from './dtype-policy.ts';

/** A class of layers: the keys of its config, and its weights. */
export interface LayerKind {
  /** Every key that Keras 2, Keras 3 or TensorFlow.js writes for it, besides those in COMMON. */
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Does nothing at inference and need not be kept: its consumers take its input. */
  readonly identity?: true;
  /** Values to set for missing keys, for which TensorFlow.js has other defaults than Keras. */
  readonly defaults?: JsonObject;
  /** Initialisers to replace by zeros: the weights are loaded anyway, and drawing them takes seconds and random numbers. */
  readonly initializers?: readonly string[];
  /** Names of its weights as TensorFlow.js orders them, without the layer's name. */
  readonly weights?: (config: JsonObject) => string[];
  /** Keys that lower.ts uses. */
  readonly loweringKeys?: (config: JsonObject, dialect: Dialect) => JsonObject;
  /** How it is computed when TensorFlow.js has no such layer; for the reference. */
  readonly note?: string;
}

const READ_ELSEWHERE = none('the input layer has the shape');

/** Keys that any layer may have. */
export const COMMON: Readonly<Record<string, Attribute>> = {
  name: none('a name'),
  trainable: none('`spec.fineTuning.freeze` says what is fine-tuned'),
  dtype: {
    effect: 'none',
    words: 'weights of 16 and 64 bits are taken as 32 bits; all is computed in 32-bit floating point',
    refused: 'quantised policies, whole numbers',
    wayOut: (value) => dtypeWayOut(value),
  },
  dynamic: none('how Keras 2 runs a layer'),
  batch_input_shape: READ_ELSEWHERE,
  batch_shape: READ_ELSEWHERE,
  input_shape: READ_ELSEWHERE,
  activity_regularizer: none('adds to the loss in training'),
};

const TRAINING = none('for training alone');

/** What Keras writes about weights besides their values. */
export function weightKeys(...names: readonly string[]): Record<string, Attribute> {
  const kinds = ['initializer', 'regularizer', 'constraint'];
  return Object.fromEntries(names.flatMap((name) => kinds.map((kind) => [`${name}_${kind}`, TRAINING])));
}

export function initializers(...names: readonly string[]): Record<string, Attribute> {
  return Object.fromEntries(names.map((name) => [`${name}_initializer`, TRAINING]));
}

/** Keys that only matter in training. */
export function training(...keys: readonly string[]): Record<string, Attribute> {
  return Object.fromEntries(keys.map((key) => [key, TRAINING]));
}
