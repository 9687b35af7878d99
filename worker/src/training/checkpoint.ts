import { type NamedArray, OPTIMIZER, type Weight } from '@distillation/ledger/tensors';
import type { Variable } from '@tensorflow/tfjs';
import type { Optimizer } from './optimizer.ts';

/** What a checkpoint holds, of a block as of a student in fine-tuning: the weights by their names, and the optimizer's state under a prefix. */

/** A copy of a variable's values: on some backends an array is the variable's own memory. Waits for the device. */
export function weightOf(name: string, variable: Variable): Weight {
  return { name, shape: [...variable.shape], data: variable.dataSync<'float32'>().slice() };
}

/** All that a resumed run needs for the same bits. */
export function checkpointOf(weights: ReadonlyMap<string, Variable>, optimizer: Optimizer): NamedArray[] {
  return [
    ...[...weights].map(([name, variable]) => weightOf(name, variable)),
    ...optimizer.state().map((array) => ({ ...array, name: OPTIMIZER + array.name })),
  ];
}

/** The same taken apart again. */
export function partsOf(checkpoint: readonly NamedArray[]): {
  readonly weights: readonly NamedArray[];
  /** As `Optimizer.state` gives it. */
  readonly optimizer: readonly NamedArray[];
} {
  return {
    weights: checkpoint.filter(({ name }) => !name.startsWith(OPTIMIZER)),
    optimizer: checkpoint.flatMap((array) =>
      array.name.startsWith(OPTIMIZER) ? { ...array, name: array.name.slice(OPTIMIZER.length) } : [],
    ),
  };
}
