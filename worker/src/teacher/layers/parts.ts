import type { JsonObject } from '../files/json.ts';
import type { Shape } from './shapes.ts';
import type { WeightArray } from './weight-array.ts';

/** A layer of the small network that replaces a layer which TensorFlow.js lacks. The output of the last part is its output. */
export interface Part {
  /** Suffix to the layer's name; empty for the part that keeps the name and, unless it says otherwise, the weights. */
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
  /** `INPUT`, or names of earlier parts. */
  readonly inputs: readonly string[];
  readonly weights?: ReadonlyMap<string, WeightArray>;
  /** What the layer was originally, if that matters to the user, such as `Conv2D with 4 groups`. */
  readonly origin?: string;
}

/** All inputs of the layer. */
export const INPUT = '@input';

/** Parts in sequence; the first keeps the layer's name. */
export function chain(...links: readonly (Omit<Part, 'inputs'> | undefined)[]): Part[] {
  const parts: Part[] = [];
  for (const link of links) if (link !== undefined) parts.push({ ...link, inputs: [parts.at(-1)?.name ?? INPUT] });
  return parts;
}

export function without(config: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !keys.includes(key)));
}

/** A layer in its place in the network, as input of a rewrite. */
export interface Placed {
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
  readonly weights: ReadonlyMap<string, WeightArray>;
  /** Shape of the sample that it takes; NaN stands for unknown sizes. */
  readonly input: Shape;
}
