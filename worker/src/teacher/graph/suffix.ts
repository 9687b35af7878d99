import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { Tf } from '../../backend/tf.ts';
import { nodeShapes } from './costs.ts';
import { layerEnds, valueOf } from './cut.ts';
import { compile, execute } from '../execute.ts';
import { ancestors, applications, descendants, type Graph, type Network } from './graph.ts';
import { asImages, fromImages } from './images.ts';

/**
 * The nodes whose outputs, together with that of node `id`, determine the network's output: what the part after `id` takes from the
 * part that does not depend on it. Empty in a plain chain; in a ResNet, the other ends of the skip connections.
 */
export function frontier(graph: Graph, id: string): string[] {
  const behind = descendants(graph, id);
  const needed = ancestors(graph, [graph.output], new Set([id]));
  const inputs = graph.nodes
    .filter((node) => behind.has(node.id) && node.id !== id && needed.has(node.id))
    .flatMap((node) => node.inputs);
  return [...new Set(inputs.filter((input) => !behind.has(input)))];
}

/** The part of a network after one layer. */
interface Suffix {
  readonly layer: string;
  /** Nodes whose outputs `run` needs besides the layer's own. */
  readonly frontier: readonly string[];
  /** The network's output with `replaced` in place of the layer's output; runs only what depends on it. */
  run(replaced: Tensor, values: ReadonlyMap<string, Tensor>): Tensor;
}

/** Makes the part of a network that follows a layer. */
export function networkSuffix(tf: Tf, network: Network, layer: string): Suffix {
  const { graph } = network;
  const { output } = layerEnds(layer, applications(graph).get(layer) ?? []);
  const needed = frontier(graph, output);
  const program = compile(graph, [output, ...needed], [graph.output]);
  return {
    layer,
    frontier: needed,
    run: (replaced, values) => {
      const feeds = new Map<string, Tensor>(values).set(output, replaced);
      const result = execute(tf, network, { program, feeds }).get(graph.output);
      return result ?? replaced;
    },
  };
}

/** One layer during a probe of the network. */
interface ProbedLayer {
  /** As images, as blocks take it. */
  readonly input: Tensor4D;
  /** The network's output when the output of this layer alone is `replaced`, as images. */
  outputWith(replaced: Tensor4D): Tensor2D;
}

interface Probe {
  /** The network's own output. */
  readonly output: Tensor2D;
  readonly layers: ReadonlyMap<string, ProbedLayer>;
}

/**
 * Measures blocks inside the network: one forward pass computes the network's output, each layer's input and everything that the
 * parts after the layers need; a block then costs only what follows it. Call the result inside `tf.tidy`.
 */
export function networkProbe(tf: Tf, network: Network, layers: readonly string[]): (x: Tensor4D) => Probe {
  const { graph } = network;
  const byLayer = applications(graph);
  const ends = layers.map((layer) => layerEnds(layer, byLayer.get(layer) ?? []));
  const suffixes = layers.map((layer) => networkSuffix(tf, network, layer));
  const fetches = [...ends.map(({ input }) => input), ...suffixes.flatMap((suffix) => suffix.frontier), graph.output];
  const program = compile(graph, [graph.input], fetches);
  const shapes = nodeShapes(network);
  return (x) => {
    const values = execute(tf, network, { program, feeds: new Map([[graph.input, x]]) });
    const probed = suffixes.map((suffix, index): [string, ProbedLayer] => {
      const { input = '', output = '' } = ends[index] ?? {};
      const sample = shapes.get(output) ?? [];
      return [
        suffix.layer,
        {
          input: asImages(valueOf(values, input)),
          outputWith: (replaced) => suffix.run(fromImages(replaced, sample), values) as Tensor2D,
        },
      ];
    });
    return { output: values.get(graph.output) as Tensor2D, layers: new Map(probed) };
  };
}
