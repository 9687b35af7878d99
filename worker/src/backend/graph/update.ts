import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { Tf } from '../tf.ts';
import { canCompile, compile } from './compile.ts';

/** A function that changes variables, as one graph. */
export interface CompiledUpdate {
  run(args: readonly Tensor[]): void;
  dispose(): void;
}

interface UpdateOptions {
  /** All that the function changes. */
  readonly state: readonly Variable[];
  /** Of the types and shapes of those that will be given. */
  readonly args: readonly Tensor[];
  /** Run once, as it is. */
  readonly update: (args: readonly Tensor[]) => void;
}

/** Below so many steps of an epoch, compiling takes longer than it saves. */
const WORTHWHILE_STEPS = 16;

/**
 * Whether steps of a full batch are compiled. It depends on the plan alone, so that all who train a job do the same: a graph rounds some
 * sums in another way than the operations one by one.
 */
export const isCompiled = (tf: Tf, stepsPerEpoch: number): boolean =>
  canCompile(tf) && stepsPerEpoch >= WORTHWHILE_STEPS;

/** Compiles a function that changes variables; where it cannot be a graph, it is run as it is. The variables are as before when this returns. */
export function compileUpdate(tf: Tf, { state, args, update }: UpdateOptions): CompiledUpdate {
  separate(tf, state);
  const before = state.map((variable) => variable.clone());
  const compiled = compile(tf, [...args, ...state], () => {
    tf.tidy(() => {
      update(args);
    });
    return state;
  });
  const assign = (values: readonly Tensor[]): void => {
    state.forEach((variable, i) => {
      const value = values[i];
      if (value !== undefined) variable.assign(value);
    });
    tf.dispose([...values]);
  };
  assign(before);
  if (compiled === undefined) return { run: update, dispose: () => undefined };
  return {
    run: (given) => {
      assign(compiled.run([...given, ...state]));
    },
    dispose: () => {
      compiled.dispose();
    },
  };
}

/** Gives each variable data of its own. */
function separate(tf: Tf, state: readonly Variable[]): void {
  const seen = new Set<object>();
  for (const variable of state) {
    if (seen.has(variable.dataId))
      tf.tidy(() => {
        variable.assign(variable.mul(1));
      });
    seen.add(variable.dataId);
  }
}
