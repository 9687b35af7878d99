import { referenceOf } from './calls.ts';
import type { Entry, Reference } from './entries.ts';
import { arrayOf, isArray, isObject, type Json, type JsonObject, objectOf, stringOf } from '../files/json.ts';
import { unsupported } from '../layers/refusals.ts';
import { refuseOwnClass } from '../layers/own-classes.ts';

/** Reads one model config of Keras 2, Keras 3 or TensorFlow.js: its layers and their inputs. Pure. */

const FUNCTIONAL = new Set(['Functional', 'Model']);

/** Whether a layer of this class is itself a model. */
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
  /** The input shape that a Sequential itself records, when no layer has it. */
  readonly buildShape: Json | undefined;
}

/**
 * The layers, inputs and outputs of a model config. `at`: the path of the model itself, in names and in stored names.
 * @throws DISTILL_E_TEACHER_CORRUPT, DISTILL_E_TEACHER_LAYER for a custom model class.
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
    refuseOwnClass(layerName, kind, raw);
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
  const inputs = sequential
    ? [{ layer: layers[0]?.name ?? '', application: 0 }]
    : endpoints(config['input_layers'], name);
  const outputs = sequential
    ? [{ layer: layers.at(-1)?.name ?? '', application: 0 }]
    : endpoints(config['output_layers'], name);
  return { name, sequential, layers, inputs, outputs, buildShape: config['build_input_shape'] };
}

/** `[["x",0,0], ...]`, or Keras 3's `["x",0,0]` for a single one, or by name for a model with dictionaries as input or output. */
function endpoints(value: Json | undefined, of: string): Reference[] {
  if (isObject(value)) return Object.values(value).flatMap((item) => endpoints(item, of));
  const list = arrayOf(value, 'list of model inputs or outputs');
  return typeof list[0] === 'string' ? [referenceOf(of, list)] : list.flatMap((item) => endpoints(item, of));
}

/**
 * Keras 2 counts the construction of a nested model as its application 0 without listing it; Keras 3 does not. The smallest number
 * by which `json` refers to the model decides.
 */
function firstApplication(name: string, json: Json | undefined): number {
  if (isArray(json) && json[0] === name && typeof json[1] === 'number') return json[1];
  const parts = isArray(json) ? json : isObject(json) ? Object.values(json) : [];
  return Math.min(...parts.map((part) => firstApplication(name, part)));
}

/** The shape of the model's input, from the input layer or from the model itself. */
export function inputShape(entry: Entry, top: Container): Json | undefined {
  const build = entry.raw['build_config'];
  return (
    entry.config['batch_shape'] ??
    entry.config['batch_input_shape'] ??
    (top.sequential && isObject(build) ? build['input_shape'] : undefined) ??
    top.buildShape ??
    shapeInside(entry)
  );
}

/** The input shape of a nested model at the start, when only that model has it. */
function shapeInside(entry: Entry): Json | undefined {
  if (!isModel(entry.className)) return undefined;
  const inner = readContainer(entry.className, entry.config, entry);
  const first = inner.layers.find(({ name }) => name === inner.inputs[0]?.layer);
  return first === undefined ? undefined : inputShape(first, inner);
}

/** Keras' naming of a class in a `.keras` archive. */
export function snakeCase(className: string): string {
  const words = className.replace(/\W+/g, '').replace(/(.)([A-Z][a-z]+)/g, '$1_$2');
  return words.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
}
