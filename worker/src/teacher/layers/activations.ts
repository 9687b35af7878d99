import type { Dialect } from '../files/dialect.ts';
import { entryOf, isObject, type Json, type JsonObject } from '../files/json.ts';
import { chain, INPUT, type Part } from './parts.ts';

/** Activations that TensorFlow.js computes inside a layer, by their Keras names. */
const STOCK: Readonly<Record<string, string>> = {
  linear: 'linear',
  relu: 'relu',
  relu6: 'relu6',
  elu: 'elu',
  selu: 'selu',
  gelu: 'gelu',
  mish: 'mish',
  sigmoid: 'sigmoid',
  softmax: 'softmax',
  softplus: 'softplus',
  softsign: 'softsign',
  tanh: 'tanh',
  log_softmax: 'log_softmax',
  swish: 'swish',
  silu: 'swish',
  // With their default arguments, since a name has no others.
  celu: 'elu',
};

type Link = Omit<Part, 'inputs' | 'name'>;

const rescaling = (scale: number, offset: number): Link => ({ className: 'Rescaling', config: { scale, offset } });
const relu = (max: number): Link => ({ className: 'ReLU', config: { max_value: max } });
const activation = (name: string): Link => ({ className: 'Activation', config: { activation: name } });

function inARow(...links: readonly Link[]): Part[] {
  return chain(...links.map((link, index) => ({ ...link, name: index === 0 ? '' : String(index) })));
}

/** A network and its input, joined by a Multiply or Add layer. */
function withInput(parts: readonly Part[], className: string): Part[] {
  return [
    ...parts,
    { name: className.toLowerCase(), className, config: {}, inputs: [INPUT, parts.at(-1)?.name ?? INPUT] },
  ];
}

const HARD_SIGMOID = inARow(rescaling(1 / 6, 0.5), relu(1));
/** Names for the two functions called `hard_sigmoid`. */
export const HARD_SIGMOIDS = {
  keras3: 'hard_sigmoid: clip(x/6 + 0.5, 0, 1)',
  others: 'hard_sigmoid: clip(x/5 + 0.5, 0, 1)',
};

/** The tanh approximation of gelu: the default of the operation, but not of any named activation. */
export const TANH_GELU = 'gelu: x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))';

/** Activations that become layers after the layer, by the names that `activationOf` returns. */
const COMPOSED: Readonly<Record<string, readonly Part[]>> = {
  // Keras 3's `hard_sigmoid` is another function than that of Keras 2 and TensorFlow.js, which is clip(0.2x + 0.5, 0, 1). Keras 3's
  // becomes a layer of its own, because no block can end in it.
  [HARD_SIGMOIDS.keras3]: HARD_SIGMOID,
  [HARD_SIGMOIDS.others]: inARow(activation('hard_sigmoid')),
  [TANH_GELU]: [
    // TensorFlow.js frees a tensor too early when one layer takes it twice and another takes it too; the copy avoids that.
    { name: '', ...rescaling(0.044715, 0), inputs: [INPUT] },
    { name: 'copy', ...rescaling(1, 0), inputs: [INPUT] },
    { name: 'cube', className: 'Multiply', config: {}, inputs: [INPUT, '', 'copy'] },
    { name: 'inside', className: 'Add', config: {}, inputs: [INPUT, 'cube'] },
    { name: 'scaled', ...rescaling(Math.sqrt(2 / Math.PI), 0), inputs: ['inside'] },
    { name: 'tanh', ...activation('tanh'), inputs: ['scaled'] },
    { name: 'half', ...rescaling(0.5, 0.5), inputs: ['tanh'] },
    { name: 'multiply', className: 'Multiply', config: {}, inputs: [INPUT, 'half'] },
  ],
  hard_silu: withInput(HARD_SIGMOID, 'Multiply'),
  hard_tanh: inARow(rescaling(1, 1), relu(2), rescaling(1, -1)),
  leaky_relu: inARow({ className: 'LeakyReLU', config: { alpha: 0.2 } }),
  log_sigmoid: inARow(rescaling(-1, 0), activation('softplus'), rescaling(-1, 0)),
  tanh_shrink: withInput(inARow(activation('tanh'), rescaling(-1, 0)), 'Add'),
};

/** Layers without weights that Keras accepts as activations of other layers: `Conv2D(8, 3, activation=LeakyReLU(0.1))`. */
const LAYERS: ReadonlySet<string> = new Set(['ReLU', 'LeakyReLU', 'ELU', 'Softmax']);

/** An activation: by name, or a layer. */
export type Activation = string | { readonly class_name: string; readonly config: JsonObject };

/**
 * The activation in a config: a name that TensorFlow.js knows, or one for `activationParts`. Keras writes it as a string, a
 * function object, a layer or null. Undefined for an unsupported one.
 */
export function activationOf(value: Json, dialect: Dialect): Activation | undefined {
  if (value === null) return 'linear';
  if (isObject(value)) {
    const { class_name: className, config } = value;
    if (typeof className === 'string' && LAYERS.has(className) && isObject(config)) {
      return { class_name: className, config };
    }
  }
  const written = isObject(value) && value['class_name'] === 'function' ? value['config'] : value;
  if (typeof written !== 'string') return undefined;
  // TensorFlow.js writes `logSoftmax` where Keras writes `log_softmax`.
  const name = written.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (name === 'hard_sigmoid') return dialect === 'Keras3' ? HARD_SIGMOIDS.keras3 : HARD_SIGMOIDS.others;
  return entryOf(STOCK, name) ?? (Object.hasOwn(COMPOSED, name) ? name : undefined);
}

/** Names of all supported activations in Keras. */
export const ACTIVATION_NAMES: readonly string[] = [
  ...new Set([...Object.keys(STOCK), ...Object.keys(COMPOSED)].map((name) => name.replace(/:.*/, ''))),
].toSorted();

/** The layers that compute an activation which TensorFlow.js lacks; undefined for one that it has. */
export function activationParts(value: Json | undefined): readonly Part[] | undefined {
  if (typeof value === 'string') return COMPOSED[value];
  if (!isObject(value) || typeof value['class_name'] !== 'string' || !isObject(value['config'])) return undefined;
  return inARow({ className: value['class_name'], config: value['config'] });
}
