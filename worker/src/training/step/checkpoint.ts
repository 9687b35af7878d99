import { type NamedArray, OPTIMIZER, type Weight } from '@distillation/ledger/tensors';
import type { Variable } from '@tensorflow/tfjs';
import type { Optimizer } from './optimizer.ts';

/**
 * Layout of a checkpoint, for blocks and for fine-tuning alike: weights by name, and the optimizer's state under a
 * prefix.
 */

/**
 * Copies a variable's values, since on some backends the array read is the variable's own memory. Waits for the device.
 */
function weightOf(name: string, variable: Variable): Weight {
  return { name, shape: [...variable.shape], data: variable.dataSync<'float32'>().slice() };
}

/** Everything that a resumed run needs to reach the same bits. */
export function checkpointOf(weights: ReadonlyMap<string, Variable>, optimizer: Optimizer): NamedArray[] {
  return [
    ...[...weights].map(([name, variable]) => weightOf(name, variable)),
    ...optimizer.state().map((array) => ({ ...array, name: OPTIMIZER + array.name })),
  ];
}

/** The inverse of `checkpointOf`: weights and optimizer state. */
export function partsOf(checkpoint: readonly NamedArray[]): {
  readonly weights: readonly NamedArray[];
  /** In the form that `Optimizer.state` returns. */
  readonly optimizer: readonly NamedArray[];
} {
  return {
    weights: checkpoint.filter(({ name }) => !name.startsWith(OPTIMIZER)),
    optimizer: checkpoint.flatMap((array) =>
      array.name.startsWith(OPTIMIZER) ? { ...array, name: array.name.slice(OPTIMIZER.length) } : [],
    ),
  };
}
