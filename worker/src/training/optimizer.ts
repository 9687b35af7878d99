import { internalError } from '@distillation/api/errors';
import { readDecimal } from '@distillation/api/decimal';
import type { OptimizerSpec } from '@distillation/api/job';
import { DEPENDENT_DEFAULTS } from '@distillation/api/process';
import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { Tf } from '../backend/tf.ts';
import type { NamedArray } from '@distillation/ledger/tensors';

/**
 * RMSprop, SGD with Nesterov momentum and Adam, with the update rules and constants of Keras 3. The optimizers of TensorFlow.js
 * cannot be resumed bit for bit: its Adam restores running products of beta by a power, which rounds differently
 * (docs/adr/0005-own-optimizers.md).
 */
export interface Optimizer {
  /** One update of every variable. `gradients` are by variable name, and are not disposed. */
  apply(gradients: Readonly<Record<string, Tensor>>, rate: number): void;
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
  readonly rate: number;
  /** 1-based. */
  readonly step: number;
  readonly momentum: number;
}

interface Rule {
  readonly slots: readonly string[];
  /** New values of the variable and of its slots. */
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
    next: ({ tf, rate }, value, { gradient, slots }) => {
      const velocity = slot(slots, 0)
        .mul(RMSPROP_DECAY)
        .add(tf.square(gradient).mul(1 - RMSPROP_DECAY));
      return { value: value.sub(gradient.mul(rate).div(tf.sqrt(velocity.add(EPSILON)))), slots: [velocity] };
    },
  },
  SGD: {
    slots: ['momentum'],
    next: ({ rate, momentum }, value, { gradient, slots }) => {
      const step = gradient.mul(rate);
      const moment = slot(slots, 0).mul(momentum).sub(step);
      return { value: value.add(moment.mul(momentum).sub(step)), slots: [moment] };
    },
  },
  Adam: {
    slots: ['m', 'v'],
    next: ({ tf, rate, step }, value, { gradient, slots }) => {
      const m = slot(slots, 0)
        .mul(BETA1)
        .add(gradient.mul(1 - BETA1));
      const v = slot(slots, 1)
        .mul(BETA2)
        .add(tf.square(gradient).mul(1 - BETA2));
      const scale = (rate * Math.sqrt(1 - Math.pow(BETA2, step))) / (1 - Math.pow(BETA1, step));
      return { value: value.sub(m.mul(scale).div(tf.sqrt(v).add(EPSILON))), slots: [m, v] };
    },
  },
};

/**
 * The gradient scaled down to an L2 norm of at most `norm`, for each variable on its own, as Keras' `clipnorm` does.
 */
function clipped(tf: Tf, gradient: Tensor, norm: number | undefined): Tensor {
  if (norm === undefined) return gradient;
  // `tf.norm` raises every element to a power, which costs a twentieth of a step.
  const length = tf.sqrt(tf.sum(tf.square(gradient)));
  return gradient.mul(tf.minimum(1, tf.scalar(norm).div(length.add(1e-12))));
}

/** Creates the optimizer that the spec names, for these variables. */
export function createOptimizer(tf: Tf, spec: OptimizerSpec, variables: ReadonlyMap<string, Variable>): Optimizer {
  const rule = RULES[spec.type];
  const clipNorm = spec.clipNorm === undefined ? undefined : readDecimal(spec.clipNorm);
  const momentum = readDecimal(spec.momentum ?? DEPENDENT_DEFAULTS.momentum);
  const slots = new Map<string, Variable[]>();
  for (const [name, variable] of variables) {
    slots.set(
      name,
      rule.slots.map(() => tf.tidy(() => tf.variable(tf.zeros(variable.shape), false))),
    );
  }
  let step = 0;

  const slotNamed = (name: string): Variable => {
    const [variable, kind] = [name.slice(0, name.lastIndexOf('/')), name.slice(name.lastIndexOf('/') + 1)];
    const found = slots.get(variable)?.[rule.slots.indexOf(kind)];
    if (found === undefined)
      throw internalError(`The checkpoint holds the optimizer state ${name}, which this optimizer does not have.`);
    return found;
  };

  return {
    apply(gradients, rate) {
      step += 1;
      const context = { tf, rate, step, momentum };
      for (const [name, variable] of variables) {
        const gradient = gradients[name];
        const own = slots.get(name);
        if (gradient === undefined || own === undefined) continue;
        tf.tidy(() => {
          const next = rule.next(context, variable, { gradient: clipped(tf, gradient, clipNorm), slots: own });
          variable.assign(next.value);
          own.forEach((held, i) => {
            held.assign(slot(next.slots, i));
          });
        });
      }
    },
    state() {
      const arrays: NamedArray[] = [{ name: STEP, shape: [1], data: Int32Array.of(step) }];
      for (const [name, own] of slots) {
        own.forEach((held, i) => {
          const data = held.dataSync<'float32'>().slice();
          arrays.push({ name: `${name}/${rule.slots[i] ?? ''}`, shape: [...held.shape], data });
        });
      }
      return arrays;
    },
    restore(state) {
      for (const array of state) {
        if (array.name === STEP) {
          step = array.data[0] ?? 0;
          continue;
        }
        tf.tidy(() => {
          slotNamed(array.name).assign(tf.tensor(array.data, [...array.shape], 'float32'));
        });
      }
    },
    dispose() {
      for (const own of slots.values()) for (const held of own) held.dispose();
    },
  };
}
