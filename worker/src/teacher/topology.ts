import { DistillError } from '@distillation/api/errors';
import { plural } from '@distillation/api/format';
import { callOf, contradiction, isConstant, layerInputs } from './graph/calls.ts';
import { keepsAxes, refuseChannelsFirst } from './layers/channels-first.ts';
import { type Container, inputShape, isModel, readContainer } from './graph/containers.ts';
import type { Entry, Reference } from './graph/entries.ts';
import type { Dialect } from './files/dialect.ts';
import type { Graph, GraphLayer, GraphNode } from './graph/graph.ts';
import { isArray, type Json, type JsonObject, objectOf, stringOf } from './files/json.ts';
import { cleanConfig, isIdentity } from './layers.ts';
import { unsupported } from './layers/refusals.ts';
import { CHANNELS } from './layers/reorder.ts';
import { IntegerTensors } from './layers/integer-tensors.ts';
import {
  isArithmeticLayer,
  isOperation,
  type Numbers,
  type Operation,
  operationOf,
  refusedOperation,
} from './operations.ts';
import { refuseOwnClass } from './layers/own-classes.ts';
import { pathKey, type Place, sharedLayers } from './graph/sharing.ts';

/**
 * Reads a topology into one flat graph: nested models and Sequential chains are inlined, layers that do nothing at
 * inference are removed, configs are cleaned. Pure.
 */

/**
 * The graph of a model config `{class_name, config}`.
 * @throws DISTILL_E_TEACHER_LAYER for a layer that cannot be rebuilt, DISTILL_E_TEACHER_SHAPE for several inputs or outputs,
 * DISTILL_E_TEACHER_CORRUPT for a config that contradicts itself.
 */
export function parseTopology(model: JsonObject, dialect: Dialect): Graph {
  return new Flattener(dialect).flatten(topContainer(model));
}

/** The outermost model of a config `{class_name, config}`. */
export function topContainer(model: JsonObject): Container {
  const className = stringOf(model['class_name'], 'model class_name');
  const config: Json = isArray(model['config'])
    ? { layers: model['config'] }
    : objectOf(model['config'], 'model config');
  refuseOwnClass(typeof config['name'] === 'string' ? config['name'] : 'model', className, model);
  return readContainer(className, config, { path: [], store: [] });
}

class Flattener {
  readonly #dialect: Dialect;
  readonly #layers = new Map<string, GraphLayer>();
  readonly #nodes: GraphNode[] = [];
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #picks = new Map<string, { readonly source: string; readonly channel: number; readonly by: string }>();
  /** Ids of nodes whose outputs have the axes of the network's input. */
  readonly #axesOfInput = new Set<string>();
  #inputShape: Json = null;
  #firstPlaces: ReadonlyMap<string, Place> = new Map();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  flatten(top: Container): Graph {
    // Outer names take precedence: a layer at the top keeps its name, whatever the names in nested models.
    for (const entry of top.layers) this.#taken.add(entry.name);
    this.#firstPlaces = sharedLayers(top);
    for (const entry of top.layers) this.#names.set(pathKey(this.#placeOf(entry).path), entry.name);
    if (top.inputs.length !== 1 || top.outputs.length !== 1) {
      throw new DistillError(
        'DISTILL_E_TEACHER_SHAPE',
        `The teacher has ${plural(top.inputs.length, 'input')} and ${plural(top.outputs.length, 'output')}, not one of each.`,
      );
    }
    const input = this.#addInput(top);
    const [output] = this.#run(top, [input]);
    if (output === undefined || output === input) {
      throw new DistillError('DISTILL_E_TEACHER_SHAPE', 'The teacher has no layer between its input and its output.');
    }
    return { name: top.name, layers: this.#layers, nodes: this.#nodes, input, output };
  }

  #addInput(top: Container): string {
    const [reference] = top.inputs;
    const found = top.layers.find((entry) => entry.name === reference?.layer && entry.className === 'InputLayer');
    const first = found ?? top.layers[0];
    const shape = first === undefined ? undefined : inputShape(first, top);
    if (found !== undefined) cleanConfig(found, this.#dialect);
    const name = found?.name ?? this.#unique(['input']);
    this.#inputShape = shape ?? null;
    this.#axesOfInput.add(name);
    const config = { name, batch_input_shape: this.#inputShape, dtype: 'float32' };
    this.#layers.set(name, { name, className: 'InputLayer', config, path: [name], store: [] });
    this.#nodes.push({ id: name, layer: name, inputs: [] });
    return name;
  }

  /** Applies a container to `inputs` (node ids); returns the ids of its outputs. */
  #run(container: Container, inputs: readonly string[]): string[] {
    if (container.sequential) return [this.#runSequential(container, inputs)];
    const byName = new Map(container.layers.map((entry) => [entry.name, entry]));
    const done = new Map<string, string>();
    container.inputs.forEach((reference, index) => {
      const bound = inputs[index];
      if (bound === undefined)
        throw contradiction(`model ${container.name} takes ${plural(container.inputs.length, 'input')}`);
      done.set(keyOf(reference), bound);
    });
    const integers = new IntegerTensors(container);
    const open = new Set<string>();
    const resolve = (reference: Reference): string => {
      const key = keyOf(reference);
      const known = done.get(key);
      if (known !== undefined) return known;
      const entry = byName.get(reference.layer);
      if (entry === undefined) throw contradiction(`layer ${JSON.stringify(reference.layer)} is used but not defined`);
      if (open.has(key)) throw contradiction(`layer ${JSON.stringify(reference.layer)} depends on itself`);
      open.add(key);
      const call = callOf(entry, reference.application);
      const operation = isOperation(entry) || isArithmeticLayer(entry, call) ? operationOf(entry, call) : undefined;
      const references = operation === undefined ? layerInputs(entry, call) : call.operands;
      const sources = references.flatMap((operand) => (isConstant(operand) ? [] : resolve(operand)));
      if (!isModel(entry.className)) integers.note(entry, reference.application, references);
      const id = operation === undefined ? this.#apply(entry, sources) : this.#compute(entry, operation, sources);
      done.set(key, id);
      return id;
    };
    return container.outputs.map(resolve);
  }

  #runSequential(container: Container, inputs: readonly string[]): string {
    let [current] = inputs;
    if (current === undefined || inputs.length > 1) throw contradiction(`model ${container.name} takes one input`);
    for (const entry of container.layers) if (entry.className !== 'InputLayer') current = this.#apply(entry, [current]);
    return current;
  }

  /** Applies one layer or nested model; returns the id of its output. */
  #apply(entry: Entry, inputs: readonly string[]): string {
    if (isModel(entry.className)) {
      const nested = readContainer(entry.className, entry.config, this.#placeOf(entry));
      const outputs = this.#run(nested, inputs);
      const [output] = outputs;
      if (output === undefined || outputs.length > 1)
        throw unsupported(entry.name, `${entry.className} with several outputs`);
      return output;
    }
    const [first] = inputs;
    if (first === undefined) throw contradiction(`layer ${JSON.stringify(entry.name)} has no input`);
    if (inputs.some((input) => this.#axesOfInput.has(input))) refuseChannelsFirst(entry, this.#inputShape);
    if (isIdentity(entry.className)) {
      cleanConfig(entry, this.#dialect);
      return this.#image(first);
    }
    const place = this.#placeOf(entry);
    const name = this.#nameOf(place.path);
    if (!this.#layers.has(name)) {
      const config = cleanConfig({ ...entry, name }, this.#dialect);
      this.#layers.set(name, { name, className: entry.className, config, ...place });
    }
    return this.#addNode(name, inputs);
  }

  #addNode(layer: string, inputs: readonly string[]): string {
    const calls = this.#nodes.filter((node) => node.layer === layer).length;
    const id = calls === 0 ? layer : `${layer}@${calls}`;
    this.#nodes.push({ id, layer, inputs: inputs.map((input) => this.#image(input)) });
    const applied = this.#layers.get(layer);
    if (applied !== undefined && keepsAxes(applied) && inputs.some((input) => this.#axesOfInput.has(input)))
      this.#axesOfInput.add(id);
    return id;
  }

  /** The operation's output, as that of a layer with its name. */
  #compute(entry: Entry, operation: Operation, inputs: readonly string[]): string {
    const [first = '', second = ''] = inputs;
    switch (operation.kind) {
      case 'Same':
        return this.#image(first);
      case 'Affine':
        return this.#rebuilt(entry, rescaling(operation.scale, operation.offset), [first]);
      case 'Layer':
        return this.#rebuilt(entry, operation, inputs);
      case 'Difference': {
        const negative = this.#rebuilt({ ...entry, name: `${entry.name}_negative` }, rescaling(-1, 0), [second]);
        return this.#rebuilt(entry, { className: 'Add', config: {} }, [first, negative]);
      }
      case 'Pick': {
        const id = this.#unique([entry.name]);
        this.#picks.set(id, { source: this.#image(first), channel: operation.channel, by: entry.name });
        return id;
      }
      case 'Stack': {
        const picks = inputs.map((input) => this.#picks.get(input));
        const source = picks[0]?.source;
        const indices = picks.flatMap((pick) => (pick === undefined || pick.source !== source ? [] : pick.channel));
        if (source === undefined || indices.length < picks.length)
          throw refusedOperation(entry, 'a stack of other than channels');
        return this.#rebuilt(entry, { className: CHANNELS, config: { indices } }, [source]);
      }
      case 'Channels':
        return this.#rebuilt(entry, { className: CHANNELS, config: { indices: operation.indices } }, [first]);
    }
  }

  #rebuilt(
    entry: Entry,
    { className, config }: { readonly className: string; readonly config: JsonObject },
    inputs: readonly string[],
  ): string {
    const path = [...entry.path.slice(0, -1), entry.name];
    const name = this.#nameOf(path);
    this.#layers.set(name, { name, className, config: { name, ...config }, path, store: [] });
    return this.#addNode(name, inputs);
  }

  /** Returns `id`, unless it is a single channel, which only a stack accepts. */
  #image(id: string): string {
    const pick = this.#picks.get(id);
    if (pick === undefined) return id;
    throw refusedOperation({ name: pick.by }, `channel ${pick.channel} alone`);
  }

  #placeOf(entry: Entry): Place {
    return this.#firstPlaces.get(pathKey(entry.path)) ?? { path: entry.path, store: entry.store };
  }

  #nameOf(path: readonly string[]): string {
    const key = pathKey(path);
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = this.#unique(path);
    this.#names.set(key, name);
    return name;
  }

  #unique(path: readonly string[]): string {
    for (let kept = 1; ; kept++) {
      const base = path.slice(-kept).join('_');
      const name = kept <= path.length ? base : `${base}_${kept - path.length}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }
}

function rescaling(scale: Numbers, offset: Numbers): { readonly className: string; readonly config: JsonObject } {
  return { className: 'Rescaling', config: { scale, offset } };
}

function keyOf(reference: Reference): string {
  return `${reference.layer}@${reference.application}`;
}
