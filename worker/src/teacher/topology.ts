import { DistillError } from '@distillation/api/errors';
import {
  type Container,
  contradiction,
  type Entry,
  inboundReferences,
  inputShape,
  isModel,
  readContainer,
  type Reference,
} from './containers.ts';
import type { Dialect } from './dialect.ts';
import type { Graph, GraphLayer, GraphNode } from './graph.ts';
import { isArray, type Json, type JsonObject, objectOf, stringOf } from './json.ts';
import { cleanConfig, isIdentity } from './layers.ts';
import { unsupported } from './layers/refusals.ts';

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
  const className = stringOf(model['class_name'], 'model class_name');
  const config: Json = isArray(model['config'])
    ? { layers: model['config'] }
    : objectOf(model['config'], 'model config');
  return new Flattener(dialect).flatten(className, config);
}

class Flattener {
  readonly #dialect: Dialect;
  readonly #layers = new Map<string, GraphLayer>();
  readonly #nodes: GraphNode[] = [];
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  flatten(className: string, config: JsonObject): Graph {
    const top = readContainer(className, config, { path: [], store: [] });
    // Outer names win: a layer at the top keeps its name whatever nested models call theirs.
    for (const entry of top.layers) this.#taken.add(entry.name);
    for (const entry of top.layers) this.#names.set(entry.path.join('/'), entry.name);
    if (top.inputs.length !== 1 || top.outputs.length !== 1) {
      throw new DistillError(
        'DISTILL_E_TEACHER_SHAPE',
        `The teacher has ${top.inputs.length} inputs and ${top.outputs.length} outputs, not one of each.`,
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
    const name = found?.name ?? this.#unique(['input']);
    const config = { name, batch_input_shape: shape ?? null, dtype: 'float32' };
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
      if (bound === undefined) throw contradiction(`model ${container.name} takes ${container.inputs.length} inputs`);
      done.set(keyOf(reference), bound);
    });
    const open = new Set<string>();
    const resolve = (reference: Reference): string => {
      const key = keyOf(reference);
      const known = done.get(key);
      if (known !== undefined) return known;
      const entry = byName.get(reference.layer);
      if (entry === undefined) throw contradiction(`layer ${JSON.stringify(reference.layer)} is used but not defined`);
      if (open.has(key)) throw contradiction(`layer ${JSON.stringify(reference.layer)} depends on itself`);
      open.add(key);
      const sources = inboundReferences(entry, reference.application).map(resolve);
      const id = this.#apply(entry, sources);
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
      const nested = readContainer(entry.className, entry.config, entry);
      const outputs = this.#run(nested, inputs);
      const [output] = outputs;
      if (output === undefined || outputs.length > 1)
        throw unsupported(entry.name, `${entry.className} with several outputs`);
      return output;
    }
    const [first] = inputs;
    if (first === undefined) throw contradiction(`layer ${JSON.stringify(entry.name)} has no input`);
    if (isIdentity(entry.className)) {
      cleanConfig(entry, this.#dialect);
      return first;
    }
    const name = this.#nameOf(entry);
    if (!this.#layers.has(name)) {
      const config = cleanConfig({ ...entry, name }, this.#dialect);
      this.#layers.set(name, { name, className: entry.className, config, path: entry.path, store: entry.store });
    }
    const calls = this.#nodes.filter((node) => node.layer === name).length;
    const id = calls === 0 ? name : `${name}@${calls}`;
    this.#nodes.push({ id, layer: name, inputs });
    return id;
  }

  #nameOf(entry: Entry): string {
    const key = entry.path.join('/');
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = this.#unique(entry.path);
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

function keyOf(reference: Reference): string {
  return `${reference.layer}@${reference.application}`;
}
