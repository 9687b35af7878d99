import type { Dialect } from './dialect.ts';
import type { Json, JsonObject } from './json.ts';
import type { WeightSource } from '../weights.ts';

/** What every file format is reduced to: the model config `{class_name, config}` and the source of its weights. */
export interface ModelContents {
  readonly topology: JsonObject;
  /** The library that wrote the topology. */
  readonly dialect: Dialect;
  /** The loss that the model was compiled with, as Keras writes it; undefined when it was not compiled. */
  readonly loss?: Json;
  /** Additional data: `userDefinedMetadata` of a LayersModel, `metadata.json` of a `.keras` file. */
  readonly metadata?: Json;
  readonly weights: WeightSource;
}
