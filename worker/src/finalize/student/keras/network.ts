import { internalError } from '@distillation/api/errors';
import { type Json, type JsonObject } from '../../../teacher/files/json.ts';
import { snakeCase } from '../../../teacher/graph/containers.ts';
import { applications, type Graph, type GraphNode } from '../../../teacher/graph/graph.ts';
import { outputShape, type Shape } from '../../../teacher/layers/shapes.ts';
import { type KerasLayer, kerasLayers } from './layers.ts';
import { type Call, kerasOrder } from './order.ts';
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

/** The Keras layers that stand for one layer of the graph, one behind the other, each applied as often as that. */
interface Row {
  readonly layer: string;
  readonly nodes: readonly GraphNode[];
  readonly parts: readonly (KerasLayer & { readonly name: string })[];
}

/**
 * The graph as a functional model. Pure.
 * @throws DISTILL_E_EXPORT_LAYER for a layer that Keras lacks.
 */
export function kerasNetwork(graph: Graph): KerasNetwork {
  const rows = rowsOf(graph);
  const shapes = shapesOf(graph);
  /** Layer, application and output in Keras, by node. */
  const places = new Map<string, Json>();
  for (const { nodes, parts } of rows) {
    nodes.forEach(({ id }, application) => places.set(id, [parts.at(-1)?.name ?? null, application, 0]));
  }
  const tensor = (id: string, place: Json = places.get(id) ?? null): Json => ({
    class_name: '__keras_tensor__',
    config: { shape: [null, ...(shapes.get(id) ?? [])], dtype: 'float32', keras_history: place },
  });
  const order = orderOf(graph, rows);
  const described = rows.flatMap(({ nodes, parts }) =>
    parts.map(({ name, className, config }, index): [string, Json] => {
      const before = parts[index - 1]?.name;
      const inbound = nodes.map(({ id, inputs }, application): Json => {
        // What stands behind another layer in a row works value by value, so that all have the shape of the node.
        const tensors =
          before === undefined ? inputs.map((input) => tensor(input)) : [tensor(id, [before, application, 0])];
        return { args: tensors.length === 1 ? tensors : [tensors], kwargs: {} };
      });
      const layer: JsonObject = {
        module: 'keras.layers',
        class_name: className,
        // Whatever policy a program has set: the student's figures are of 32 bits.
        config: { name, dtype: 'float32', ...config },
        registered_name: null,
        name,
        inbound_nodes: className === 'InputLayer' ? [] : inbound,
      };
      return [name, layer];
    }),
  );
  const layers = inOrder(order, new Map(described));
  const ends = { input_layers: places.get(graph.input) ?? null, output_layers: places.get(graph.output) ?? null };
  return {
    config: {
      module: 'keras.src.models.functional',
      class_name: 'Functional',
      config: { name: unslashed(graph.name), trainable: true, layers, ...ends },
      registered_name: 'Functional',
    },
    groups: groupsOf(rows, order),
  };
}

function rowsOf(graph: Graph): Row[] {
  const names = kerasNames(graph);
  const taken = new Set(names.values());
  return [...applications(graph)].map(([layer, nodes]) => {
    const found = graph.layers.get(layer);
    const name = names.get(layer);
    if (found === undefined || name === undefined) throw internalError(`Layer ${layer} is applied and not defined.`);
    const parts = kerasLayers(found).map((part, index) => ({
      ...part,
      name: index === 0 ? name : unusedName(`${name}_${snakeCase(part.className)}`, taken),
    }));
    return { layer, nodes, parts };
  });
}

/** The layers of Keras in its own order. */
function orderOf(graph: Graph, rows: readonly Row[]): string[] {
  const ends = new Map<string, Call>();
  for (const { nodes, parts } of rows) {
    nodes.forEach(({ id }, application) => ends.set(id, { layer: parts.at(-1)?.name ?? '', application }));
  }
  const endOf = (id: string): Call => {
    const end = ends.get(id);
    if (end === undefined) throw internalError(`No output for the layer ${id}.`);
    return end;
  };
  const operations = rows.flatMap(({ nodes, parts }) =>
    parts.map(({ name }, index) => {
      const before = parts[index - 1]?.name;
      const inputs = nodes.map((node, application): readonly Call[] =>
        before === undefined ? node.inputs.map(endOf) : [{ layer: before, application }],
      );
      return { name, inputs };
    }),
  );
  return kerasOrder(operations, endOf(graph.output));
}

function inOrder<Value>(order: readonly string[], values: ReadonlyMap<string, Value>): Value[] {
  return order.map((name) => {
    const value = values.get(name);
    if (value === undefined) throw internalError(`Layer ${name} is applied and not defined.`);
    return value;
  });
}

/** Keras numbers the layers of each class. */
function groupsOf(rows: readonly Row[], order: readonly string[]): KerasGroup[] {
  const parts = rows.flatMap((row) =>
    row.parts.map(
      ({ name, className }, index): [string, Omit<KerasGroup, 'group'> & { readonly className: string }] => [
        name,
        { name, className, ...(index === 0 && { layer: row.layer }) },
      ],
    ),
  );
  const counts = new Map<string, number>();
  return inOrder(order, new Map(parts)).map(({ className, ...named }) => {
    const stored = snakeCase(className);
    const count = counts.get(stored) ?? 0;
    counts.set(stored, count + 1);
    return { group: count === 0 ? stored : `${stored}_${count}`, ...named };
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
