import type { JsonObject } from '../files/json.ts';
import type { WeightArray } from '../weights.ts';

/** A layer of the small network that takes the place of one that TensorFlow.js lacks. The last part's output is its output. */
export interface Part {
  /** What follows the layer's name; empty for the part that keeps the name and, unless it says otherwise, the weights. */
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
  /** `INPUT`, or names of parts before it. */
  readonly inputs: readonly string[];
  readonly weights?: ReadonlyMap<string, WeightArray>;
  /** What it was, where that matters to the user: such as `Conv2D with 4 groups`. */
  readonly origin?: string;
}

/** All that the layer takes. */
export const INPUT = '@input';

/** Parts in a row: the first keeps the layer's name. */
export function chain(...links: readonly (Omit<Part, 'inputs'> | undefined)[]): Part[] {
  const parts: Part[] = [];
  for (const link of links) if (link !== undefined) parts.push({ ...link, inputs: [parts.at(-1)?.name ?? INPUT] });
  return parts;
}

export function without(config: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !keys.includes(key)));
}
