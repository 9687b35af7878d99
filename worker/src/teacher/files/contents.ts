import type { Dialect } from './dialect.ts';
import type { Json, JsonObject } from './json.ts';
import type { WeightSource } from '../weights.ts';

/** What every file format comes down to: the model config `{class_name, config}` and where its weights lie. */
export interface ModelContents {
  readonly topology: JsonObject;
  /** Who wrote the topology. */
  readonly dialect: Dialect;
  /** The loss that the model was compiled with, as Keras writes it; undefined when it was not. */
  readonly loss?: Json;
  /** What a LayersModel carries besides: `userDefinedMetadata`. */
  readonly metadata?: Json;
  readonly weights: WeightSource;
}
