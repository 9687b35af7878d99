import { internalError } from '@distillation/api/errors';
import type { LayersModel } from '@tensorflow/tfjs';
import { applications, type Graph, type Network } from './graph.ts';

/**
 * The names under which layers are built. Keras allows almost any name, TensorFlow.js only letters, digits, `.`, `_`, `-` and `/`,
 * beginning with a letter or digit. Everywhere else layers keep their users' names.
 */

const VALID = /^[A-Za-z0-9][-A-Za-z0-9._/]*$/;

const known = new WeakMap<Graph, ReadonlyMap<string, string>>();

/** Whether a layer can be built under this name. TensorFlow.js keeps layers in plain objects, on which some names exist already. */
function isBuildable(name: string): boolean {
  return VALID.test(name) && !(name in Object.prototype);
}

/** The name of each layer of the graph in the built model: its own if TensorFlow.js accepts it, otherwise a similar one. */
export function builtNames(graph: Graph): ReadonlyMap<string, string> {
  const found = known.get(graph);
  if (found !== undefined) return found;
  const names = new Map<string, string>();
  // In the order of the network, which is the same after writing and reading.
  const all = [...applications(graph).keys()];
  const taken = new Set(all.filter(isBuildable));
  for (const name of all) {
    if (isBuildable(name)) {
      names.set(name, name);
      continue;
    }
    const plain = name.replace(/[^-A-Za-z0-9._/]/g, '_').replace(/^[^A-Za-z0-9]/, 'layer_');
    const base = plain === '' ? 'layer' : plain;
    let built = base;
    for (let count = 1; taken.has(built) || !isBuildable(built); count++) built = `${base}_${count}`;
    taken.add(built);
    names.set(name, built);
  }
  known.set(graph, names);
  return names;
}

/** @throws DISTILL_E_INTERNAL for a layer that is not in the graph. */
export function builtName(graph: Graph, layer: string): string {
  const name = builtNames(graph).get(layer);
  if (name !== undefined) return name;
  throw internalError(`There is no layer ${layer} in the graph.`, { subject: layer });
}

/** The name of a weight within its layer in TensorFlow.js: `kernel`, `gamma`, ... */
export function ownName({ originalName }: { readonly originalName: string }): string {
  return originalName.slice(originalName.lastIndexOf('/') + 1);
}

/** The layer of the built model. */
export function builtLayer({ graph, model }: Network, layer: string): LayersModel['layers'][number] {
  return model.getLayer(builtName(graph, layer));
}
