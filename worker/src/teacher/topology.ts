import { DistillError } from '@distillation/api/errors';
import type { Graph, GraphLayer, GraphNode } from './graph.ts';
import { arrayOf, excerpt, isArray, isObject, type Json, type JsonObject, objectOf, stringOf } from './json.ts';
import { cleanConfig, isIdentity, unsupported } from './layers.ts';

/**
 * Reads the topology that Keras 2, Keras 3 and TensorFlow.js write into one flat graph: nested models and Sequential
 * chains are inlined, layers that do nothing at inference are removed, configs are cleaned. Pure.
 */

const FUNCTIONAL = new Set(['Functional', 'Model']);

function isModel(className: string): boolean {
  return FUNCTIONAL.has(className) || className === 'Sequential';
}

interface Container {
  readonly name: string;
  readonly sequential: boolean;
  readonly layers: readonly Entry[];
  readonly inputs: readonly Reference[];
  readonly outputs: readonly Reference[];
  /** A Sequential's own note of its input shape, where no layer says it. */
  readonly buildShape: Json | undefined;
}

interface Entry {
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
  readonly raw: JsonObject;
  readonly path: readonly string[];
  readonly store: readonly string[];
  /** The number that references give to its first application. */
  readonly firstApplication: number;
}

/** The output of a layer's n-th application. */
interface Reference {
  readonly layer: string;
  readonly application: number;
}

/**
 * The graph of a model config `{class_name, config}`.
 * @throws DISTILL_E_TEACHER_LAYER for a layer that cannot be rebuilt, DISTILL_E_TEACHER_SHAPE for several inputs or outputs,
 * DISTILL_E_TEACHER_CORRUPT for a config that contradicts itself.
 */
export function parseTopology(model: JsonObject): Graph {
  const className = stringOf(model['class_name'], 'model class_name');
  const config: Json = isArray(model['config'])
    ? { layers: model['config'] }
    : objectOf(model['config'], 'model config');
  return new Flattener().flatten(className, config);
}

class Flattener {
  readonly #layers = new Map<string, GraphLayer>();
  readonly #nodes: GraphNode[] = [];
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();

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
      if (bound === undefined) throw corrupt(`model ${container.name} takes ${container.inputs.length} inputs`);
      done.set(keyOf(reference), bound);
    });
    const open = new Set<string>();
    const resolve = (reference: Reference): string => {
      const key = keyOf(reference);
      const known = done.get(key);
      if (known !== undefined) return known;
      const entry = byName.get(reference.layer);
      if (entry === undefined) throw corrupt(`layer ${JSON.stringify(reference.layer)} is used but not defined`);
      if (open.has(key)) throw corrupt(`layer ${JSON.stringify(reference.layer)} depends on itself`);
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
    if (current === undefined || inputs.length > 1) throw corrupt(`model ${container.name} takes one input`);
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
    if (first === undefined) throw corrupt(`layer ${JSON.stringify(entry.name)} has no input`);
    if (isIdentity(entry.className)) return first;
    const name = this.#nameOf(entry);
    if (!this.#layers.has(name)) {
      const config = cleanConfig(name, entry.className, entry.config);
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

function readContainer(
  className: string,
  config: JsonObject,
  at: { readonly path: readonly string[]; readonly store: readonly string[] },
): Container {
  const name = typeof config['name'] === 'string' ? config['name'] : 'model';
  const sequential = className === 'Sequential';
  if (!sequential && !FUNCTIONAL.has(className)) throw unsupported(name, `${className} (a model class of its own)`);
  const used = new Map<string, number>();
  const layers = arrayOf(config['layers'], `list of layers of ${name}`).map((item): Entry => {
    const raw = objectOf(item, `layer of ${name}`);
    const kind = stringOf(raw['class_name'], `class_name of a layer of ${name}`);
    const inner = objectOf(raw['config'], `config of a ${kind} layer of ${name}`);
    const layerName = stringOf(raw['name'] ?? inner['name'], `name of a ${kind} layer`);
    const stored = snakeCase(kind);
    const count = used.get(stored) ?? 0;
    used.set(stored, count + 1);
    const store = [...at.store, count === 0 ? stored : `${stored}_${count}`];
    const first = isModel(kind) ? firstApplication(layerName, config) : 0;
    return {
      name: layerName,
      className: kind,
      config: inner,
      raw,
      path: [...at.path, layerName],
      store,
      firstApplication: first,
    };
  });
  const inputs = sequential ? [{ layer: layers[0]?.name ?? '', application: 0 }] : endpoints(config['input_layers']);
  const outputs = sequential
    ? [{ layer: layers.at(-1)?.name ?? '', application: 0 }]
    : endpoints(config['output_layers']);
  return { name, sequential, layers, inputs, outputs, buildShape: config['build_input_shape'] };
}

/** `[["x",0,0], ...]` or, for a single one, Keras 3's `["x",0,0]`. */
function endpoints(value: Json | undefined): Reference[] {
  const list = arrayOf(value, 'list of model inputs or outputs');
  return (typeof list[0] === 'string' ? [list] : list).map(referenceOf);
}

/** What the n-th application of a layer takes. Keras 2 and TensorFlow.js: `[["x",0,0,{}], ...]`; Keras 3: `{args, kwargs}`. */
function inboundReferences(entry: Entry, application: number): Reference[] {
  const nodes = arrayOf(entry.raw['inbound_nodes'], `inbound nodes of ${entry.name}`);
  const node = nodes[application - entry.firstApplication];
  if (node === undefined) throw corrupt(`layer ${JSON.stringify(entry.name)} has no input node ${application}`);
  if (isObject(node)) {
    checkArguments(entry, node['kwargs']);
    return tensorsOf(entry, node['args'] ?? []);
  }
  const list = arrayOf(node, `inbound node of ${entry.name}`);
  return (typeof list[0] === 'string' ? [list] : list).map((item) => {
    checkArguments(entry, isArray(item) ? item[3] : undefined);
    return referenceOf(item);
  });
}

/**
 * Keras 2 counts a nested model's own construction as its application 0 and does not list it, Keras 3 does neither: the
 * smallest number by which `json` refers to the model tells.
 */
function firstApplication(name: string, json: Json | undefined): number {
  if (isArray(json) && json[0] === name && typeof json[1] === 'number') return json[1];
  const parts = isArray(json) ? json : isObject(json) ? Object.values(json) : [];
  return Math.min(...parts.map((part) => firstApplication(name, part)));
}

function tensorsOf(entry: Entry, value: Json | undefined): Reference[] {
  if (isArray(value)) return value.flatMap((item) => tensorsOf(entry, item));
  if (value === null) return [];
  if (isObject(value) && value['class_name'] === '__keras_tensor__') {
    return [referenceOf(objectOf(value['config'], 'keras tensor')['keras_history'])];
  }
  throw unsupported(entry.name, `${entry.className} (an operation with the argument ${excerpt(value)})`);
}

/** `training` and an absent mask do not change inference; any other argument would. */
function checkArguments(entry: Entry, kwargs: Json | undefined): void {
  for (const [key, value] of Object.entries(isObject(kwargs) ? kwargs : {})) {
    if (key === 'training' || value === null || value === undefined) continue;
    throw unsupported(entry.name, `${entry.className} called with ${key}=${excerpt(value)}`);
  }
}

function referenceOf(value: Json | undefined): Reference {
  const [layer, application, tensor] = arrayOf(value, 'reference to a layer');
  if (tensor !== 0 || typeof application !== 'number') throw corrupt(`reference ${excerpt(value)} to a layer's output`);
  return { layer: stringOf(layer, 'reference to a layer'), application };
}

function inputShape(entry: Entry, top: Container): Json | undefined {
  const build = entry.raw['build_config'];
  return (
    entry.config['batch_shape'] ??
    entry.config['batch_input_shape'] ??
    (top.sequential && isObject(build) ? build['input_shape'] : undefined) ??
    top.buildShape
  );
}

function keyOf(reference: Reference): string {
  return `${reference.layer}@${reference.application}`;
}

/** Keras' naming of a class in a `.keras` archive. */
function snakeCase(className: string): string {
  const words = className.replace(/\W+/g, '').replace(/(.)([A-Z][a-z]+)/g, '$1_$2');
  return words.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
}

function corrupt(problem: string): DistillError {
  return new DistillError('DISTILL_E_TEACHER_CORRUPT', `The teacher's topology contradicts itself: ${problem}.`);
}
