import { DistillError } from '@distillation/api/errors';
import { arrayOf, excerpt, isArray, isObject, type Json, type JsonObject, objectOf, stringOf } from './json.ts';
import { unsupported } from './layers/refusals.ts';

/** Reads one model config of Keras 2, Keras 3 or TensorFlow.js: what its layers are and what each takes. Pure. */

const FUNCTIONAL = new Set(['Functional', 'Model']);

/** Whether a layer of this class is a model of layers itself. */
export function isModel(className: string): boolean {
  return FUNCTIONAL.has(className) || className === 'Sequential';
}

/** A model as a file describes it. */
export interface Container {
  readonly name: string;
  readonly sequential: boolean;
  readonly layers: readonly Entry[];
  readonly inputs: readonly Reference[];
  readonly outputs: readonly Reference[];
  /** A Sequential's own note of its input shape, where no layer says it. */
  readonly buildShape: Json | undefined;
}

/** A layer, or a nested model, as a file describes it. */
export interface Entry {
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
export interface Reference {
  readonly layer: string;
  readonly application: number;
}

/**
 * The layers, inputs and outputs of a model config. `at`: the path of the model itself, in names and in stored names.
 * @throws DISTILL_E_TEACHER_CORRUPT, DISTILL_E_TEACHER_LAYER for a model class of its own.
 */
export function readContainer(
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
export function inboundReferences(entry: Entry, application: number): Reference[] {
  const nodes = arrayOf(entry.raw['inbound_nodes'], `inbound nodes of ${entry.name}`);
  const node = nodes[application - entry.firstApplication];
  if (node === undefined) throw contradiction(`layer ${JSON.stringify(entry.name)} has no input node ${application}`);
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
  if (tensor !== 0 || typeof application !== 'number')
    throw contradiction(`reference ${excerpt(value)} to a layer's output`);
  return { layer: stringOf(layer, 'reference to a layer'), application };
}

/** The shape of the model's input, as the layer that takes it or the model has it. */
export function inputShape(entry: Entry, top: Container): Json | undefined {
  const build = entry.raw['build_config'];
  return (
    entry.config['batch_shape'] ??
    entry.config['batch_input_shape'] ??
    (top.sequential && isObject(build) ? build['input_shape'] : undefined) ??
    top.buildShape
  );
}

/** Keras' naming of a class in a `.keras` archive. */
function snakeCase(className: string): string {
  const words = className.replace(/\W+/g, '').replace(/(.)([A-Z][a-z]+)/g, '$1_$2');
  return words.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
}

/** The complaint about a topology. */
export function contradiction(problem: string): DistillError {
  return new DistillError('DISTILL_E_TEACHER_CORRUPT', `The teacher's topology contradicts itself: ${problem}.`);
}
