import type { JsonObject } from '../files/json.ts';

/** What a model config says of its layers and their outputs. */

/** A layer, or a nested model, as a file describes it. */
export interface Entry {
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
  readonly raw: JsonObject;
  readonly path: readonly string[];
  readonly store: readonly string[];
  /** The number by which references call its first application. */
  readonly firstApplication: number;
}

/** The output of a layer's n-th application. */
export interface Reference {
  readonly layer: string;
  readonly application: number;
}
