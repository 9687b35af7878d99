import { type DistillError, internalError } from '@distillation/api/errors';
import type { Weight } from '@distillation/ledger/tensors';
import type { Tf } from '../../../backend/tf.ts';
import type { BlockGraph } from '../../../blocks/export.ts';
import { buildModel, readWeights } from '../../build.ts';
import { applications, type Graph, type GraphLayer, type GraphNode, type Network } from '../graph.ts';
import type { JsonObject } from '../../files/json.ts';
import { cleanConfig } from '../../layers.ts';

/** A trained block, ready to replace a layer. */
export interface Replacement {
  readonly block: BlockGraph;
  /** Named by the block's nodes, such as `sep1/depthwise_kernel`. */
  readonly weights: readonly Weight[];
}

/** Name in the student for a block's node, or for a weight of it. */
export function studentLayerName(layer: string, node: string): string {
  return `${layer}_distill_${node}`;
}

/** Graph and weights from which any number of students can be assembled. */
interface StudentParts {
  readonly graph: Graph;
  readonly weights: readonly Weight[];
}

/**
 * The teacher with the named layers replaced by blocks, as a LayersModel of standard layers. All other weights are the teacher's,
 * which is not changed.
 * @throws DISTILL_E_INTERNAL for a layer that is not in the teacher, or a name that is taken.
 */
export function studentParts(teacher: Network, replacements: ReadonlyMap<string, Replacement>): StudentParts {
  const blocks = new Map([...replacements].map(([layer, { block }]) => [layer, block]));
  const own = [...replacements].flatMap(([layer, { weights }]) =>
    weights.map((weight) => ({ ...weight, name: studentLayerName(layer, weight.name) })),
  );
  return { graph: spliceBlocks(teacher.graph, blocks), weights: [...readWeights(teacher), ...own] };
}

/**
 * A student; the caller disposes of the model.
 * @throws DISTILL_E_INTERNAL for weights that do not fit.
 */
export async function assembleStudent(tf: Tf, { graph, weights }: StudentParts): Promise<Network> {
  try {
    return { graph, model: await buildModel(tf, graph, weights) };
  } catch (cause) {
    // The teacher was loaded completely, so a weight that does not fit is a block's.
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw internalError(`The student cannot be assembled. ${problem}`, { cause });
  }
}

/** The graph with each named layer replaced by its block. Pure. */
function spliceBlocks(graph: Graph, blocks: ReadonlyMap<string, BlockGraph>): Graph {
  const layers = new Map(graph.layers);
  const nodes: GraphNode[] = [];
  const renamed = new Map<string, string>();
  const current = (id: string): string => renamed.get(id) ?? id;
  const uses = applications(graph);
  for (const layer of blocks.keys()) {
    if (uses.get(layer)?.length !== 1)
      throw internal(layer, `is applied ${uses.get(layer)?.length ?? 0} times, not once`);
  }
  for (const node of graph.nodes) {
    const block = blocks.get(node.layer);
    const inputs = node.inputs.map(current);
    if (block === undefined) {
      nodes.push({ ...node, inputs });
      continue;
    }
    layers.delete(node.layer);
    const nameOf = (name: string): string =>
      name === '@input' ? (inputs[0] ?? '') : studentLayerName(node.layer, name);
    for (const part of block.nodes) {
      const layer = blockLayer(nameOf(part.name), part.className, part.config as JsonObject);
      if (layers.has(layer.name)) throw internal(layer.name, 'is already in the network');
      layers.set(layer.name, layer);
      nodes.push({ id: layer.name, layer: layer.name, inputs: part.inputs.map(nameOf) });
    }
    renamed.set(node.id, nameOf(block.output));
  }
  return { ...graph, layers, nodes, output: current(graph.output) };
}

function blockLayer(name: string, className: string, config: JsonObject): GraphLayer {
  return {
    name,
    className,
    config: cleanConfig({ name, className, config }, 'TensorFlow.js'),
    path: [name],
    store: [],
  };
}

function internal(layer: string, problem: string): DistillError {
  return internalError(`The layer ${layer} ${problem}.`, { subject: layer });
}
