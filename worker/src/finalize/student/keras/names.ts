import { applications, type Graph } from '../../../teacher/graph/graph.ts';
import { builtName } from '../../../teacher/graph/names.ts';

/**
 * The names of the layers in a `.keras` file: those in TensorFlow.js, which TensorFlow accepts as scopes when Keras runs on it, without
 * the slashes that Keras refuses. Pure.
 */
export function kerasNames(graph: Graph): ReadonlyMap<string, string> {
  const layers = [...applications(graph).keys()];
  const names = new Map(layers.map((layer) => [layer, builtName(graph, layer)]));
  const taken = new Set([...names.values()].filter((name) => !name.includes('/')));
  return new Map([...names].map(([layer, name]) => [layer, name.includes('/') ? unusedName(name, taken) : name]));
}

/** The name without slashes, and with a number if another layer has it; from then on it is taken. */
export function unusedName(name: string, taken: Set<string>): string {
  const base = unslashed(name);
  let unused = base;
  for (let count = 1; taken.has(unused); count++) unused = `${base}_${count}`;
  taken.add(unused);
  return unused;
}

export function unslashed(name: string): string {
  return name.replaceAll('/', '_');
}
