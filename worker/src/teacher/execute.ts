import type { Tensor } from '@tensorflow/tfjs';
import { internalError } from '@distillation/api/errors';
import { barrier } from '../backend/graph/record.ts';
import type { Tf } from '../backend/tf.ts';
import { ancestors, type Graph, type GraphNode, type Network } from './graph/graph.ts';
import { builtLayer } from './graph/names.ts';

/** A part of a network to be run: which nodes in which order, and which outputs can be freed when. Compiled once, run for every batch. */
interface Program {
  readonly steps: readonly Step[];
  readonly fetches: readonly string[];
}

interface Step {
  readonly node: GraphNode;
  /** Nodes whose outputs are not needed after this step. */
  readonly free: readonly string[];
}

/**
 * Compiles the program that computes the outputs of `fetches` from the known outputs of `feeds`. It runs only the nodes that are
 * needed, and each once. Pure.
 */
export function compile(graph: Graph, feeds: readonly string[], fetches: readonly string[]): Program {
  const known = new Set(feeds);
  const needed = ancestors(graph, fetches, known);
  if (needed.has(graph.input)) {
    throw internalError(`The outputs of ${fetches.join()} need more than those of ${feeds.join()}.`);
  }
  const nodes = graph.nodes.filter((node) => needed.has(node.id));
  const lastUse = new Map<string, number>();
  nodes.forEach((node, step) => {
    for (const input of node.inputs) lastUse.set(input, step);
  });
  const kept = new Set([...feeds, ...fetches]);
  const steps = nodes.map((node, step) => ({
    node,
    free: [...new Set(node.inputs)].filter((input) => lastUse.get(input) === step && !kept.has(input)),
  }));
  return { steps, fetches: [...new Set(fetches)] };
}

/**
 * Runs a program in inference mode on the layers of the network that it was compiled for. Intermediate tensors are freed after
 * their last use, so the peak memory is that of the widest cut, not of the whole network. The caller keeps the feeds; a fetched
 * node that was fed is returned as it is. What a layer computes does not depend on which others are run, compiled neither.
 */
export function execute(
  tf: Tf,
  network: Network,
  { program, feeds }: { readonly program: Program; readonly feeds: ReadonlyMap<string, Tensor> },
): Map<string, Tensor> {
  const values = new Map(feeds);
  const valueOf = (id: string): Tensor => {
    const value = values.get(id);
    if (value === undefined) throw internalError(`No value for the layer ${id}.`);
    return value;
  };
  for (const { node, free } of program.steps) {
    const inputs = node.inputs.map(valueOf);
    const layer = builtLayer(network, node.layer);
    const [single] = inputs;
    const output = tf.tidy(
      () => layer.apply(inputs.length === 1 && single !== undefined ? single : inputs, { training: false }) as Tensor,
    );
    barrier(tf, output);
    values.set(node.id, output);
    for (const id of free) {
      values.get(id)?.dispose();
      values.delete(id);
    }
  }
  return new Map(program.fetches.map((id) => [id, valueOf(id)]));
}
