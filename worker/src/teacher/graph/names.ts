import { DistillError } from '@distillation/api/errors';
import type { LayersModel } from '@tensorflow/tfjs';
import { applications, type Graph, type Network } from './graph.ts';

/**
 * The names under which layers are built. Keras lets a layer be called almost anything, TensorFlow.js only letters, digits,
 * `.`, `_`, `-` and `/`, from a letter or digit on. Everywhere else layers have their users' names.
 */

const VALID = /^[A-Za-z0-9][-A-Za-z0-9._/]*$/;

const known = new WeakMap<Graph, ReadonlyMap<string, string>>();

/** Whether a layer can be built under this name. TensorFlow.js keeps layers in plain objects, which know some names already. */
function isBuildable(name: string): boolean {
  return VALID.test(name) && !(name in Object.prototype);
}

/** The name in the built model of each layer of the graph: its own where TensorFlow.js takes it, else one like it. */
export function builtNames(graph: Graph): ReadonlyMap<string, string> {
  const found = known.get(graph);
  if (found !== undefined) return found;
  const names = new Map<string, string>();
  // By the order of the network, which stays when it is written down and read.
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
  throw new DistillError('DISTILL_E_INTERNAL', `There is no layer ${layer} in the graph.`, { subject: layer });
}

/** What TensorFlow.js calls a weight within its layer: `kernel`, `gamma`, ... */
export function ownName({ originalName }: { readonly originalName: string }): string {
  return originalName.slice(originalName.lastIndexOf('/') + 1);
}

/** The layer of the built model. */
export function builtLayer({ graph, model }: Network, layer: string): LayersModel['layers'][number] {
  return model.getLayer(builtName(graph, layer));
}
