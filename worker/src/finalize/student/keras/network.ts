import { internalError } from '@distillation/api/errors';
import { type Json, type JsonObject } from '../../../teacher/files/json.ts';
import { snakeCase } from '../../../teacher/graph/containers.ts';
import { applications, type Graph } from '../../../teacher/graph/graph.ts';
import { outputShape, type Shape } from '../../../teacher/layers/shapes.ts';
import { kerasLayers } from './layers.ts';
import { type Call, kerasOrder, type Operation } from './order.ts';
import { kerasNames, unslashed, unusedName } from './names.ts';

/** A network as Keras 3 describes it. */
export interface KerasNetwork {
  /** The content of `config.json`. */
  readonly config: JsonObject;
  /** The group of `model.weights.h5` of each layer, also of those without weights. */
  readonly groups: readonly KerasGroup[];
}

interface KerasGroup {
  /** Its name in the file, under `layers`. */
  readonly group: string;
  /** Keras' name of the layer. */
  readonly name: string;
  /** The layer of the graph whose weights it has. */
  readonly layer?: string;
}

/** The output that an application of a layer takes, and the node of the graph whose shape it has. */
interface Input extends Call {
  readonly node: string;
}

/** A layer of Keras. One layer of the graph becomes one or several, one behind the other, each applied as often as that. */
interface Part extends Operation {
  readonly className: string;
  readonly config: JsonObject;
  /** The layer of the graph whose weights it has. */
  readonly layer?: string;
  readonly inputs: readonly (readonly Input[])[];
}

/**
 * The graph as a functional model, its layers in Keras' own order. Pure.
 * @throws DISTILL_E_EXPORT_LAYER for a layer that Keras lacks.
 */
export function kerasNetwork(graph: Graph): KerasNetwork {
  const shapes = shapesOf(graph);
  const { parts, callOf } = partsOf(graph);
  const ordered = kerasOrder(parts, callOf(graph.output));
  const tensor = ({ node, ...call }: Input): Json => ({
    class_name: '__keras_tensor__',
    config: { shape: [null, ...(shapes.get(node) ?? [])], dtype: 'float32', keras_history: placeOf(call) },
  });
  const layers = ordered.map(({ name, className, config, inputs }): Json => {
    const inbound = inputs.map((each): Json => {
      const tensors = each.map(tensor);
      return { args: tensors.length === 1 ? tensors : [tensors], kwargs: {} };
    });
    return {
      module: 'keras.layers',
      class_name: className,
      // Whatever policy a program has set: the student's figures are of 32 bits.
      config: { name, dtype: 'float32', ...config },
      registered_name: null,
      name,
      inbound_nodes: className === 'InputLayer' ? [] : inbound,
    };
  });
  const ends = { input_layers: placeOf(callOf(graph.input)), output_layers: placeOf(callOf(graph.output)) };
  return {
    config: {
      module: 'keras.src.models.functional',
      class_name: 'Functional',
      config: { name: unslashed(graph.name), trainable: true, layers, ...ends },
      registered_name: 'Functional',
    },
    groups: groupsOf(ordered),
  };
}

/** Layer, application and output, as Keras writes them. */
const placeOf = ({ layer, application }: Call): Json => [layer, application, 0];

interface Parts {
  readonly parts: readonly Part[];
  /** The last layer of Keras that stands for a node. */
  readonly callOf: (node: string) => Call;
}

function partsOf(graph: Graph): Parts {
  const names = kerasNames(graph);
  const taken = new Set(names.values());
  const rows = [...applications(graph)].map(([layer, nodes]) => {
    const found = graph.layers.get(layer);
    const name = names.get(layer);
    if (found === undefined || name === undefined) throw internalError(`Layer ${layer} is applied and not defined.`);
    const row = kerasLayers(found).map((part, index) => ({
      ...part,
      name: index === 0 ? name : unusedName(`${name}_${snakeCase(part.className)}`, taken),
      ...(index === 0 && { layer }),
    }));
    return { nodes, row };
  });
  const calls = new Map<string, Call>();
  for (const { nodes, row } of rows) {
    nodes.forEach(({ id }, application) => calls.set(id, { layer: row.at(-1)?.name ?? '', application }));
  }
  const callOf = (node: string): Call => {
    const call = calls.get(node);
    if (call === undefined) throw internalError(`No output for the layer ${node}.`);
    return call;
  };
  const parts = rows.flatMap(({ nodes, row }) =>
    row.map((part, index): Part => {
      const before = row[index - 1]?.name;
      const inputs = nodes.map(({ id, inputs: read }, application): readonly Input[] =>
        before === undefined
          ? read.map((node) => ({ ...callOf(node), node }))
          : // What stands behind another layer in a row works value by value, so that all have the shape of the node.
            [{ layer: before, application, node: id }],
      );
      return { ...part, inputs };
    }),
  );
  return { parts, callOf };
}

/** Keras numbers the layers of each class. */
function groupsOf(parts: readonly Part[]): KerasGroup[] {
  const counts = new Map<string, number>();
  return parts.map(({ className, name, layer }) => {
    const stored = snakeCase(className);
    const count = counts.get(stored) ?? 0;
    counts.set(stored, count + 1);
    const group = count === 0 ? stored : `${stored}_${count}`;
    return layer === undefined ? { group, name } : { group, name, layer };
  });
}

/** Shape of one sample of each node's output. */
function shapesOf(graph: Graph): Map<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const { id, layer, inputs } of graph.nodes) {
    const { className = '', config = {} } = graph.layers.get(layer) ?? {};
    const shape = outputShape(
      className,
      config,
      inputs.map((input) => shapes.get(input) ?? []),
    );
    if (shape === undefined) throw internalError(`The shape of ${id} is not known.`);
    shapes.set(id, shape);
  }
  return shapes;
}
