import { DistillError } from '@distillation/api/errors';
import type { Entry, Reference } from './entries.ts';
import { arrayOf, excerpt, isArray, isObject, type Json, objectOf, stringOf } from '../files/json.ts';
import { unsupported } from '../layers/refusals.ts';

/** The arguments with which a layer or an operation is called, as Keras 2, Keras 3 and TensorFlow.js write them. Pure. */

/** A number, or nested lists of numbers, among the arguments of a call. */
interface Constant {
  readonly constant: Json;
}

export type Operand = Reference | Constant;

/** One application of a layer or an operation. */
export interface Call {
  /** Outputs of other layers and constants, in the order of the arguments. */
  readonly operands: readonly Operand[];
  /** Named arguments that are not outputs of layers; those that are null are omitted. */
  readonly options: Readonly<Record<string, Json>>;
}

export function isConstant(operand: Operand): operand is Constant {
  return 'constant' in operand;
}

/** The arguments of the n-th application of a layer. Keras 2 and TensorFlow.js: `[["x",0,0,{}], ...]`; Keras 3: `{args, kwargs}`. */
export function callOf(entry: Entry, application: number): Call {
  const nodes = arrayOf(entry.raw['inbound_nodes'], `inbound nodes of ${entry.name}`);
  const node = nodes[application - entry.firstApplication];
  if (node === undefined) throw contradiction(`layer ${JSON.stringify(entry.name)} has no input node ${application}`);
  if (isObject(node)) {
    const named = namedArguments(node['kwargs'], (value) => containsTensor(value) || isStoredArray(value));
    return {
      operands: [node['args'] ?? [], ...named.operands].flatMap((value) => operandsOf(entry.name, value)),
      options: named.options,
    };
  }
  const list = arrayOf(node, `inbound node of ${entry.name}`);
  const items = (typeof list[0] === 'string' ? [list] : list).map((item) => arrayOf(item, `input of ${entry.name}`));
  const positional = items.map((item) =>
    item[0] === '_CONSTANT_VALUE' ? { constant: item[2] ?? null } : referenceOf(entry.name, item),
  );
  const named = namedArguments(items[0]?.[3], isReference);
  return {
    operands: [...positional, ...named.operands.map((value) => referenceOf(entry.name, value))],
    options: named.options,
  };
}

/**
 * The outputs of layers that a layer takes as inputs. `training` and an absent mask do not change inference.
 * @throws DISTILL_E_TEACHER_LAYER for an argument that would.
 */
export function layerInputs(entry: Entry, { operands, options }: Call): Reference[] {
  for (const [key, value] of Object.entries(options)) {
    if (key !== 'training') throw unsupported(entry.name, `${entry.className} called with ${key}=${excerpt(value)}`);
  }
  return operands.map((operand) => {
    if (!isConstant(operand)) return operand;
    throw unsupported(entry.name, `${entry.className} called with the constant ${excerpt(operand.constant)}`);
  });
}

/** `["x", 0, 0]`, the first output of the first application of `x`. @throws DISTILL_E_TEACHER_LAYER for another output. */
export function referenceOf(of: string, value: Json | undefined): Reference {
  const [layer, application, tensor] = arrayOf(value, 'reference to a layer');
  const name = stringOf(layer, 'reference to a layer');
  if (typeof application !== 'number' || typeof tensor !== 'number') {
    throw contradiction(`reference ${excerpt(value)} to a layer's output`);
  }
  if (tensor !== 0) {
    throw new DistillError(
      'DISTILL_E_TEACHER_LAYER',
      `The teacher's layer ${JSON.stringify(of)} takes output ${tensor + 1} of ${JSON.stringify(name)}: layers and nested models of several outputs cannot be rebuilt in TensorFlow.js.`,
      { subject: name },
    );
  }
  return { layer: name, application };
}

function isReference(value: Json): boolean {
  return isArray(value) && value.length >= 3 && typeof value[0] === 'string' && typeof value[1] === 'number';
}

/** Splits `kwargs` into those that stand for operands and the rest. */
function namedArguments(
  kwargs: Json | undefined,
  isOperand: (value: Json) => boolean,
): { readonly operands: readonly Json[]; readonly options: Record<string, Json> } {
  const operands: Json[] = [];
  const options: Record<string, Json> = {};
  for (const [key, value] of Object.entries(isObject(kwargs) ? kwargs : {})) {
    if (value === null || value === undefined || (key === 'mask' && isAbsent(value))) continue;
    if (isOperand(value)) operands.push(value);
    else options[key] = value;
  }
  return { operands, options };
}

/** A model of several inputs is called with a list of masks. */
function isAbsent(value: Json): boolean {
  return value === null || (isArray(value) && value.every(isAbsent));
}

/** Keras 3's arguments: tensors, lists of tensors, arrays, numbers. */
function operandsOf(of: string, value: Json): Operand[] {
  if (value === null) return [];
  if (isArray(value) && (value.length === 0 || containsTensor(value)))
    return value.flatMap((item) => operandsOf(of, item));
  if (!isObject(value)) return [{ constant: value }];
  const config = value['config'];
  if (value['class_name'] === '__keras_tensor__') {
    const history = objectOf(config, 'keras tensor')['keras_history'];
    return [referenceOf(of, history)];
  }
  return [{ constant: isStoredArray(value) && isObject(config) ? (config['value'] ?? null) : value }];
}

function containsTensor(value: Json): boolean {
  if (isArray(value)) return value.some(containsTensor);
  return isObject(value) && value['class_name'] === '__keras_tensor__';
}

function isStoredArray(value: Json): boolean {
  return isObject(value) && (value['class_name'] === '__numpy__' || value['class_name'] === '__tensor__');
}

/** The error for a topology that contradicts itself. */
export function contradiction(problem: string): DistillError {
  return new DistillError('DISTILL_E_TEACHER_CORRUPT', `The teacher's topology contradicts itself: ${problem}.`);
}
