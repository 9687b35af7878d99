import { DistillError } from '@distillation/api/errors';
import type { Weight } from '@distillation/ledger/tensors';
import type { Graph, GraphLayer } from './graph/graph.ts';
import { weightNames } from './layers.ts';
import type { WeightArray } from './layers/weight-array.ts';

/** Weights by layer and, within it, by TensorFlow.js' name of the weight (`kernel`, `bias`, `gamma`, ...). */
export type LayerWeights = Map<string, Map<string, WeightArray>>;

/** Where a file format keeps the weights. */
export interface WeightSource {
  /**
   * Weight number `index` of a layer, which TensorFlow.js calls `name`; undefined when the file lacks it.
   * @throws DISTILL_E_TEACHER_CORRUPT when it exists and cannot be read.
   */
  get(layer: GraphLayer, name: string, index: number): WeightArray | undefined;
}

/** A weight in a file that names its weights by path, such as `model/conv1/kernel`. */
export interface WeightEntry {
  readonly path: readonly string[];
  read(): WeightArray;
}

/**
 * Every weight that the graph needs.
 * @throws DISTILL_E_TEACHER_CORRUPT naming layer and weight when one is missing, DISTILL_E_TEACHER_NOT_FINITE when one holds a
 * value that is not finite.
 */
export function collectWeights(graph: Graph, source: WeightSource): LayerWeights {
  const weights: LayerWeights = new Map();
  for (const layer of graph.layers.values()) {
    const own = new Map<string, WeightArray>();
    weightNames(layer.className, layer.config).forEach((name, index) => {
      const weight = source.get(layer, name, index);
      if (weight === undefined) throw corrupt(layer.name, name, 'is not in the file');
      const bad = weight.data.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) throw notFinite(layer.name, name, { value: weight.data[bad] ?? NaN, position: bad });
      own.set(name, weight);
    });
    weights.set(layer.name, own);
  }
  return weights;
}

/**
 * The name of a weight from here to the exported model. A layer's name may contain a slash, a weight's own name never does, so
 * names are unique.
 */
export const weightName = (layer: string, own: string): string => `${layer}/${own}`;

/** The weights with their names. */
export function named(weights: LayerWeights): Weight[] {
  return [...weights].flatMap(([layer, own]) =>
    [...own].map(([name, weight]): Weight => ({ name: weightName(layer, name), ...weight })),
  );
}

function notFinite(
  layer: string,
  weight: string,
  { value, position }: { readonly value: number; readonly position: number },
): DistillError {
  return new DistillError(
    'DISTILL_E_TEACHER_NOT_FINITE',
    `The teacher's weight ${weight} of layer ${JSON.stringify(layer)} holds ${value} at position ${position}.`,
    { subject: `${layer}/${weight}` },
  );
}

/** The error for one weight. */
export function corrupt(layer: string, weight: string, problem: string): DistillError {
  return new DistillError(
    'DISTILL_E_TEACHER_CORRUPT',
    `The teacher's weight ${weight} of layer ${JSON.stringify(layer)} ${problem}.`,
    { subject: `${layer}/${weight}` },
  );
}

/**
 * The weight `name` of a layer among named ones: the entry that ends in `<layer>/<name>`. When layers of two nested models share a
 * name, as much of the layer's path as needed decides.
 */
export function findNamed(
  entries: readonly WeightEntry[],
  layer: Pick<GraphLayer, 'path' | 'className'>,
  name: string,
): WeightEntry | undefined {
  const names = namesOf({ ...layer, name });
  let found: readonly WeightEntry[] = entries;
  for (let depth = 1; depth <= layer.path.length; depth++) {
    const prefix = layer.path.slice(-depth);
    const matching = found.filter(({ path }) => names.some((last) => endsWith(path, [...prefix, last].flatMap(parts))));
    // A file may omit the names of the outer models, but never the layer's own.
    if (matching.length === 0 && depth > 1) break;
    found = matching;
    if (found.length <= 1) break;
  }
  // The path of a top-level layer has nothing before it; that of a nested layer with the same name has.
  if (found.length > 1) return found.toSorted((a, b) => a.path.length - b.path.length)[0];
  return found[0];
}

/** Whether a weight has this name within its layer, whatever the layer is called. */
export function hasName({ path }: WeightEntry, weight: { readonly className: string; readonly name: string }): boolean {
  return namesOf(weight).some((name) => name === path.at(-1));
}

/** Keras 3 calls the kernel of a DepthwiseConv2D plainly `kernel`. */
function namesOf({ className, name }: { readonly className: string; readonly name: string }): readonly string[] {
  return name === 'depthwise_kernel' && className === 'DepthwiseConv2D' ? [name, 'kernel'] : [name];
}

/** In Keras 2 a layer's own name may contain slashes. */
function parts(name: string): string[] {
  return name.split('/');
}

function endsWith(path: readonly string[], end: readonly string[]): boolean {
  return end.every((part, index) => path[path.length - end.length + index] === part);
}

/** Values of any numeric array type as float32. */
export function toFloat32(values: ArrayLike<number>): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values);
}
