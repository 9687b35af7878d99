import { DistillError } from '@distillation/api/errors';
import { isConstant, type Operand } from '../graph/calls.ts';
import type { Container } from '../graph/containers.ts';
import type { Entry } from '../graph/entries.ts';
import { isArray, isObject, type Json } from '../files/json.ts';
import { isOperation, operationName } from '../operations.ts';

/** Layers and operations whose results wrap around in integer arithmetic: 200 x 2 is 144 in bytes. */
const WRAPPING = new Set(['add', 'subtract', 'multiply', 'negative', 'average', 'bias_add']);

/** Those that keep the type of their input, besides the wrapping ones. */
const TYPE_PRESERVING = new Set([
  'activity_regularization',
  'alpha_dropout',
  'concatenate',
  'cropping2_d',
  'dropout',
  'flatten',
  'gaussian_dropout',
  'gaussian_noise',
  'get_item',
  'getitem',
  'identity',
  'max_pooling2_d',
  'maximum',
  'minimum',
  'permute',
  're_lu',
  'relu',
  'reshape',
  'spatial_dropout2_d',
  'stack',
  'up_sampling2_d',
  'zero_padding2_d',
]);

/**
 * Which tensors of one model are integers. Everything here is computed in floating point, so integer arithmetic is refused. Keras 3
 * records the type of a tensor in the layer that takes it; Keras 2 records only that of inputs.
 */
export class IntegerTensors {
  readonly #written: ReadonlyMap<string, boolean>;
  /** Integer tensors, by `layer@application`. */
  readonly #known: Set<string>;

  constructor({ layers }: Container) {
    this.#written = writtenTypes(layers);
    const inputs = layers.filter(({ className, config }) => className === 'InputLayer' && isWhole(config['dtype']));
    this.#known = new Set(inputs.map(({ name }) => `${name}@0`));
  }

  /**
   * Records one application of a layer or an operation.
   * @throws DISTILL_E_TEACHER_LAYER for arithmetic with an integer result.
   */
  note(entry: Entry, application: number, operands: readonly Operand[]): void {
    const key = `${entry.name}@${application}`;
    const name = operationName(entry);
    const wraps = WRAPPING.has(name);
    const sources = operands
      .flatMap((operand) => (isConstant(operand) ? [] : `${operand.layer}@${operand.application}`))
      .filter((source) => this.#known.has(source));
    const isInherited = (wraps || TYPE_PRESERVING.has(name)) && sources.length > 0;
    // Keras writes a floating-point type for every output of a layer, even of one that passes integers on.
    const isTypeUnreliable = !isOperation(entry) || sources.some((source) => this.#written.get(source) === false);
    const written = this.#written.get(key);
    const isInteger = isTypeUnreliable ? isInherited || written === true : (written ?? isInherited);
    if (!isInteger) return;
    this.#known.add(key);
    if (!wraps) return;
    throw new DistillError(
      'DISTILL_E_TEACHER_LAYER',
      `The teacher's operation ${JSON.stringify(entry.name)} computes ${name} of whole numbers, which wrap round where floating point does not. Cast its input to float32 before it.`,
      { subject: entry.name },
    );
  }
}

function writtenTypes(entries: readonly Entry[]): ReadonlyMap<string, boolean> {
  const types = new Map<string, boolean>();
  const visit = (value: Json | undefined): void => {
    if (isArray(value)) value.forEach(visit);
    if (!isObject(value)) return;
    const { class_name: className, config } = value;
    const tensor = className === '__keras_tensor__' && isObject(config) ? config : {};
    const { keras_history: history, dtype } = tensor;
    if (isArray(history)) types.set(history.slice(0, 2).map(String).join('@'), isWhole(dtype));
    else Object.values(value).forEach(visit);
  };
  for (const { raw } of entries) visit(raw['inbound_nodes']);
  return types;
}

function isWhole(dtype: Json | undefined): boolean {
  return typeof dtype === 'string' && /^u?int\d+$/.test(dtype);
}
