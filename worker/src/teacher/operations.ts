import { DistillError } from '@distillation/api/errors';
import { type Call, isConstant } from './graph/calls.ts';
import type { Entry } from './graph/entries.ts';
import { entryOf, excerpt, isArray, isObject, type Json, type JsonObject, numbersOf } from './files/json.ts';
import { isIdentity } from './layers.ts';
import { HARD_SIGMOIDS, TANH_GELU } from './layers/activations.ts';

/**
 * Operations on tensors between the layers: what Keras records for `x / 127.5 - 1`, `x[..., ::-1]` or `tf.nn.relu(x)`, as in
 * `preprocess_input` of keras.applications. Operations equal to a layer are read as that layer. Pure.
 */
export type Operation =
  /** Returns its input unchanged. */
  | { readonly kind: 'Same' }
  /** input x scale + offset, each one number or one per channel. */
  | { readonly kind: 'Affine'; readonly scale: Numbers; readonly offset: Numbers }
  /** A layer with the same output. */
  | { readonly kind: 'Layer'; readonly className: string; readonly config: JsonObject }
  /** First input minus second. */
  | { readonly kind: 'Difference' }
  /** One channel of an image, without its dimension; only a `Stack` accepts it. */
  | { readonly kind: 'Pick'; readonly channel: number }
  /** Picked channels put together as an image again. */
  | { readonly kind: 'Stack' }
  /** Channels in another order: `indices`, or all reversed. */
  | { readonly kind: 'Channels'; readonly indices: readonly number[] | 'Reversed' };

export type Numbers = number | readonly number[];

const ARITHMETIC = ['add', 'subtract', 'multiply', 'divide'] as const;
type Arithmetic = (typeof ARITHMETIC)[number];

/** Arithmetic layers, which in Keras also accept constants. */
const MERGES: Readonly<Record<string, Arithmetic>> = { Add: 'add', Subtract: 'subtract', Multiply: 'multiply' };

const MERGE_LAYERS: Readonly<Record<string, string>> = {
  add: 'Add',
  multiply: 'Multiply',
  maximum: 'Maximum',
  minimum: 'Minimum',
};

const ALIASES: Readonly<Record<string, string>> = { truediv: 'divide', true_divide: 'divide', concat: 'concatenate' };

const ACTIVATIONS: Readonly<Record<string, string>> = {
  hard_sigmoid: HARD_SIGMOIDS.keras3,
  hard_silu: 'hard_silu',
  hard_tanh: 'hard_tanh',
  log_sigmoid: 'log_sigmoid',
  mish: 'mish',
  tanh_shrink: 'tanh_shrink',
  relu: 'relu',
  relu6: 'relu6',
  selu: 'selu',
  sigmoid: 'sigmoid',
  silu: 'swish',
  softmax: 'softmax',
  softplus: 'softplus',
  softsign: 'softsign',
  swish: 'swish',
  tanh: 'tanh',
};

/** Activations with an argument, which Keras 2 omits when it is TensorFlow's default; undefined for an unsupported argument. */
const ADJUSTABLE: Readonly<Record<string, (options: JsonObject) => Operation | undefined>> = {
  gelu: ({ approximate = false }) => layer('Activation', { activation: approximate === true ? TANH_GELU : 'gelu' }),
  elu: ({ alpha = 1 }) => (Number.isFinite(alpha) ? layer('ELU', { alpha }) : undefined),
  leaky_relu: ({ negative_slope, alpha = 0.2 }) => {
    const slope = negative_slope ?? alpha;
    return Number.isFinite(slope) ? layer('LeakyReLU', { alpha: slope }) : undefined;
  },
  softmax: ({ axis }) => (Number.isInteger(axis) && axis !== 0 ? layer('Softmax', { axis }) : undefined),
};

/** Whether an entry of a model config is an operation rather than a layer. */
export function isOperation({ className, raw, config }: Entry): boolean {
  if (className === 'TFOpLambda' || className === 'SlicingOpLambda') return true;
  const module = raw['module'];
  if (typeof module === 'string') return /^keras\.(src\.)?ops\b/.test(module);
  // Keras 3 leaves the module out of a .h5; there a layer tells whether it is trainable, all but SpatialDropout.
  // `keras.activations.relu` is recorded as an operation of the layer's class and keys.
  if (isIdentity(className) || className === 'ReLU') return false;
  const [node] = isArray(raw['inbound_nodes']) ? raw['inbound_nodes'] : [];
  return isObject(node) && !('trainable' in config) && className !== 'InputLayer';
}

/** Whether a layer does arithmetic that TensorFlow.js has no layer for: with a constant, as in `Add()([x, 1.0])`, or a difference. */
export function isArithmeticLayer({ className }: Entry, { operands }: Call): boolean {
  const arithmetic = entryOf(MERGES, className);
  return arithmetic === 'subtract' || (arithmetic !== undefined && operands.some(isConstant));
}

/** @throws DISTILL_E_TEACHER_LAYER naming an operation that cannot be rebuilt. */
export function operationOf(entry: Entry, call: Call): Operation {
  const name = operationName(entry);
  const options = { ...settingsOf(entry), ...call.options };
  const tensors = call.operands.filter((operand) => !isConstant(operand)).length;
  const arithmetic = ARITHMETIC.find((known) => known === name);
  if (arithmetic !== undefined)
    return tensors === 2 ? merged(entry, arithmetic) : withConstant(entry, arithmetic, call);
  if (name === 'bias_add') return withConstant(entry, 'add', call);
  const merging = entryOf(MERGE_LAYERS, name);
  if (tensors === 2 && merging !== undefined) return layer(merging);
  if (name === 'stack' && options['axis'] === -1) return { kind: 'Stack' };
  if (name === 'concatenate' && tensors > 1) return layer('Concatenate', { axis: options['axis'] ?? 0 });
  if (tensors !== 1) throw refusedOperation(entry, `${name} of ${tensors} tensors`);
  if (name === 'negative') return { kind: 'Affine', scale: -1, offset: 0 };
  if (name === 'cast' && isFloat(options['dtype'])) return { kind: 'Same' };
  if (name === 'getitem' || name === 'get_item') return slice(entry, call);
  if (name === 'reduce_mean' || name === 'mean') return average(entry, options);
  const activation = entryOf(ACTIVATIONS, name);
  if (activation !== undefined && (options['axis'] ?? -1) === -1) return layer('Activation', { activation });
  const adjustable = entryOf(ADJUSTABLE, name)?.(options);
  if (adjustable !== undefined) return adjustable;
  throw refusedOperation(entry, describe(name, call, options));
}

/** Keras 2: `math.truediv` and the like; Keras 3: the class `TrueDivide`. */
export function operationName({ className, config }: Entry): string {
  const written =
    typeof config['function'] === 'string'
      ? config['function'].replace(/^.*\./, '')
      : className.replace(/(?<=[a-z0-9])([A-Z])/g, '_$1').toLowerCase();
  return entryOf(ALIASES, written) ?? written;
}

/** What Keras 3 records of an operation besides its name; Keras 2 records only keys of a layer. */
function settingsOf({ config }: Entry): JsonObject {
  return 'function' in config ? {} : Object.fromEntries(Object.entries(config).filter(([key]) => key !== 'name'));
}

function layer(className: string, config: JsonObject = {}): Operation {
  return { kind: 'Layer', className, config };
}

function merged(entry: Entry, operation: Arithmetic): Operation {
  if (operation === 'subtract') return { kind: 'Difference' };
  const className = MERGE_LAYERS[operation];
  if (className === undefined) throw refusedOperation(entry, 'the quotient of two tensors');
  return layer(className);
}

/** Arithmetic of a tensor and a constant, on either side. */
function withConstant(entry: Entry, operation: Arithmetic, { operands, options }: Call): Operation {
  const named = ['x1', 'x2', 'x', 'y', 'bias'].flatMap((key) => (options[key] === undefined ? [] : [options[key]]));
  const constants = [...operands.filter(isConstant).map((operand) => operand.constant), ...named];
  const [constant] = constants;
  if (constant === undefined || constants.length > 1 || operands.length + named.length !== 2) {
    throw refusedOperation(entry, `${operation} of ${operands.length + named.length} operands`);
  }
  const [firstOperand] = operands;
  const first = options['x1'] !== undefined || (firstOperand !== undefined && isConstant(firstOperand));
  const value = channelValues(entry, constant);
  switch (operation) {
    case 'add':
      return { kind: 'Affine', scale: 1, offset: value };
    case 'multiply':
      return { kind: 'Affine', scale: value, offset: 0 };
    case 'subtract':
      return first
        ? { kind: 'Affine', scale: -1, offset: value }
        : { kind: 'Affine', scale: 1, offset: map(value, (x) => -x) };
    case 'divide':
      if (first) throw refusedOperation(entry, `the constant ${excerpt(constant)} divided by a tensor`);
      return { kind: 'Affine', scale: map(value, (x) => 1 / x), offset: 0 };
  }
}

/** One number, or one per channel: a list, or nested lists of which only the innermost has several elements. */
function channelValues(entry: Entry, constant: Json): Numbers {
  const written = numbersOf(constant);
  const numbers = written?.every(Number.isFinite) === true ? written : undefined;
  let inner = constant;
  while (isArray(inner) && inner.length === 1 && isArray(inner[0])) [inner] = inner as readonly [Json];
  const [only] = numbers ?? [];
  if (numbers?.length === 1 && only !== undefined) return only;
  if (numbers !== undefined && isArray(inner) && inner.every((item) => typeof item === 'number')) return numbers;
  throw refusedOperation(entry, `arithmetic with ${excerpt(constant)}, which is neither one number nor one a channel`);
}

function map(value: Numbers, change: (x: number) => number): Numbers {
  return typeof value === 'number' ? change(value) : value.map(change);
}

/** `x[..., i]`, `x[..., ::-1]`, and with `:` for each dimension before the channels. */
function slice(entry: Entry, call: Call): Operation {
  const written = call.options['slice_spec'] ?? call.operands.find(isConstant)?.constant;
  const parts = isArray(written) ? written : [];
  const last = parts.at(-1);
  const before = parts.slice(0, -1);
  const wholeBefore =
    (before.length === 1 && isNamed(before[0], '__ellipsis__')) || (before.length === 3 && before.every(isWhole));
  if (!wholeBefore) throw refusedOperation(entry, `the slice ${excerpt(written)}`);
  if (typeof last === 'number' && Number.isInteger(last) && last >= 0) return { kind: 'Pick', channel: last };
  const [start, stop, step] = bounds(last);
  if (start === null && stop === null && step === -1) return { kind: 'Channels', indices: 'Reversed' };
  if (isWhole(last)) return { kind: 'Same' };
  throw refusedOperation(entry, `the slice ${excerpt(written)}`);
}

function isNamed(value: Json | undefined, name: string): boolean {
  return isObject(value) && value['class_name'] === name;
}

function isWhole(value: Json | undefined): boolean {
  const [start, stop, step] = bounds(value);
  return start === null && stop === null && (step === null || step === 1);
}

/** Start, stop and step of a slice; undefined when `value` is not a slice. */
function bounds(value: Json | undefined): (Json | undefined)[] {
  const fields = isNamed(value, '__slice__') && isObject(value) ? value['config'] : value;
  return isObject(fields) ? ['start', 'stop', 'step'].map((key) => fields[key]) : [];
}

/** The mean over height and width. */
function average(entry: Entry, options: JsonObject): Operation {
  const axes = numbersOf(options['axis'])?.map((axis) => (axis < 0 ? axis + 4 : axis));
  if (axes?.toSorted((a, b) => a - b).join() !== '1,2')
    throw refusedOperation(entry, `the mean over ${excerpt(options['axis'])}`);
  return layer('GlobalAveragePooling2D', { keepdims: options['keepdims'] === true });
}

function isFloat(dtype: Json | undefined): boolean {
  return typeof dtype === 'string' && /^b?float(16|32|64)$/.test(dtype);
}

function describe(name: string, { operands }: Call, options: JsonObject): string {
  const settings = Object.entries(options).map(([key, value]) => `${key}=${excerpt(value)}`);
  const details = [...operands.filter(isConstant).map(({ constant }) => excerpt(constant)), ...settings];
  return details.length === 0 ? name : `${name} with ${details.join(', ')}`;
}

/** The refusal of an operation, by its name in the file and what it computes. */
export function refusedOperation({ name }: Pick<Entry, 'name'>, what: string): DistillError {
  return new DistillError(
    'DISTILL_E_TEACHER_LAYER',
    `The teacher's operation ${JSON.stringify(name)} computes ${what}, which cannot be rebuilt in TensorFlow.js.`,
    { subject: name },
  );
}
