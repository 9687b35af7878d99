import { internalError } from '@distillation/api/errors';
import { readDecimal } from '@distillation/api/decimal';
import type { OptimizerSpec } from '@distillation/api/job';
import { DEPENDENT_DEFAULTS } from '@distillation/api/dependent-defaults';
import type { Rank, Scalar, Tensor, Tensor1D, Variable } from '@tensorflow/tfjs';
import type { Tf } from '../../backend/tf.ts';
import type { NamedArray } from '@distillation/ledger/tensors';

/**
 * RMSprop, SGD with Nesterov momentum and Adam, with the update rules and constants of Keras 3. The optimizers of TensorFlow.js
 * cannot be resumed bit for bit: its Adam restores running products of beta by a power, which rounds differently
 * (docs/adr/0005-own-optimizers.md).
 */
export interface Optimizer {
  /** Counts a step. @returns the factor that the rule of the step has for this learning rate */
  advance(rate: number): number;
  /** One update of every variable, by the step's factor. `gradients` are by variable name, and are not disposed. */
  apply(gradients: Readonly<Record<string, Tensor>>, factor: Scalar): void;
  /** What `apply` changes besides the variables. */
  readonly slots: readonly Variable[];
  /** State as `<variable>/<slot>`, with the step count: everything that a resumed run needs to reach the same bits. */
  state(): NamedArray[];
  restore(state: readonly NamedArray[]): void;
  dispose(): void;
}

const EPSILON = 1e-7;
const RMSPROP_DECAY = 0.9;
const BETA1 = 0.9;
const BETA2 = 0.999;
const STEP = '@step';

interface Context {
  readonly tf: Tf;
  readonly factor: Scalar;
  readonly momentum: number;
}

interface Rule {
  readonly slots: readonly string[];
  /** What the update of a step (1-based) multiplies by; the rate itself when absent. */
  readonly factor?: (rate: number, step: number) => number;
  /** New values of the variables and of their slots. */
  next(
    context: Context,
    value: Tensor,
    update: { gradient: Tensor; slots: readonly Tensor[] },
  ): { value: Tensor; slots: Tensor[] };
}

function slot(slots: readonly Tensor[], index: number): Tensor {
  const found = slots[index];
  if (found === undefined) throw internalError(`The optimizer has no slot ${index}.`);
  return found;
}

const RULES: Readonly<Record<OptimizerSpec['type'], Rule>> = {
  RMSprop: {
    slots: ['velocity'],
    next: ({ tf, factor }, value, { gradient, slots }) => {
      const velocity = slot(slots, 0)
        .mul(RMSPROP_DECAY)
        .add(tf.square(gradient).mul(1 - RMSPROP_DECAY));
      return { value: value.sub(gradient.mul(factor).div(tf.sqrt(velocity.add(EPSILON)))), slots: [velocity] };
    },
  },
  SGD: {
    slots: ['momentum'],
    next: ({ factor, momentum }, value, { gradient, slots }) => {
      const step = gradient.mul(factor);
      const moment = slot(slots, 0).mul(momentum).sub(step);
      return { value: value.add(moment.mul(momentum).sub(step)), slots: [moment] };
    },
  },
  Adam: {
    slots: ['m', 'v'],
    factor: (rate, step) => (rate * Math.sqrt(1 - Math.pow(BETA2, step))) / (1 - Math.pow(BETA1, step)),
    next: ({ tf, factor }, value, { gradient, slots }) => {
      const m = slot(slots, 0)
        .mul(BETA1)
        .add(gradient.mul(1 - BETA1));
      const v = slot(slots, 1)
        .mul(BETA2)
        .add(tf.square(gradient).mul(1 - BETA2));
      return { value: value.sub(m.mul(factor).div(tf.sqrt(v).add(EPSILON))), slots: [m, v] };
    },
  },
};

/** Where the values of each variable stand in the vector of all. */
class Layout {
  readonly #variables: readonly (readonly [string, Variable])[];
  readonly #sizes: number[];
  readonly #tf: Tf;

  constructor(tf: Tf, variables: ReadonlyMap<string, Variable>) {
    this.#tf = tf;
    this.#variables = [...variables];
    this.#sizes = this.#variables.map(([, { size }]) => size);
  }

  get size(): number {
    return this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  /** The values of all variables, [size]. */
  values(): Tensor1D {
    return this.#tf.concat(this.#variables.map(([, variable]) => variable.flatten()));
  }

  /** Gradients by variable name, [size]; zeros for a variable that has none. */
  gradients(gradients: Readonly<Record<string, Tensor>>): Tensor1D {
    const tf = this.#tf;
    return tf.concat(
      this.#variables.map(([name, { size }]) => gradients[name]?.flatten() ?? tf.zeros<Rank.R1>([size])),
    );
  }

  /**
   * The gradients scaled down to an L2 norm of at most `norm`, for each variable on its own, as Keras' `clipnorm` does.
   * @param flat [size], of `gradients`
   */
  clipped(flat: Tensor, gradients: Readonly<Record<string, Tensor>>, norm: number): Tensor {
    const tf = this.#tf;
    // `tf.norm` raises every element to a power, which costs a twentieth of a step.
    const squares = this.#variables.map(([name]) => tf.sum<Scalar>(tf.square(gradients[name] ?? tf.scalar(0))));
    const lengths = tf.sqrt(tf.stack(squares));
    const factors = tf.split(tf.minimum<Tensor1D>(1, tf.div(norm, lengths.add(1e-12))), this.#sizes.length);
    return flat.mul(tf.concat(factors.map((factor, i) => tf.tile(factor, [this.#sizes[i] ?? 0]))));
  }

  /** Sets the variables to these values, [size]. */
  assign(values: Tensor): void {
    const parts = this.#tf.split(values, this.#sizes);
    this.#variables.forEach(([, variable], i) => {
      const part = parts[i];
      if (part !== undefined) variable.assign(part.reshape(variable.shape));
    });
  }

  /** The part of each variable of a vector of all of them, [size]. */
  parts(values: Float32Array): NamedArray[] {
    let start = 0;
    return this.#variables.map(([name, { shape, size }]) => {
      const data = values.slice(start, start + size);
      start += size;
      return { name, shape: [...shape], data };
    });
  }

  /** The inverse of `parts`; undefined when one of another name or size is among them, or one is missing. */
  whole(parts: ReadonlyMap<string, NamedArray>): Float32Array | undefined {
    const whole = new Float32Array(this.size);
    let start = 0;
    for (const [name, { size }] of this.#variables) {
      const data = parts.get(name)?.data;
      if (data?.length !== size) return undefined;
      whole.set(data, start);
      start += size;
    }
    return parts.size === this.#variables.length ? whole : undefined;
  }
}

/** Creates the optimizer that the spec names, for these variables, which it updates as one vector: few operations instead of many small ones. */
export function createOptimizer(tf: Tf, spec: OptimizerSpec, variables: ReadonlyMap<string, Variable>): Optimizer {
  const rule = RULES[spec.type];
  const clipNorm = spec.clipNorm === undefined ? undefined : readDecimal(spec.clipNorm);
  const momentum = readDecimal(spec.momentum ?? DEPENDENT_DEFAULTS.momentum);
  const layout = new Layout(tf, variables);
  const slots: Variable[] = rule.slots.map(() => tf.tidy(() => tf.variable(tf.zeros([layout.size]), false)));
  let step = 0;

  return {
    slots,
    advance(rate) {
      step += 1;
      return rule.factor?.(rate, step) ?? rate;
    },
    apply(gradients, factor) {
      tf.tidy(() => {
        const flat = layout.gradients(gradients);
        const gradient: Tensor = clipNorm === undefined ? flat : layout.clipped(flat, gradients, clipNorm);
        const next = rule.next({ tf, factor, momentum }, layout.values(), { gradient, slots });
        layout.assign(next.value);
        slots.forEach((held, i) => {
          held.assign(slot(next.slots, i));
        });
      });
    },
    state: () => [
      { name: STEP, shape: [1], data: Int32Array.of(step) },
      ...slots.flatMap((held, i) =>
        layout
          .parts(held.dataSync<'float32'>())
          .map((part) => ({ ...part, name: `${part.name}/${rule.slots[i] ?? ''}` })),
      ),
    ],
    restore(state) {
      step = state.find(({ name }) => name === STEP)?.data[0] ?? 0;
      const known = new Set(rule.slots.flatMap((kind) => [...variables.keys()].map((name) => `${name}/${kind}`)));
      const other = state.find(({ name }) => name !== STEP && !known.has(name));
      if (other !== undefined)
        throw internalError(
          `The checkpoint holds the optimizer state ${other.name}, which this optimizer does not have.`,
        );
      rule.slots.forEach((kind, i) => {
        const suffix = `/${kind}`;
        const own = state.filter(({ name }) => name.endsWith(suffix));
        const whole = layout.whole(new Map(own.map((array) => [array.name.slice(0, -suffix.length), array])));
        if (whole === undefined) throw internalError(`The checkpoint lacks optimizer states of the kind ${kind}.`);
        tf.tidy(() => {
          slots[i]?.assign(tf.tensor1d(whole, 'float32'));
        });
      });
    },
    dispose() {
      for (const held of slots) held.dispose();
    },
  };
}
