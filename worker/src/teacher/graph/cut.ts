import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { internalError } from '@distillation/api/errors';
import type { Tf } from '../../backend/tf.ts';
import { compile, execute } from '../execute.ts';
import { applications, type GraphNode, type Network } from './graph.ts';
import { asImages } from './images.ts';

/** A block's training pair, as images: the input of its layer inside the teacher, and the layer's output there. */
interface BlockPair {
  readonly input: Tensor4D;
  readonly target: Tensor4D;
}

/** The teacher, reduced to what computes the inputs and outputs of some layers. */
export interface TeacherCut {
  readonly layers: readonly string[];
  /**
   * One forward pass in inference mode, down to the deepest of the layers. `x`: images [batch, h, w, c] as the teacher takes them.
   * Call it inside `tf.tidy`, which frees the tensors. Layers share a tensor when one's output is the next one's input; the input
   * of a layer that takes the image is `x` itself.
   */
  run(x: Tensor4D): Map<string, BlockPair>;
}

/**
 * Cuts the teacher at the named layers, each with one input and applied once.
 * @throws DISTILL_E_INTERNAL for a layer that is not in the teacher or is applied more than once.
 */
export function teacherCut(tf: Tf, teacher: Network, layers: readonly string[]): TeacherCut {
  const { graph } = teacher;
  const byLayer = applications(graph);
  const ends = layers.map((layer) => layerEnds(layer, byLayer.get(layer) ?? []));
  const program = compile(
    graph,
    [graph.input],
    ends.flatMap(({ input, output }) => [input, output]),
  );
  return {
    layers,
    run: (x) => {
      const values = execute(tf, teacher, { program, feeds: new Map([[graph.input, x]]) });
      return new Map(
        ends.map(({ layer, input, output }) => [
          layer,
          { input: asImages(valueOf(values, input)), target: asImages(valueOf(values, output)) },
        ]),
      );
    },
  };
}

/** @throws DISTILL_E_INTERNAL when the program did not compute it. */
export function valueOf(values: ReadonlyMap<string, Tensor>, id: string): Tensor {
  const value = values.get(id);
  if (value === undefined) throw internalError(`No value for the layer ${id}.`);
  return value;
}

/** The nodes of a layer's input and of its output. */
interface LayerEnds {
  readonly layer: string;
  readonly input: string;
  readonly output: string;
}

/** @throws DISTILL_E_INTERNAL unless the layer is applied exactly once, to one input. */
export function layerEnds(layer: string, nodes: readonly GraphNode[]): LayerEnds {
  const [node] = nodes;
  const input = node?.inputs[0];
  if (node === undefined || input === undefined || node.inputs.length > 1 || nodes.length > 1) {
    throw internalError(`The layer ${layer} is applied ${nodes.length} times, not once.`, {
      subject: layer,
    });
  }
  return { layer, input, output: node.id };
}
